"""The many rows of the demo are those that the models would have written."""

import pytest

from courses.domain.quizzes import start_attempt
from courses.models import QuizAnswer
from fixtures.demo.rows import insert_rows
from tests.factories.courses import EVENING, EnrolmentFactory, make_course, make_quiz, make_run
from tests.factories.geography import unit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("lists, times and truths as each database keeps them"),
]

NAMES = [field.name for field in QuizAnswer._meta.concrete_fields if not field.primary_key]


def test_rows_are_what_the_model_writes(edition):
    course = make_course()
    quiz = make_quiz(course.get_children().get().specific)
    person = EnrolmentFactory(run=make_run(course, unit("350")), unit=unit("13384"))
    attempt = start_attempt(enrolment=person, quiz=quiz, at=EVENING)
    attempt.answers.update(chosen=[1, [2, 3]], typed="Kim Bảng", answered_at=EVENING)
    written = attempt.answers.order_by("position")
    expected = list(written.values_list(*NAMES))
    assert expected
    attempt.answers.all().delete()

    insert_rows(QuizAnswer, NAMES, expected)

    assert list(written.values_list(*NAMES)) == expected
