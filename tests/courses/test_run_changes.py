"""A class changes what it asks: looked at first, and no completion taken back by itself."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import ModelLogEntry

from certificates.enums import CertificateStatus
from courses.domain.completion import evaluate_many
from courses.domain.editions import freeze_edition
from courses.domain.moving_runs import move_run, preview_move
from courses.domain.quiz_changes import _about_draws
from courses.domain.quiz_draws import Pool
from courses.domain.runs import requirements_in_force
from courses.enums import EnrolmentStatus, QuestionKind, RunStatus
from courses.models import (
    CourseEdition,
    LessonPage,
    Question,
    QuestionVersion,
    QuizDraw,
    QuizQuestion,
)
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    add_question,
    ask,
    make_quiz,
    questions_in,
    read_lessons,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields, status_of
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def people(run, lessons, edition):
    """One who has completed both lessons, one who has read the first."""
    CertificateTemplateFactory()
    ask(run, lessons={"percent": 100})
    done, half = (
        EnrolmentFactory(run=run, unit=unit("13384"), user__full_name=name)
        for name in ("Vũ Thị Đủ", "Đỗ Văn Thiếu")
    )
    read_lessons(done, *lessons)
    read_lessons(half, lessons[0])
    evaluate_many(run=run, enrolment_ids=[done.pk, half.pk], at=EVENING)
    done.refresh_from_db()
    issued(done)
    return done, half


@pytest.fixture
def swapped(course, module, lessons, people):
    """The course asks a new lesson and no longer the second one."""
    module.add_child(instance=LessonPage(title="Bài mới", slug="moi", as_of="2014", body=[]))
    lessons[1].unpublish()


@pytest.fixture
def shorter(course, lessons, people):
    lessons[1].unpublish()


def seen_on(response):
    return re.search(r'name="seen" value="(\w+)"', html_of(response))[1]


COMPLETED, ACTIVE = EnrolmentStatus.COMPLETED, EnrolmentStatus.ACTIVE


def test_preview_tells_what_comes_and_goes_and_writes_nothing(run, quiz, swapped, people):
    before = QuestionVersion.objects.count()

    preview = preview_move(run=run, at=EVENING)

    assert (preview.number, preview.coming, preview.going) == (2, ["Bài mới"], ["Bài 1.2"])
    assert (preview.effect.completing, preview.effect.losing) == ([], [people[0].pk])
    assert CourseEdition.objects.count() == 1
    assert QuestionVersion.objects.count() == before
    run.refresh_from_db()
    assert run.edition.number == 1


def test_preview_tells_which_rules_and_questions_of_a_quiz_change(
    as_coordinator, course, run, lessons, quiz
):
    """In words, by the rule; the page says the same, and that the pass mark stays."""
    Question.objects.update(lesson=lessons[0])
    QuizDraw.objects.create(quiz=quiz, count=1)
    first, second = questions_in(quiz)
    extra = add_question(quiz, QuestionKind.ORDERING)
    QuizQuestion.objects.filter(question=extra).delete()
    run.edition = freeze_edition(course=course, at=EVENING)
    run.save()
    set_fields(quiz, max_attempts=3, wait_minutes=15, time_limit_minutes=20, shuffle_options=True)
    set_fields(quiz, purpose="post_test")
    QuizQuestion.objects.filter(question=first).delete()
    QuizQuestion.objects.create(quiz=quiz, question=extra, sort_order=9)

    change = preview_move(run=run, at=EVENING).changes[0]

    assert change.title == quiz.title
    assert len(change.lines) == 5 + 2 + 1
    told = " ".join(change.lines)
    assert [one.key in told for one in (first, extra, second)] == [True, True, False]
    page = html_of(as_coordinator.get(reverse("runs:move", args=[run.pk])))
    assert all(escape(line) in page for line in change.lines)
    assert "70%" in page


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ([], [], 0),
        ([Pool(1, [1, 2])], [Pool(1, [1, 2])], 0),
        ([Pool(1, [1, 2])], [Pool(2, [1, 2])], 1),
        ([Pool(1, [1, 2])], [Pool(1, [2, 3])], 1),
        ([Pool(1, [1, 2])], [Pool(2, [2, 3, 4])], 2),
        # The same number out of the same questions, by other draws.
        ([Pool(1, [1]), Pool(1, [2])], [Pool(2, [1, 2])], 1),
    ],
)
def test_what_is_drawn_otherwise(before, after, lines):
    assert len(list(_about_draws(before, after))) == lines


def test_questions_in_another_order_are_told(course, run, quiz, people):
    for place, link in enumerate(reversed(quiz.quiz_questions.all())):
        set_fields(link, sort_order=place)

    assert [len(one.lines) for one in preview_move(run=run, at=EVENING).changes] == [1]


def test_move_completes_who_now_meets_it(run, shorter, people):
    assert preview_move(run=run, at=EVENING).effect.completing == [people[1].pk]

    move_run(run=run, at=EVENING, by=None)

    assert [status_of(one) for one in people] == [COMPLETED, COMPLETED]
    assert [one.completed_edition.number for one in people] == [1, 2]


@pytest.mark.parametrize("take_back", [False, True])
def test_move_takes_completions_back_when_told_to_alone(run, swapped, people, take_back):
    move_run(run=run, at=EVENING, by=None, take_back=take_back)
    run.refresh_from_db()
    # Nor does whatever is judged later.
    evaluate_many(run=run, enrolment_ids=[one.pk for one in people], at=EVENING)

    assert [status_of(one) for one in people] == [ACTIVE if take_back else COMPLETED, ACTIVE]
    kept = CertificateStatus.FLAGGED if take_back else CertificateStatus.VALID
    assert people[0].certificates.get().status == kept


def test_move_of_a_class_that_is_not_open_is_refused(run, shorter):
    set_fields(run, status=RunStatus.CLOSED)

    with raises_refusal("run_not_open"):
        preview_move(run=run, at=EVENING)


def test_move_to_an_edition_without_what_is_required_is_refused(run, quiz, people):
    ask_quiz = {"lessons": {"percent": 100}, "quizzes": {"pass_percent": 50}}
    run.requirements.all().delete()
    ask(run, **ask_quiz)
    quiz.quiz_questions.all().delete()

    with raises_refusal("quiz_without_questions"):
        preview_move(run=run, at=EVENING)


def test_move_page_shows_the_effect_then_moves(as_coordinator, coordinator, run, swapped, people):
    address = reverse("runs:move", args=[run.pk])

    offered = as_coordinator.get(reverse("runs:inspect", args=[run.pk]))
    page = as_coordinator.get(address)
    body = html_of(page)
    answer = as_coordinator.post(address, {"seen": seen_on(page), "take_back": "on"})

    assert address in html_of(offered)
    assert "Bài mới" in body
    assert "Vũ Thị Đủ" in body
    assert page.context["count"] == 1
    assert answer["Location"] == reverse("runs:inspect", args=[run.pk])
    assert [status_of(one) for one in people] == [ACTIVE, ACTIVE]
    entry = ModelLogEntry.objects.get(action="courses.move_run")
    assert (entry.user, entry.data) == (
        coordinator,
        {"before": 1, "after": 2, "take_back": True},
    )


@pytest.mark.parametrize("newer", ["progress", "lesson"])
def test_move_page_that_is_out_of_date_moves_nothing(
    as_coordinator, run, module, swapped, people, newer
):
    address = reverse("runs:move", args=[run.pk])
    page = as_coordinator.get(address)
    if newer == "progress":
        read_lessons(people[1], LessonPage.objects.get(slug="moi"))
    else:
        module.add_child(instance=LessonPage(title="Bài nữa", slug="nua", as_of="2014", body=[]))

    as_coordinator.post(address, {"seen": seen_on(page)})

    run.refresh_from_db()
    assert run.edition.number == 1


def test_move_to_what_is_asked_already_is_refused_and_not_offered(as_coordinator, run, people):
    with raises_refusal("edition_is_newest"):
        move_run(run=run, at=EVENING, by=None)

    answer = as_coordinator.get(reverse("runs:move", args=[run.pk]))

    back = reverse("runs:inspect", args=[run.pk])
    assert answer["Location"] == back
    assert reverse("runs:move", args=[run.pk]) not in html_of(as_coordinator.get(back))


@pytest.mark.parametrize("take_back", [False, True])
def test_requirements_are_looked_at_before_they_are_set(
    as_coordinator, run, module, people, take_back
):
    make_quiz(module)
    address = reverse("runs:requirements", args=[run.pk])
    typed = {"ask-quizzes": "on", "quizzes-pass_percent": "50"}
    typed |= {"ask-lessons": "on", "lessons-percent": "100"}

    page = as_coordinator.post(address, typed)

    assert page.context["effect"].losing == [people[0].pk]
    assert [row.version for row in requirements_in_force(run=run)] == [1]
    ticked = {"take_back": "on"} if take_back else {}
    as_coordinator.post(address, {**typed, **ticked, "seen": seen_on(page)})
    assert {row.version for row in requirements_in_force(run=run)} == {2}
    assert [status_of(one) for one in people] == [ACTIVE if take_back else COMPLETED, ACTIVE]


def test_other_requirements_than_those_looked_at_are_looked_at_again(as_coordinator, run, people):
    address = reverse("runs:requirements", args=[run.pk])
    page = as_coordinator.post(address, {"ask-lessons": "on", "lessons-percent": "90"})

    again = as_coordinator.post(
        address, {"ask-lessons": "on", "lessons-percent": "50", "seen": seen_on(page)}
    )

    assert again.context["effect"].completing == [people[1].pk]
    assert [row.version for row in requirements_in_force(run=run)] == [1]


def test_requirements_of_which_the_class_has_nothing_are_refused(as_coordinator, run, people):
    page = as_coordinator.post(
        reverse("runs:requirements", args=[run.pk]),
        {"ask-quizzes": "on", "quizzes-pass_percent": "50"},
    )

    assert "effect" not in page.context
    assert page.context["form"].error
    assert [row.version for row in requirements_in_force(run=run)] == [1]
