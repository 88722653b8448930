"""What a process remembers of kept figures is bounded, and a new version is asked for anew."""

from uuid import uuid4

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


def test_another_version_is_another_question():
    answers, versions = Remembered(), (uuid4(), uuid4())
    answers.remember((versions[0], 3), "then")

    assert answers.known((versions[0], 3)) == "then"
    assert answers.known((versions[1], 3)) is None
