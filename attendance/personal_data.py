"""What attendance holds about people: the marks, and who made them."""

from datetime import datetime
from typing import Final

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from attendance.domain.excuses.decisions import forget_paper
from attendance.domain.paper.scans import forget_papers
from attendance.enums import REASONED_METHODS, WalkInState
from attendance.models import (
    AttendanceMark,
    CalendarFeed,
    Excuse,
    LateMark,
    MakeUp,
    PaperLine,
    RunSignOff,
    Session,
    SessionSignOff,
    SignedPaper,
    UnmatchedWalkIn,
)
from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import (
    NO_LONGER_KEPT,
    REMOVED,
    Follow,
    PersonalData,
    PseudonymisationRule,
    RetentionRule,
    one_is_enough,
)


def _marks_with_notes(before: datetime) -> QuerySet[AttendanceMark]:
    noted = ~Q(device="") | ~Q(reason__in=("", NO_LONGER_KEPT))
    return AttendanceMark.objects.filter(noted, marked_at__lt=before)


def _remove_notes(rows: QuerySet[AttendanceMark], _at: datetime) -> int:
    # A correction needs a reason.
    corrected = When(method__in=REASONED_METHODS, then=Value(NO_LONGER_KEPT))
    return rows.update(device="", reason=Case(corrected, default=Value("")))


def _no_reason(mark: AttendanceMark) -> str:
    return NO_LONGER_KEPT if mark.method in REASONED_METHODS else ""


def _no_cancel_reason(session: Session) -> str:
    return NO_LONGER_KEPT if session.cancel_reason else ""


def _late_marks_with_notes(before: datetime) -> QuerySet[LateMark]:
    return LateMark.objects.exclude(reason="").filter(received_at__lt=before)


def _remove_late_notes(rows: QuerySet[LateMark], _at: datetime) -> int:
    return rows.update(reason="")


def _excuses_with_reason(before: datetime) -> QuerySet[Excuse]:
    return Excuse.objects.exclude(reason=NO_LONGER_KEPT, paper="").filter(asked_at__lt=before)


def _remove_reasons(rows: QuerySet[Excuse], _at: datetime) -> int:
    for excuse in rows.exclude(paper=""):
        forget_paper(excuse)
    return rows.update(reason=NO_LONGER_KEPT, paper="")


def _named_walk_ins(before: datetime) -> QuerySet[UnmatchedWalkIn]:
    return UnmatchedWalkIn.objects.exclude(name=NO_LONGER_KEPT).filter(noted_at__lt=before)


def _remove_names(rows: QuerySet[UnmatchedWalkIn], _at: datetime) -> int:
    dismissed = When(state=WalkInState.DISMISSED, then=Value(NO_LONGER_KEPT))
    reason = Case(dismissed, default=Value(""))
    return rows.update(name=NO_LONGER_KEPT, phone="", unit_text="", note="", reason=reason)


def _make_ups_with_reason(before: datetime) -> QuerySet[MakeUp]:
    noted = MakeUp.objects.exclude(reason__in=("", NO_LONGER_KEPT))
    return noted.filter(taken_back_at__lt=before)


def _remove_make_up_reasons(rows: QuerySet[MakeUp], _at: datetime) -> int:
    return rows.update(reason=NO_LONGER_KEPT)


def _papers_attached(before: datetime) -> QuerySet[SignedPaper]:
    return SignedPaper.objects.filter(attached_at__lt=before)


def _forget_papers(rows: QuerySet[SignedPaper], _at: datetime) -> int:
    return forget_papers(rows)


_SIGNATURE: Final = "Who signed a register on that day stays told as it was."

PERSONAL_DATA = (
    PersonalData(
        Session,
        copy=PseudonymisationRule(
            kept=("title", "place", "room"),
            replaced={"cancel_reason": _no_cancel_reason},
            why="What is taught where, not by whom.",
        ),
    ),
    PersonalData(
        Session.trainers.through,
        on_merge={"user": Follow(clash_key=lambda row: row.session_id, settle=one_is_enough)},
    ),
    PersonalData(
        CalendarFeed,
        subject="user",
        shown=("run", "made_at"),
        ends_with_person=True,
        # Phones that read the calendar of the closed record go on, unless the other has an address.
        on_merge={"user": Follow(clash_key=lambda row: row.run_id or 0, settle=one_is_enough)},
        copy=REMOVED,
    ),
    PersonalData(
        AttendanceMark,
        subject="enrolment__user",
        shown=(
            "session",
            "status",
            "minutes_late",
            "minutes_left_early",
            "reason",
            "marked_at",
            "device",
        ),
        on_merge={
            "marked_by": "Marks are only ever added, and say who noted them on that day.",
        },
        keep=[
            RetentionRule(
                key="attendance_notes",
                label=_("Reasons for absences and corrections, and the device used for the roll"),
                counted_from=_("the day it was recorded"),
                reason=_(
                    "Hours may be disputed during this time. Who was present is kept, because "
                    "reports count it."
                ),
                action=RetentionAction.ANONYMOUS,
                days=5 * 365,
                due=_marks_with_notes,
                purge=_remove_notes,
            )
        ],
        copy=PseudonymisationRule(emptied=("device",), replaced={"reason": _no_reason}),
    ),
    PersonalData(
        Excuse,
        subject="enrolment__user",
        shown=("session", "reason", "state", "asked_at", "decided_at"),
        on_merge={
            "decided_by": "Who decided on that day stays told as it was.",
            "noted_by": "Who took a call on that day stays told as it was.",
        },
        keep=[
            RetentionRule(
                key="excuses",
                label=_("Reasons and papers of requests to be excused"),
                counted_from=_("the day it was asked"),
                reason=_("They may tell of an illness, and are needed while hours are disputed."),
                action=RetentionAction.ANONYMOUS,
                days=365,
                due=_excuses_with_reason,
                purge=_remove_reasons,
            )
        ],
        copy=PseudonymisationRule(
            emptied=("paper",), replaced={"reason": lambda _excuse: NO_LONGER_KEPT}
        ),
    ),
    PersonalData(
        MakeUp,
        subject="enrolment__user",
        shown=("missed_session", "session", "agreed_at", "taken_back_at", "reason"),
        on_merge={
            "agreed_by": "Who agreed on that day stays told as it was.",
            "taken_back_by": "Who took it back on that day stays told as it was.",
        },
        keep=[
            RetentionRule(
                key="make_ups",
                label=_("Reasons for which make-up sessions were taken back"),
                counted_from=_("the day it was taken back"),
                reason=_("They may tell of an illness, and are needed while hours are disputed."),
                action=RetentionAction.ANONYMOUS,
                days=365,
                due=_make_ups_with_reason,
                purge=_remove_make_up_reasons,
            )
        ],
        copy=PseudonymisationRule(
            replaced={"reason": lambda one: NO_LONGER_KEPT if one.reason else ""}
        ),
    ),
    PersonalData(
        PaperLine,
        subject="enrolment__user",
        shown=("session", "status", "minutes_late", "minutes_left_early", "typed_at"),
        on_merge={"typed_by": "Who typed a sheet on that day stays told as it was."},
    ),
    PersonalData(
        SignedPaper,
        on_merge={
            "attached_by": "Who attached it on that day stays told as it was.",
            "set_aside_by": "Who set it aside on that day stays told as it was.",
        },
        keep=[
            RetentionRule(
                key="signed_papers",
                label=_("Photos and scans of signed sheets"),
                counted_from=_("the day it was attached"),
                reason=_("Hours may be disputed during this time; the register itself is kept."),
                action=RetentionAction.DELETED,
                days=5 * 365,
                due=_papers_attached,
                purge=_forget_papers,
            )
        ],
        copy=REMOVED,
    ),
    PersonalData(SessionSignOff, on_merge={"signed_by": _SIGNATURE}),
    PersonalData(RunSignOff, on_merge={"signed_by": _SIGNATURE, "confirmed_by": _SIGNATURE}),
    PersonalData(
        UnmatchedWalkIn,
        subject="enrolment__user",
        shown=("session", "name", "status", "noted_at"),
        on_merge={
            "noted_by": "Marks are only ever added, and say who noted them on that day.",
            "decided_by": "Who decided on that day stays told as it was.",
        },
        keep=[
            RetentionRule(
                key="unmatched_walk_ins",
                label=_("People noted by name alone in a session"),
                counted_from=_("the day it was recorded"),
                reason=_(
                    "The record is looked for during this time. Phone, unit and note are emptied "
                    "as soon as it is found."
                ),
                action=RetentionAction.ANONYMOUS,
                days=365,
                due=_named_walk_ins,
                purge=_remove_names,
            )
        ],
        copy=PseudonymisationRule(
            emptied=("phone", "unit_text", "note"),
            replaced={
                "name": lambda _walk_in: NO_LONGER_KEPT,
                "reason": lambda walk_in: walk_in.reason and NO_LONGER_KEPT,
            },
        ),
    ),
    PersonalData(
        LateMark,
        subject="enrolment__user",
        shown=(
            *("session", "status", "minutes_late", "minutes_left_early"),
            *("reason", "received_at", "is_confirmed"),
        ),
        on_merge={
            "noted_by": "Marks are only ever added, and say who noted them on that day.",
            "decided_by": "Who decided on that day stays told as it was.",
        },
        keep=[
            RetentionRule(
                key="late_marks",
                label=_("Reasons of marks that came after a register was signed"),
                counted_from=_("the day it was received"),
                reason=_(
                    "Hours may be disputed during this time. Who was present is kept, because "
                    "reports count it."
                ),
                action=RetentionAction.ANONYMOUS,
                days=5 * 365,
                due=_late_marks_with_notes,
                purge=_remove_late_notes,
            )
        ],
        copy=PseudonymisationRule(emptied=("reason",)),
    ),
)
