"""The calendar behind an address: what stands in it, for whom, and until when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from attendance.domain.sessions.cancelling import cancel_session
from attendance.models import CalendarFeed
from attendance.views import feeds
from courses.enums import EnrolmentStatus, RunStatus
from lms.accounts.enums import Role
from lms.accounts.merging.domain.merge import merge
from tests.factories.accounts import UserFactory, browse, make_official
from tests.factories.attendance import SessionFactory, at_eight, make_class
from tests.factories.rows import set_fields

PAGE = "/lich-cua-toi/dia-chi/"


@pytest.fixture(autouse=True)
def coming(run, person):
    return SessionFactory(run=run, title="Mai", starts_at=at_eight(days=1), counted_at=None)


def address_of(reader, page=PAGE):
    client = browse(reader)
    client.post(page, {"act": "make"})
    return client.get(page).context["address"].removeprefix("http://localhost:8000")


def events(address):
    answer = Client().get(address)
    assert answer.status_code == 200
    return {
        event["SUMMARY"].split(":")[0]: event for event in Calendar.from_ical(answer.content).events
    }


def status(address, **headers):
    return Client().get(address, headers=headers).status_code


def test_feed_holds_own_sessions_none_of_another_class_and_no_old_ones(run, session, person):
    SessionFactory(run=make_class("353", course=run.course), title="Khác", starts_at=at_eight(1))
    assert set(events(address_of(person.user))) == {"Mai"}


def test_session_that_is_cancelled_stays_as_cancelled(person, coming, trainer):
    address = address_of(person.user)
    cancel_session(session=coming, reason="Bão", by=trainer, at=timezone.now())
    event = events(address)["Mai"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_moved_session_is_another_version_of_the_same_entry(person, coming):
    address = address_of(person.user)
    before = events(address)["Mai"]
    set_fields(
        coming,
        starts_at=at_eight(days=2),
        ends_at=at_eight(
            days=2,
        )
        + timedelta(hours=3),
        revision=1,
    )
    after = events(address)["Mai"]
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert after.start - before.start == timedelta(days=1)


def test_calendar_follows_a_cancelled_class_a_withdrawal_and_a_closed_account(run, person):
    address = address_of(person.user)
    set_fields(run, status=RunStatus.CANCELLED)
    assert events(address)["Mai"]["STATUS"] == "CANCELLED"
    set_fields(person, status=EnrolmentStatus.WITHDRAWN)
    assert events(address) == {}
    set_fields(person.user, is_active=False)
    assert status(address) == 404


def test_trainer_reads_the_sessions_that_he_or_she_teaches(run, trainer, coming):
    other = UserFactory()
    run.trainers.add(other)
    by_other = SessionFactory(run=run, title="Người khác", starts_at=at_eight(days=2))
    by_other.trainers.set([other])
    assert set(events(address_of(trainer))) == {"Mai"}


@pytest.mark.parametrize("count", [1, 40])
def test_long_class_costs_the_same_queries(run, person, count, django_assert_num_queries):
    for number in range(count):
        SessionFactory(run=run, starts_at=at_eight(days=2 + number))
    address = address_of(person.user)
    with django_assert_num_queries(6):
        assert len(events(address)) == 1 + count


def test_renewed_and_ended_addresses_are_dead_at_once(person):
    first = address_of(person.user)
    second = address_of(person.user)
    assert (status(first), status(second)) == (404, 200)

    browse(person.user).post(PAGE, {"act": "end"})
    assert status(second) == 404
    assert browse(person.user).get(PAGE).context["feed"] is None


def test_wrong_secret_finds_nothing_and_the_right_one_stands_nowhere_in_the_database(person):
    path, right = address_of(person.user).split("?key=")
    for wrong in ("", "x", "é", "a:b"):
        assert Client().get(path, {"key": wrong}).status_code == 404
    assert right not in str(CalendarFeed.objects.values().get())


def test_address_of_a_merged_record_reads_the_calendar_of_the_person(person, administrator):
    address = address_of(person.user)
    kept = UserFactory(full_name=person.user.full_name)
    merge(keep=kept, close=person.user, by=administrator, at=timezone.now())
    assert set(events(address)) == {"Mai"}


def test_reader_who_has_the_newest_is_told_so(person, coming):
    address = address_of(person.user)
    etag = Client().get(address)["ETag"]
    assert status(address, if_none_match=etag) == 304
    set_fields(coming, title="Đổi tên", revision=1)
    assert status(address, if_none_match=etag) == 200


def test_program_that_never_rests_has_to_wait(person, monkeypatch):
    address = address_of(person.user)
    monkeypatch.setattr(feeds, "READINGS", replace(feeds.READINGS, allowed=2))

    assert [status(address) for _reading in range(3)] == [200, 200, 429]
    assert Client().get(address)["Retry-After"] == "600"


def test_guessing_is_slowed_down(person, monkeypatch):
    path = address_of(person.user).split("?")[0]
    monkeypatch.setattr(feeds, "MISSES", replace(feeds.MISSES, name="tests:misses", allowed=1))
    assert [status(path), status(path)] == [404, 429]


def test_keeper_of_a_class_reads_all_of_it_until_the_role_ends(run, coming):
    keeper = make_official(Role.COORDINATOR, "350")
    address = address_of(keeper, reverse("attendance:run_feed", args=[run.pk]))
    assert set(events(address)) == {"Mai"}

    keeper.role_assignments.all().delete()
    assert status(address) == 404


def test_stranger_gets_no_address_of_a_class(run, person, other_trainer):
    page = reverse("attendance:run_feed", args=[run.pk])
    assert browse(person.user).get(page).status_code == 404
    assert browse(other_trainer).get(page).status_code == 404
    assert Client().get(PAGE).status_code == 302
