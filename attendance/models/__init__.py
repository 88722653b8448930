"""Sessions of a class and who was there."""

from attendance.models.marks import AttendanceMark, AttendanceRecord, AttendanceRecordQuerySet
from attendance.models.sessions import Session, SessionQuerySet, whole_minutes

__all__ = [
    "AttendanceMark",
    "AttendanceRecord",
    "AttendanceRecordQuerySet",
    "Session",
    "SessionQuerySet",
    "whole_minutes",
]
