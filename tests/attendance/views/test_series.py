"""A series is looked at before it is written."""

from datetime import date

import pytest
from django.urls import reverse

from attendance.models import Session
from tests.factories.attendance import SessionFactory, enrol_many, make_class
from tests.factories.rows import set_fields
from tests.reading import error_codes
from tests.shared import shared

TUESDAYS = {
    "subject": "numbered",
    "first_day": "2014-05-06",
    "last_day": "2014-05-27",
    "weekdays": ["1"],
    "starts": "08:00",
    "ends": "11:30",
    "count": "",
    "skipped": "20/05/2014",
    "place": "",
    "room": "",
    "is_required": "on",
}


@shared
def url(run):
    set_fields(run, ends_on=date(2014, 5, 31))
    return reverse("attendance:session_series", args=[run.pk])


def test_days_and_clashes_are_shown_and_nothing_is_written_before(as_trainer, trainer, run, url):
    other = make_class("353", course=run.course)
    other.trainers.add(trainer)
    SessionFactory(run=other)

    shown = as_trainer.post(url, TUESDAYS)
    assert [len(row.warnings) for row in shown.context["rows"]] == [1, 0, 0]
    assert Session.objects.filter(run=run).count() == 0

    as_trainer.post(url, TUESDAYS | {"seen": shown.context["seen"]})
    assert Session.objects.filter(run=run).count() == 3


def test_room_without_seats_for_everybody_is_told_of_each_day(as_trainer, run, url):
    enrol_many(run, 2)

    shown = as_trainer.post(url, TUESDAYS | {"seats": "1"})
    as_trainer.post(url, TUESDAYS | {"seats": "1", "seen": shown.context["seen"]})

    assert [len(row.warnings) for row in shown.context["rows"]] == [1, 1, 1]
    assert {session.seats for session in Session.objects.filter(run=run)} == {1}


def test_other_days_than_those_seen_are_shown_anew(as_trainer, run, url):
    seen = as_trainer.post(url, TUESDAYS).context["seen"]
    again = as_trainer.post(url, TUESDAYS | {"seen": seen, "skipped": ""})
    assert len(again.context["rows"]) == 4
    assert Session.objects.filter(run=run).count() == 0


def test_day_that_cannot_be_is_told_in_its_row(as_trainer, run, url):
    shown = as_trainer.post(url, TUESDAYS | {"last_day": "2014-06-03"})
    assert [bool(row.problem) for row in shown.context["rows"]] == [False, False, False, True]
    assert shown.context["can_save"] is False


@pytest.mark.parametrize(
    ("field", "value", "codes"),
    [
        ("skipped", "Tết", {"skipped": ["invalid"]}),
        ("weekdays", ["5"], {}),
        ("last_day", "2014-05-01", {"weekdays": ["no_day_in_series"]}),
    ],
)
def test_wrong_value_is_told_beside_its_field(as_trainer, url, field, value, codes):
    form = as_trainer.post(url, TUESDAYS | {field: value}).context["form"]
    assert error_codes(form) == codes


@pytest.mark.parametrize("weeks", [1, 3])
def test_preview_costs_the_same_queries_for_any_number(
    as_trainer, url, weeks, django_assert_num_queries
):
    days = {"last_day": f"2014-05-{6 + 7 * (weeks - 1):02}", "skipped": ""}
    as_trainer.post(url, TUESDAYS | days)
    # Log-in (2), the roles, the class, its sessions (their number, what is in the way), others then.
    with django_assert_num_queries(7):
        as_trainer.post(url, TUESDAYS | days)
