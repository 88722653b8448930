"""Who changes and removes quizzes: those who may do it to the pages of the course."""

import pytest
from django.urls import reverse

from courses.models import CourseIndexPage, CoursePage, Quiz
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.accounts import log_in
from tests.factories.courses import make_course, make_quiz
from tests.factories.geography import unit
from tests.reading import html_of
from tests.shared import shared

OF_PROVINCE, OF_UNIT = "p2", "kb"


@shared
def quizzes(edition):
    """A quiz of the province's course and one of the course of district 350, by the course."""
    quizzes = {
        code: make_quiz(make_course(code).get_children().first().specific, questions=0)
        for code in (OF_PROVINCE, OF_UNIT)
    }
    CoursePage.objects.filter(code=OF_UNIT).update(unit=unit("350"))
    ensure_role_groups(course_root=CourseIndexPage.objects.get())
    return quizzes


@pytest.mark.parametrize(
    ("role", "code", "course", "edits", "deletes"),
    [
        (Role.ADMINISTRATOR, "35", OF_PROVINCE, True, True),
        (Role.TRAINER, "35", OF_PROVINCE, True, False),
        (Role.TRAINER, "350", OF_PROVINCE, True, False),
        (Role.ADMINISTRATOR, "350", OF_PROVINCE, True, False),
        (Role.TRAINER, "350", OF_UNIT, True, True),
        (Role.TRAINER, "353", OF_UNIT, False, False),
        (Role.COORDINATOR, "350", OF_UNIT, False, False),
    ],
)
def test_quiz_follows_the_rights_on_its_course(quizzes, role, code, course, edits, deletes):
    client, quiz = log_in(role, code), quizzes[course]
    edit, delete = (reverse(f"quizzes:{name}", args=[quiz.pk]) for name in ("edit", "delete"))

    # Without the role there is no way in at all, outside of the area no such row.
    assert (client.get(edit).status_code == 200) is edits
    rows = html_of(client.get(reverse("quizzes:index")))
    assert (delete in rows) is deletes
    client.post(delete)

    assert Quiz.objects.filter(pk=quiz.pk).exists() is not deletes


def test_quiz_is_not_added_to_the_course_of_others(quizzes):
    module = quizzes[OF_UNIT].module
    quizzes[OF_UNIT].delete()
    form = {
        "title": "Kiểm tra", "module": module.pk, "purpose": "", "wait_minutes": 0,
        "quiz_questions-TOTAL_FORMS": 0, "quiz_questions-INITIAL_FORMS": 0,
        "draws-TOTAL_FORMS": 0, "draws-INITIAL_FORMS": 0,
    }  # fmt: skip

    refused, own = (
        log_in(Role.TRAINER, code).post(reverse("quizzes:add"), form).context["form"].errors
        for code in ("353", "350")
    )

    assert ("module" in refused, "module" in own) == (True, False)


def test_quiz_and_question_that_people_answered_stay_and_say_how_many(quiz, people, course):
    ensure_role_groups(course_root=CourseIndexPage.objects.get())
    client, question = log_in(Role.ADMINISTRATOR, "35"), quiz.quiz_questions.first().question

    for name, row in (("quizzes", quiz), ("questions", question)):
        answer = client.post(reverse(f"{name}:delete", args=[row.pk]), follow=True)

        (said,) = [str(message) for message in answer.context["messages"]]
        assert str(len(people)) in said
        assert type(row).objects.filter(pk=row.pk).exists()
