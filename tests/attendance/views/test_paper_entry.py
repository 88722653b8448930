"""A sheet signed on paper is compared with the roll, then saved."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, PaperLine
from lms.accounts.enums import Role
from tests.factories.accounts import UserFactory, browse, make_official
from tests.factories.attendance import IN_CLASS, enrol_many, entry, take_roll
from tests.reading import html_of
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus.values


@shared
def people(run):
    return sorted(enrol_many(run, 4), key=lambda one: (one.user.sort_key, one.user.staff_code))


@pytest.fixture
def url(session):
    return reverse("attendance:paper_entry", args=[session.pk])


@pytest.fixture
def type_in(as_trainer, url, people):
    """Types, and presses the button as often as asked for."""
    token = str(uuid4())

    def send(marks, *, times=2, **more):
        typed = {"marks": marks, "others_signed": "on", "reason": "Theo phiếu", "token": token}
        for _time in range(times):
            response = as_trainer.post(url, {**typed, **more})
            found = re.search(r'name="seen" value="(\w+)"', html_of(response))
            more["seen"] = found[1] if found else ""
        return response

    return send


@pytest.fixture
def note(session):
    """A colleague notes these on the roll of the session."""
    colleague = UserFactory()
    return lambda *entries: take_roll(session=session, entries=entries, by=colleague, at=IN_CLASS)


def noted(session):
    rows = AttendanceRecord.objects.filter(session=session)
    return {row.enrolment_id: (row.status, row.mark.minutes_late, row.mark.method) for row in rows}


def test_nothing_is_saved_before_it_was_seen(type_in, session):
    response = type_in("1 v", times=1)

    assert response.context["can_save"]
    assert [one.number for one in response.context["differences"]] == [1, 2, 3, 4]
    assert noted(session) == {}


@pytest.mark.parametrize("wrong", ["1 v, 99 v", "1 v, 2 q"])
def test_line_that_cannot_be_read_is_compared_once_mended_before_anything_is_saved(
    type_in, session, wrong
):
    refused = type_in(wrong)
    found = re.search(r'name="seen" value="(\w+)"', html_of(refused))

    # The button of that page says "compare": it never saves.
    response = type_in("1 v", times=1, seen=found[1] if found else "")

    assert not refused.context["can_save"]
    assert "marks" in refused.context["form"].errors
    assert response.context["can_save"]
    assert noted(session) == {}


def test_sheet_becomes_the_roll(type_in, session, people):
    response = type_in("1 v, 3 m 15")

    assert response.status_code == 302
    paper = MarkMethod.PAPER
    assert noted(session) == {
        people[0].pk: (ABSENT, 0, paper),
        people[1].pk: (PRESENT, 0, paper),
        people[2].pk: (LATE, 15, paper),
        people[3].pk: (PRESENT, 0, paper),
    }


def test_only_what_differs_is_noted_and_corrected_with_the_reason(type_in, note, people):
    note(entry(people[0]), entry(people[1], ABSENT))

    response = type_in("1 x, 2 x", others_signed="", times=1)
    assert [(one.number, bool(one.noted)) for one in response.context["differences"]] == [(2, True)]
    type_in("1 x, 2 x", others_signed="")

    last = AttendanceMark.objects.latest("pk")
    assert (last.enrolment_id, last.method, last.reason) == (
        people[1].pk,
        MarkMethod.CORRECTION,
        "Theo phiếu",
    )
    assert AttendanceMark.objects.count() == 3


def test_leaving_early_is_noted_and_stays_when_the_sheet_says_nothing_of_it(
    type_in, session, people
):
    type_in("2 s 20")
    type_in("2 x", others_signed="")

    marks = AttendanceMark.objects.filter(enrolment=people[1])
    assert [mark.minutes_left_early for mark in marks] == [20]


def test_correction_without_a_reason_stays_on_the_page(type_in, note, session, people):
    note(entry(people[0]))

    response = type_in("1 v", reason="")

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert noted(session)[people[0].pk][0] == PRESENT


def test_somebody_who_joins_meanwhile_is_seen_before_it_is_saved(type_in, run, session):
    seen = type_in("4 v", times=1).context["seen"]
    enrol_many(run, 1)

    response = type_in("4 v", times=1, seen=seen)

    assert len(response.context["differences"]) == 5
    assert noted(session) == {}


def test_sheet_that_says_the_same_is_kept_and_changes_nothing(type_in, note, people):
    note(*(entry(one) for one in people))

    assert type_in("", times=1).context["differences"] == []
    assert not PaperLine.objects.exists()
    assert type_in("").status_code == 302

    assert AttendanceMark.objects.count() == 4
    assert PaperLine.objects.count() == 4


def test_roll_that_is_right_stands_and_stays_told(
    as_trainer,
    type_in,
    note,
    run,
    session,
    people,
):
    note(entry(people[0]), entry(people[1], ABSENT))

    type_in("", stands=str(people[1].pk))

    assert noted(session)[people[1].pk][0] == ABSENT
    shown = as_trainer.get(reverse("attendance:paper_differences", args=[session.pk])).context
    assert [one.enrolment for one in shown["open"]] == [people[1]]
    assert (shown["count"].people, shown["count"].differing) == (4, 1)
    lines = as_trainer.get(reverse("attendance:run_register", args=[run.pk])).context["lines"]
    assert [line["paper"].differing for line in lines] == [1]
    signing = as_trainer.get(reverse("attendance:session_sign", args=[session.pk])).context
    assert signing["paper"].differing == 1


def test_differences_are_for_those_who_run_or_watch_the_class(
    type_in, note, run, session, people, trainer, other_trainer
):
    address = reverse("attendance:paper_differences", args=[session.pk])
    client = browse(other_trainer)
    assert client.get(address).status_code == 404
    client = browse(people[0].user)
    assert client.get(address).status_code == 404
    client = browse(make_official(Role.COORDINATOR, "350"))
    assert client.get(address).context["open"] == []
