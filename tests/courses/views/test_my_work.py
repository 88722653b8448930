"""What a trainee has to do."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.access import study_note
from courses.domain.lessons import complete_lesson
from courses.domain.runs import cancel_run
from courses.enums import EnrolmentStatus, RunStatus
from courses.extensions import Appointment, agendas, completion_criteria
from courses.models import CoursePage, Enrolment
from lms.accounts.enums import Role
from lms.core.display import vi_date
from tests.courses.views.conftest import address_of, take
from tests.factories.accounts import UserFactory, browse, log_in
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    ask,
    make_course,
    make_run,
    note_progress,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, templates_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

MY_WORK = "/viec-cua-toi/"
NEXT_STEP = "courses/parts/next_step.html"
OTHERS = 'id="others-title"'
ALL_DONE = _("All lessons are read and all quizzes are done.")


@shared
def asked(run):
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})


def body_of(client, address=MY_WORK):
    return html_of(client.get(address))


def context_of(client, address=MY_WORK):
    return client.get(address).context


def ways_on(context):
    """Where each criterion that is not met leads."""
    keys = {str(one.label): one.key for one in completion_criteria}
    return {keys[line["label"]]: line["url"] for line in context["missing"]}


def finish(enrolment):
    enrolment.status, enrolment.completed_at = EnrolmentStatus.COMPLETED, EVENING
    enrolment.save()


def test_trainee_sees_what_is_missing_and_goes_on_there(
    as_trainee, asked, enrolment, run, lessons, quiz
):
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    response = as_trainee.get(MY_WORK)
    context, body = response.context, html_of(response)

    assert '<progress value="1" max="2"' in body
    assert (context["step"].title, context["step"].minutes) == (lessons[1].title, 8)
    assert f'href="{address_of(lessons[1])}"' in body
    assert ways_on(context) == {
        "lessons": address_of(lessons[1]),
        "quizzes": reverse("courses:quiz_start", args=[quiz.pk]),
    }
    on = as_trainee.get(reverse("courses:continue_course", args=[enrolment.pk]))
    assert on["Location"] == address_of(lessons[1])
    of_class = body_of(as_trainee, reverse("courses:my_class", args=[enrolment.pk]))
    assert run.title in of_class
    assert of_class.count('class="step is-todo"') == 2


def test_trainee_is_led_to_the_quiz_when_all_is_read(as_trainee, asked, enrolment, lessons, quiz):
    for lesson in lessons:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)

    page = as_trainee.get(MY_WORK)

    assert f'href="{reverse("courses:quiz_start", args=[quiz.pk])}"' in html_of(page)
    step = page.context["step"]
    assert (step.is_quiz, step.question_count) == (True, 2)
    assert set(ways_on(page.context)) == {"quizzes"}


def test_trainee_with_nothing_left_is_told_so_and_led_to_the_class(
    as_trainee, enrolment, lessons, quiz
):
    for lesson in lessons:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)
    take(enrolment, quiz, EVENING, right=2)

    page = as_trainee.get(MY_WORK)
    assert page.context["step"] is None
    assert ALL_DONE in html_of(page)
    on = as_trainee.get(reverse("courses:continue_course", args=[enrolment.pk]))
    assert on["Location"] == reverse("courses:my_class", args=[enrolment.pk])


def test_who_is_in_no_class_is_told_what_to_do(as_stranger, enrolment):
    page = as_stranger.get(MY_WORK)

    assert page.context["enrolments"] == []
    assert "lms/components/empty.html" in templates_of(page)
    assert enrolment.run.title not in html_of(page)


@pytest.mark.parametrize("why", ["withdrawn", "cancelled"])
def test_class_that_is_off_is_not_shown(as_trainee, enrolment, run, course, why):
    if why == "withdrawn":
        set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    else:
        set_fields(run, status=RunStatus.CANCELLED)

    assert run.title not in body_of(as_trainee)


def test_class_goes_on_when_its_course_is_taken_down(as_trainee, enrolment, run, course, lessons):
    for page in course.get_descendants(inclusive=True):
        page.specific.unpublish()

    body = body_of(as_trainee)

    assert run.title in body
    assert '<progress value="0" max="2"' in body
    assert f'href="{address_of(lessons[0])}"' in body


def test_class_with_nothing_to_learn_yet_says_so_and_comes_last(as_trainee, enrolment, run, course):
    for page in make_course(code="khac").get_descendants():
        page.specific.unpublish()
    empty = CoursePage.objects.get(code="khac")
    later = make_run(empty, unit("353"))
    EnrolmentFactory(run=later, unit=unit("13384"), user=enrolment.user, enrolled_at=EVENING)

    body = body_of(as_trainee)
    alone = body_of(
        as_trainee, reverse("courses:my_class", args=[enrolment.user.enrolments.last().pk])
    )

    assert body.index(run.title) < body.index(later.title)
    assert "/100" not in body + alone
    assert ALL_DONE not in body


def test_finished_class_stands_below_and_is_never_late(as_trainee, enrolment, run):
    finish(enrolment)

    page = as_trainee.get(MY_WORK)

    assert page.context["finished"] == [enrolment]
    assert f"{run.title} · " in html_of(page)
    assert vi_date(EVENING) in html_of(page)
    assert "first" not in page.context
    close(run)
    context = context_of(as_trainee, reverse("courses:my_class", args=[enrolment.pk]))
    assert (context["closed_note"], context["is_overdue"]) == ("", False)


def close(run):
    run.status, run.starts_on, run.ends_on = RunStatus.CLOSED, EVENING.date(), EVENING.date()
    run.save()


def test_class_that_is_over_says_so_and_offers_no_step(
    as_trainee, asked, enrolment, course, run, lessons, quiz
):
    close(run)

    page = as_trainee.get(MY_WORK)
    of_course = as_trainee.get(f"/khoa-hoc/{course.slug}/")
    of_quiz = as_trainee.get(reverse("courses:quiz_start", args=[quiz.pk]))

    note = study_note(enrolment=Enrolment.objects.get())
    for shown in (page, of_course, of_quiz):
        assert shown.context["closed_note"] == note
        assert note in html_of(shown)
        assert NEXT_STEP not in templates_of(shown)
    assert 'class="button button--large' not in html_of(of_quiz)
    assert set(ways_on(page.context).values()) == {""}


def test_class_past_its_last_day_is_late_but_goes_on(as_trainee, enrolment, run, lessons):
    set_fields(run, ends_on=timezone.localdate())
    assert not context_of(as_trainee)["is_overdue"]

    set_fields(run, starts_on=EVENING.date(), ends_on=EVENING.date())
    page = as_trainee.get(MY_WORK)

    assert page.context["is_overdue"]
    # Nobody of the class has a number to call.
    assert page.context["contacts"] == []
    assert "lms/components/calls.html" not in templates_of(page)
    assert vi_date(EVENING) in html_of(page)
    assert NEXT_STEP in templates_of(page)


def test_class_that_goes_on_stands_before_a_later_one_that_is_over(as_trainee, enrolment, run):
    over = EnrolmentFactory(
        run=make_run(make_course(code="khac"), unit("353")), unit=unit("13384"), user=enrolment.user
    )
    close(over.run)

    page = as_trainee.get(MY_WORK)
    body = html_of(page)

    other = reverse("courses:my_class", args=[over.pk])
    assert page.context["first"] == enrolment
    assert body.index(run.course.title) < body.index(OTHERS) < body.index(other)
    assert reverse("courses:continue_course", args=[over.pk]) not in body


class Planned:
    """An agenda with these appointments: days from now, by the id of the class."""

    key = "ngay-hen"

    def __init__(self, days):
        self.days = days

    def next_of(self, runs, *, now):
        return {
            run.pk: [
                Appointment(
                    title="Buổi học",
                    starts_at=now + timedelta(days=self.days[run.pk]),
                    ends_at=now + timedelta(days=self.days[run.pk], hours=3),
                    when="",
                    place="",
                    map_url="",
                    calendar_url="",
                )
            ]
            for run in runs
            if run.pk in self.days
        }


@pytest.fixture
def plan(monkeypatch):
    """`plan({run.pk: 3})`: the only appointments there are."""

    def put(days):
        monkeypatch.setattr(agendas, "_entries", {Planned.key: Planned(days)})

    return put


def in_class(user, code, *, ends_in, **fields):
    """The person in a class with something to read that ends in so many days."""
    today = timezone.localdate()
    days = {"starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=ends_in)}
    run = make_run(make_course(code=code), unit("353"), title=code, **days, **fields)
    return EnrolmentFactory(run=run, unit=unit("13384"), user=user)


def test_classes_stand_in_the_order_of_what_is_due_next(edition, no_panels, plan):
    user = UserFactory()
    over = in_class(user, "da-dong", ends_in=-1, status=RunStatus.CLOSED)
    planned = in_class(user, "chua-mo", ends_in=1, status=RunStatus.PLANNED)
    last = in_class(user, "con-lau", ends_in=20)
    soon = in_class(user, "sap-het", ends_in=5)
    meets = in_class(user, "co-buoi", ends_in=30)
    plan({meets.run.pk: 2, over.run.pk: 1})

    context = browse(user).get(MY_WORK).context

    others = [one["enrolment"] for one in context["others"]]
    assert [context["first"], *others] == [meets, soon, last, planned, over]
    assert [run for _one, _is_on, run in context["appointments"]] == [over.run]
    plan({meets.run.pk: 2})
    again = browse(user).get(MY_WORK).context
    assert [run for _one, _is_on, run in again["appointments"]] == [None]


def test_class_that_was_cancelled_says_what_comes_instead(edition, no_panels, plan):
    user = UserFactory()
    gone = in_class(user, "da-huy", ends_in=5)
    old = in_class(user, "huy-lau", ends_in=5)
    now = timezone.now()
    cancel_run(run=old.run, reason="Mưa bão", at=now - timedelta(days=31))
    instead = make_run(gone.run.course, unit("353"), title="Lớp thay", code="thay", place="Nhà B")
    cancel_run(run=gone.run, reason="Lũ lớn", at=now, instead=instead)

    response = browse(user).get(MY_WORK)

    assert response.context["cancelled"] == [gone]
    assert response.context["enrolments"] == []
    body = html_of(response)
    assert all(told in body for told in ("Lũ lớn", "Lớp thay", "Nhà B"))
    assert "Mưa bão" not in body
    page = reverse("courses:my_class", args=[gone.pk])
    assert browse(user).get(page).status_code == HTTPStatus.NOT_FOUND


def test_several_classes_the_first_in_full_the_others_in_short(as_trainee, enrolment, run, lessons):
    in_class(enrolment.user, "khac", ends_in=30)
    set_fields(run, ends_on=timezone.localdate() + timedelta(days=40))
    ask(run, lessons={"percent": 100})
    note_progress(run)

    page = as_trainee.get(MY_WORK)
    body = html_of(page)

    [told] = page.context["others"]
    assert told["enrolment"] == enrolment
    for part in (
        *told["lacks"],
        reverse("courses:continue_course", args=[enrolment.pk]),
    ):
        assert body.index(OTHERS) < body.index(part) < body.index("contacts-title")
    assert len(told["lacks"]) == 1
    assert reverse("courses:my_class", args=[enrolment.pk]) in body


def test_what_is_missing_tells_its_deadline(as_trainee, run, enrolment, asked):
    today = timezone.localdate()
    for ends_in, is_urgent in ((0, True), (-1, True), (400, False)):
        day = today + timedelta(days=ends_in)
        set_fields(run, ends_on=day)

        page = as_trainee.get(MY_WORK)

        assert {line["way"].due_on for line in page.context["missing"] if line["way"]} == {day}
        assert ("badge tone-warning" in html_of(page)) is is_urgent


@pytest.mark.parametrize("page", ["my_work", "my_class"])
@pytest.mark.parametrize("phone", ["+84900009001", None])
def test_trainer_of_the_class_can_be_called(as_trainee, enrolment, trainer, page, phone):
    set_fields(trainer, phone=phone)
    args = [] if page == "my_work" else [enrolment.pk]

    body = body_of(as_trainee, reverse(f"courses:{page}", args=args))

    assert trainer.full_name in body
    assert ('href="tel:+84900009001"' in body) is bool(phone)


def test_my_work_spends_the_same_queries_with_one_and_three_classes(
    edition, no_panels, django_assert_num_queries
):
    user = UserFactory()
    client = browse(user)
    for number in range(3):
        run = make_run(make_course(code=f"khoa-{number}"), unit("350"))
        ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
        EnrolmentFactory(run=run, unit=unit("13384"), user=user)
        if number == 1:
            continue
        with django_assert_num_queries(5):
            client.get(MY_WORK)


@pytest.mark.parametrize("name", ["my_class", "continue_course"])
def test_class_of_another_trainee_is_not_found(as_stranger, enrolment, name):
    address = reverse(f"courses:{name}", args=[enrolment.pk])
    administrator = log_in(Role.ADMINISTRATOR, "35")

    assert as_stranger.get(address).status_code == 404
    assert administrator.get(address).status_code == 404
