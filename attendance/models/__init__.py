"""Sessions of a class and who was there."""

from attendance.models.excuses import Excuse
from attendance.models.feeds import CalendarFeed
from attendance.models.make_ups import MakeUp, MakeUpQuerySet
from attendance.models.marks import AttendanceMark, AttendanceRecord, AttendanceRecordQuerySet
from attendance.models.paper_lines import PaperLine
from attendance.models.papers import SignedPaper
from attendance.models.sessions import Session, SessionQuerySet, whole_minutes
from attendance.models.sign_off import LateMark, RunSignOff, SessionSignOff
from attendance.models.walk_ins import UnmatchedWalkIn

__all__ = [
    "AttendanceMark",
    "AttendanceRecord",
    "AttendanceRecordQuerySet",
    "CalendarFeed",
    "Excuse",
    "LateMark",
    "MakeUp",
    "MakeUpQuerySet",
    "PaperLine",
    "RunSignOff",
    "Session",
    "SessionQuerySet",
    "SessionSignOff",
    "SignedPaper",
    "UnmatchedWalkIn",
    "whole_minutes",
]
