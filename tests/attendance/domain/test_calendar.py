from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from icalendar import Calendar

from attendance.domain.sessions.calendar import (
    ALARM_BEFORE,
    LOOK_AGAIN,
    as_icalendar,
    as_invitation,
)
from courses.enums import RunStatus
from courses.models import ModulePage
from lms.accounts.enums import Role
from tests.courses.test_admin import filled_in
from tests.factories.accounts import browse, make_official
from tests.factories.attendance import IN_CLASS, SessionFactory

URL = "https://tap-huan.example/viec-cua-toi/"


def parsed(session, **call):
    data = as_icalendar(sessions=[session], url=URL, at=IN_CLASS, **call)
    return Calendar.from_ical(data)


def event_of(session):
    (event,) = parsed(session).events
    return event


def test_entry_holds_time_of_vietnam_place_topic_and_trainers(run, session, trainer):
    session.module = ModulePage(title="Quyền trẻ em")
    event = event_of(session)

    assert event["DTSTART"].to_ical() == b"20140506T080000"
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    # The one offset that Vietnam has.
    (zone,) = parsed(session).timezones
    (standard,) = zone.subcomponents
    assert zone["TZID"] == "Asia/Ho_Chi_Minh"
    assert standard["TZOFFSETTO"].td == timedelta(hours=7)
    assert event.end - event.start == timedelta(minutes=210)
    assert event["SUMMARY"] == f"Buổi 1: {run.title}"
    assert event["LOCATION"] == "Hội trường huyện, huyện Kim Bảng"
    assert "Quyền trẻ em" in event["DESCRIPTION"]
    assert trainer.full_name in event["DESCRIPTION"]
    assert (event["STATUS"], event["SEQUENCE"], event["URL"]) == ("CONFIRMED", 0, URL)


def test_name_of_an_entry_is_free_of_the_address_and_the_same_each_time(session):
    before = event_of(session)["UID"]
    session.revision += 1
    (again,) = Calendar.from_ical(
        as_icalendar(sessions=[session], url="https://moi.example/", at=IN_CLASS)
    ).events

    assert before == again["UID"] == str(session.calendar_uid)
    assert before != event_of(SessionFactory.build(run=session.run, pk=session.pk))["UID"]


def test_phone_rings_before_a_session_that_takes_place_alone(session):
    (alarm,) = event_of(session).walk("VALARM")
    assert alarm["TRIGGER"].td == -ALARM_BEFORE

    session.cancelled_at = IN_CLASS
    assert not event_of(session).walk("VALARM")


def test_state_and_an_empty_place_are_those_of_the_class(session):
    session.run.status = RunStatus.CANCELLED
    session.place, session.run.place = "", "Nhà văn hoá"
    event = event_of(session)
    assert event["STATUS"] == "CANCELLED"
    assert event["LOCATION"] == "Nhà văn hoá, huyện Kim Bảng"


def test_session_that_was_cancelled_or_moved_replaces_what_the_phone_has(session):
    session.revision, session.cancelled_at, session.cancel_reason = 2, IN_CLASS, "Bão số 5"
    event = event_of(session)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
    assert "Bão số 5" in event["DESCRIPTION"]
    session.run.status = RunStatus.CANCELLED
    assert event_of(session)["SEQUENCE"] == 3


def test_feed_says_its_name_and_when_to_look_again(session):
    calendar = parsed(session, name="Lịch của tôi")
    assert calendar["NAME"] == "Lịch của tôi"
    assert calendar["REFRESH-INTERVAL"].td == LOOK_AGAIN
    assert "METHOD" not in calendar


@given(text=st.text(max_size=200))
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_a_session_is_called_comes_back_in_lines_of_75_bytes(session, text):
    session.title, session.place = text, f"Phòng 2; tầng 3, nhà A\\B {text}"
    data = as_icalendar(sessions=[session], url=URL, at=IN_CLASS)

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    (event,) = Calendar.from_ical(data).events
    assert event["UID"] == str(session.calendar_uid)
    # No name can begin a line of its own.
    assert data.count(b"\r\nUID:") == 1


@pytest.mark.parametrize(("off", "method"), [(False, "REQUEST"), (True, "CANCEL")])
def test_invitation_names_who_sends_and_who_is_expected(session, settings, off, method):
    settings.DEFAULT_FROM_EMAIL = "Tập huấn <tap-huan@example.vn>"
    session.cancelled_at = IN_CLASS if off else None
    part = as_invitation(session=session, to="an@example.vn", url=URL, at=IN_CLASS)
    calendar = Calendar.from_ical(part.text)
    (event,) = calendar.events

    assert part.method == calendar["METHOD"] == method
    assert event["ORGANIZER"] == "mailto:tap-huan@example.vn"
    assert event["ATTENDEE"] == "mailto:an@example.vn"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


@pytest.mark.parametrize(
    ("changed", "revisions"),
    [
        ({}, [0, 0]),
        ({"starts_on": "01/02/2014"}, [0, 0]),
        ({"place": "Nhà văn hoá"}, [0, 1]),
        ({"title": "Lớp đổi tên"}, [1, 1]),
    ],
)
def test_change_of_the_class_renews_the_entries_that_show_it(run, session, changed, revisions):
    placeless = SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1), place="")
    client, address = (
        browse(make_official(Role.COORDINATOR, "350")),
        reverse("runs:edit", args=[run.pk]),
    )
    client.post(address, filled_in(run))
    base = [one.revision for one in run.sessions.order_by("starts_at")]

    client.post(address, filled_in(run, **changed))

    now = [one.revision for one in run.sessions.order_by("starts_at")]
    assert run.sessions.last() == placeless
    assert [after - before for after, before in zip(now, base, strict=True)] == revisions
