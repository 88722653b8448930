import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.domain.deriving import derive_record
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark


def mark(status, minutes_late=0):
    return AttendanceMark(session_id=1, enrolment_id=2, status=status, minutes_late=minutes_late)


@pytest.mark.parametrize(
    ("status", "minutes_late", "minutes"),
    [
        (AttendanceStatus.PRESENT, 0, 210),
        (AttendanceStatus.LATE, 0, 210),
        (AttendanceStatus.LATE, 15, 195),
        (AttendanceStatus.LATE, 210, 0),
        (AttendanceStatus.LATE, 300, 0),
        (AttendanceStatus.EXCUSED, 0, 0),
        (AttendanceStatus.ABSENT, 0, 0),
    ],
)
def test_minutes_follow_from_the_status(status, minutes_late, minutes):
    assert derive_record(mark=mark(status, minutes_late), session_minutes=210).minutes == minutes


def test_record_names_its_mark_and_copies_its_status():
    noted = mark(AttendanceStatus.LATE, 15)
    record = derive_record(mark=noted, session_minutes=210)
    assert (record.session_id, record.enrolment_id, record.mark, record.status) == (
        1,
        2,
        noted,
        AttendanceStatus.LATE,
    )


@given(
    status=st.sampled_from(AttendanceStatus),
    minutes_late=st.integers(min_value=0, max_value=1000),
    session_minutes=st.integers(min_value=0, max_value=1000),
)
def test_minutes_stay_between_nought_and_the_session(status, minutes_late, session_minutes):
    minutes = derive_record(
        mark=mark(status, minutes_late), session_minutes=session_minutes
    ).minutes
    assert 0 <= minutes <= session_minutes
