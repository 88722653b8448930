from attendance.domain.sessions.calendar import as_icalendar
from courses.enums import RunStatus
from tests.factories.attendance import IN_CLASS

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
