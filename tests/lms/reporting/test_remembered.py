"""What a process remembers of kept figures is bounded."""

from lms.reporting.domain import remembered
from lms.reporting.domain.remembered import Remembered


def test_no_more_is_remembered_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(remembered, "MOST", 3)
    answers = Remembered()
    for question in range(10):
        assert answers.remember(question, question) == question
        assert answers.known(question) == question
        assert len(answers.answers) <= 3

    assert answers.known(0) is None
