from datetime import timedelta

import pytest
from django.urls import reverse

from attendance.domain.sessions.calendar import as_icalendar
from courses.enums import RunStatus
from lms.accounts.enums import Role
from tests.courses.test_admin import filled_in
from tests.factories.accounts import browse, make_official
from tests.factories.attendance import IN_CLASS, SessionFactory

URL = "https://tap-huan.example/viec-cua-toi/"


def lines(session):
    data = as_icalendar(sessions=[session], url=URL, at=IN_CLASS)
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_entry_holds_time_in_utc_place_and_address(session):
    session.run.title = "Lớp Kim Bảng"
    assert lines(session) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Training suite//attendance//VI",
        "BEGIN:VEVENT",
        f"UID:session-{session.pk}@tap-huan.example",
        "SEQUENCE:0",
        "DTSTAMP:20140506T010100Z",
        "DTSTART:20140506T010000Z",
        "DTEND:20140506T043000Z",
        "SUMMARY:Buổi 1: Lớp Kim Bảng",
        "LOCATION:Hội trường huyện\\, huyện Kim Bảng",
        "STATUS:CONFIRMED",
        f"URL:{URL}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_signs_with_a_meaning_are_escaped(session):
    session.place = "Phòng 2; tầng 3, nhà A\\B\nHà Nam"
    assert "LOCATION:Phòng 2\\; tầng 3\\, nhà A\\\\B Hà Nam\\, huyện Kim Bảng" in lines(session)


def test_session_of_a_cancelled_class_says_so(session):
    session.run.status = RunStatus.CANCELLED
    assert "STATUS:CANCELLED" in lines(session)


def test_session_that_was_cancelled_or_moved_replaces_what_the_phone_has(session):
    session.revision, session.cancelled_at = 2, IN_CLASS
    assert {"STATUS:CANCELLED", "SEQUENCE:2"} <= set(lines(session))
    session.run.status = RunStatus.CANCELLED
    assert "SEQUENCE:3" in lines(session)


def test_empty_place_is_that_of_the_class(session):
    session.place, session.run.place = "", "Nhà văn hoá"
    assert "LOCATION:Nhà văn hoá\\, huyện Kim Bảng" in lines(session)


def test_long_lines_are_folded_between_letters(session):
    session.title = "Kỹ năng nhận biết trẻ em có hoàn cảnh đặc biệt " * 4
    data = as_icalendar(sessions=[session], url=URL, at=IN_CLASS)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    # Decodes line by line: no letter was cut in two.
    for line in data.split(b"\r\n"):
        line.decode()
    assert session.title.strip() in " ".join(lines(session))


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
