"""The panels of the admin's front page about classes, drafts and questions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.dashboard import ClassesNow, Drafts, QuestionsToReview
from courses.enums import RunStatus
from courses.models import LessonPage, Question
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.accounts import log_in, make_official
from tests.factories.courses import EnrolmentFactory, make_run
from tests.factories.geography import unit
from tests.reading import html_of, panel_html
from tests.shared import shared

pytestmark = pytest.mark.usefixtures("groups_of_roles")

TODAY = timezone.localdate()


@shared
def groups_of_roles(course):
    ensure_role_groups(course_root=course)


def taught(course, trainer, *, first=0, last=1, **fields):
    """A class of the trainer, from `first` to `last` days from today."""
    days = {"starts_on": TODAY + timedelta(first), "ends_on": TODAY + timedelta(last)}
    run = make_run(course, unit("350"), **days, **fields)
    run.trainers.add(trainer)
    return run


def with_trainee(run):
    EnrolmentFactory(run=run, unit=unit("13387"))
    return run


def step_of(user):
    (line,) = ClassesNow().context(user)["lines"]
    return line["step"]["url"]


# --- Classes


def test_class_of_another_trainer_is_not_shown(course, trainer):
    make_run(course, unit("353"), title="Lớp lạ", starts_on=TODAY, ends_on=TODAY)
    taught(course, trainer, title="Lớp của tôi")

    page = panel_html(ClassesNow, trainer)

    assert "Lớp của tôi" in page
    assert "Lớp lạ" not in page


@pytest.mark.parametrize(
    ("fields", "people", "step"),
    [
        ({"status": RunStatus.PLANNED}, 0, "enrol"),
        ({"status": RunStatus.PLANNED}, 1, "open"),
        ({"first": -3, "last": -1}, 1, "close"),
        ({}, 1, "inspect"),
    ],
    ids=["planned without people", "planned with people", "gone by", "of today"],
)
def test_class_says_the_next_step_and_a_monitor_looks_on(
    course, trainer, monitor, fields, people, step
):
    run = taught(course, trainer, **fields)
    for _one in range(people):
        with_trainee(run)

    assert step_of(trainer) == reverse(f"runs:{step}", args=[run.pk])
    assert step_of(monitor) == reverse("runs:inspect", args=[run.pk])


@pytest.mark.parametrize(
    ("status", "last"),
    [(RunStatus.CLOSED, 1), (RunStatus.CANCELLED, 1), (RunStatus.PLANNED, -1)],
)
def test_class_that_is_over_is_not_shown(course, trainer, status, last):
    taught(course, trainer, first=-3, last=last, status=status)

    assert ClassesNow().context(trainer)["total"] == 0


def test_no_class_leads_to_planning_one_but_a_monitor(trainer, monitor):
    assert ClassesNow().context(trainer)["total"] == 0
    assert reverse("runs:add") in panel_html(ClassesNow, trainer)
    assert reverse("runs:add") not in panel_html(ClassesNow, monitor)


@pytest.mark.parametrize("rows", [1, 3])
def test_classes_query_count_is_constant(course, trainer, django_assert_num_queries, rows):
    for _one in range(rows):
        with_trainee(taught(course, trainer))
    assert trainer.scope

    with django_assert_num_queries(2):
        assert len(ClassesNow().context(trainer)["lines"]) == rows


# --- Drafts


def draft(lesson, user, title):
    lesson.title = title
    lesson.save_revision(user=user)


def test_own_drafts_are_shown_by_their_new_titles_and_none_leads_to_writing(
    module, lessons, trainer
):
    page = panel_html(Drafts, trainer)
    assert reverse("wagtailadmin_explore_root") in page

    draft(lessons[0], trainer, "Bài viết dở")
    draft(lessons[1], make_official(Role.TRAINER, "353"), "Bài của người khác")
    new = LessonPage(title="Bài mới", as_of="2014", live=False, owner=trainer)
    module.add_child(instance=new).save_revision(user=trainer)

    page = panel_html(Drafts, trainer)
    assert "Bài viết dở" in page
    assert "Bài mới" in page
    for lesson, is_own in ((lessons[0], True), (lessons[1], False)):
        edit = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
        assert (f'href="{edit}"' in page) is is_own


# --- Questions


def test_question_in_no_quiz_is_shown_and_none_to_review_leads_to_a_new_one(quiz, trainer):
    assert reverse("questions:add") in panel_html(QuestionsToReview, trainer)
    Question.objects.create(
        key="M09-Q01", text="Ai báo tin?", explanation="–", source="–", as_of="2014"
    )

    page = panel_html(QuestionsToReview, trainer)

    assert "Ai báo tin?" in page
    [found] = QuestionsToReview().context(trainer)["reviews"]
    assert found.is_unused


def test_front_page_of_a_monitor_has_no_drafts_and_no_questions(edition):
    page = html_of(log_in(Role.MONITOR, "350").get(reverse("wagtailadmin_home")))

    assert "classes-now" in page
    assert "my-drafts" not in page
    assert "questions-to-review" not in page
