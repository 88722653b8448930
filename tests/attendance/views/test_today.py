"""The sessions of today, and earlier rolls to be finished."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import RunStatus
from tests.factories.accounts import browse
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    at_eight,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.rows import set_fields
from tests.reading import html_of, templates_of
from tests.shared import shared


@shared
def today_run(run):
    run.starts_on = run.ends_on = timezone.localdate()
    run.save()
    return run


def today(client, **asked):
    return client.get(reverse("attendance:today"), asked)


def titles(lines):
    return [line["session"].title for line in lines]


def test_today_lists_the_own_sessions_of_today_alone(as_trainer, today_run):
    mine = SessionFactory(run=today_run, title="Sáng nay", starts_at=at_eight())
    SessionFactory(run=today_run, title="Ngày khác", starts_at=at_eight(days=1))
    other = make_class("353", course=today_run.course)
    SessionFactory(run=other, title="Huyện khác", starts_at=at_eight())

    page = today(as_trainer)
    assert titles(page.context["lines"]) == ["Sáng nay"]
    assert reverse("attendance:roll_call", args=[mine.pk]) in html_of(page)

    set_fields(today_run, status=RunStatus.CANCELLED)
    page = today(as_trainer)
    assert (page.context["lines"], page.context["earlier"]) == ([], [])
    assert "lms/components/empty.html" in templates_of(page)


def test_today_stands_in_the_bar_of_trainers_alone(trainer, run):
    trainee = enrol_many(run, 1)[0].user
    for person, shown in ((trainer, True), (trainee, False)):
        html = html_of(browse(person).get(reverse("courses:my_work")))
        assert (f'href="{reverse("attendance:today")}"' in html) is shown


def test_today_lists_earlier_rolls_to_finish_with_their_day(as_trainer, run, trainer):
    people = enrol_many(run, 2)
    done = SessionFactory(run=run, title="Đã xong")
    take_roll(session=done, entries=[entry(one) for one in people], by=trainer, at=IN_CLASS)
    left = SessionFactory(run=run, title="Còn thiếu", starts_at=at_eight(days=-1))
    SessionFactory(run=run, title="Sắp tới", starts_at=at_eight(days=1))

    page = today(as_trainer)

    [line] = page.context["earlier"]
    assert (page.context["lines"], line["session"], line["left"]) == ([], left, 2)
    assert "08:00–11:30" in line["when"]
    for written in (line["when"], reverse("attendance:roll_call", args=[left.pk])):
        assert written in html_of(page)


def test_today_pages_through_many_earlier_rolls(as_trainer, run):
    enrol_many(run, 1)
    for number in range(11):
        SessionFactory(run=run, title=f"Lần {number:02d}", starts_at=at_eight(days=-1 - number))

    first, second = (today(as_trainer, page=number).context for number in (1, 2))
    assert titles(first["earlier"]) == [f"Lần {number:02d}" for number in range(10)]
    assert titles(second["earlier"]) == ["Lần 10"]
    assert first["page"].paginator.count == 11


def test_roll_of_today_is_offered_before_the_earlier_ones(as_trainer, today_run):
    enrol_many(today_run, 1)
    SessionFactory(run=today_run, title="Hôm trước", starts_at=at_eight(days=-1))
    SessionFactory(run=today_run, title="Sáng nay", starts_at=at_eight())
    context = as_trainer.get(reverse("attendance:today")).context
    leads = [(line["session"].title, line["is_lead"]) for line in context["lines"]]
    assert leads == [("Sáng nay", True)]
    assert [line["is_lead"] for line in context["earlier"]] == [False]


@pytest.mark.parametrize("count", [1, 3])
def test_today_costs_the_same_queries_for_any_number(
    as_trainer, today_run, django_assert_num_queries, count
):
    enrol_many(today_run, 2)
    for number in range(count):
        SessionFactory(run=today_run, starts_at=at_eight() + timedelta(hours=number * 4))
        SessionFactory(run=today_run, starts_at=at_eight(days=-1 - number))
    # Log-in (2), the roles, the number of earlier rolls, these, the sessions of today,
    # trainers of sessions and of classes.
    with django_assert_num_queries(8):
        as_trainer.get(reverse("attendance:today"))
