"""Who was there: marks are added, records settled and completion decided, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.counting import counted_since
from attendance.domain.deriving import settle_marks
from attendance.domain.late_marks import is_signed, keep_late_marks
from attendance.domain.queries import RecordedStatus, recorded_statuses
from attendance.domain.rules import params_in_force, rules_of_held
from attendance.enums import (
    METHODS_AFTER_SIGN_OFF,
    PRESENT_STATUSES,
    AttendanceStatus,
    MarkMethod,
)
from attendance.models import AttendanceMark, LateMark, Session, whole_minutes
from courses.domain import completion
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.core.text import nfc

# So long may one put right, without a reason, what one has noted oneself.
SLIP_WINDOW = timedelta(minutes=10)
REASON_LENGTH = 300
DEVICE_LENGTH = 100


@dataclass(frozen=True)
class RollEntry:
    """What is to be noted about one person.

    `client_id` names the act of noting: the same one sent again changes nothing.
    `minutes_late` counts only when late, `minutes_left_early` only of who was there; `reason` is
    needed when something else was noted before, unless `is_slip`: the same person changes what he
    or she has just tapped.
    """

    enrolment_id: int
    status: AttendanceStatus
    client_id: UUID
    minutes_late: int = 0
    reason: str = ""
    #: None: as it is noted, for ways of noting that know nothing of it.
    minutes_left_early: int | None = None
    is_slip: bool = False

    @property
    def statement(self) -> tuple[str, int, int]:
        """What is said: the status and the minutes that go with it."""
        late = self.minutes_late if self.status == AttendanceStatus.LATE else 0
        is_there = self.status in PRESENT_STATUSES
        return self.status, late, (self.minutes_left_early or 0) if is_there else 0


@dataclass(frozen=True)
class RollCallResult:
    """What became of each entry, by enrolment id; an entry is in exactly one of the five."""

    saved: list[int] = field(default_factory=list)
    corrected: list[int] = field(default_factory=list)
    #: Not applied, since the session was signed: they wait for somebody to confirm them.
    kept: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)

    def add(self, pk: int, *, is_correction: bool, waits: bool) -> None:
        done = self.corrected if is_correction else self.saved
        (self.kept if waits else done).append(pk)


@transaction.atomic
def record_roll_call(
    *,
    session: Session,
    entries: Sequence[RollEntry],
    by: User,
    at: datetime,
    among: QuerySet[Enrolment],
    device: str = "",
    method: MarkMethod = MarkMethod.ROLL_CALL,
) -> RollCallResult:
    """Note many people in one session; the number of queries does not depend on how many.

    Whoever is not `among` those that `by` may note is refused as `not_enrolled`. A refused entry
    leaves the others saved; also what `require_acceptable` refuses, and `client_id_taken`. What
    reaches a signed session waits, whatever the clock of the phone says. Raises Refusal for all:
    `session_gone`, `run_cancelled`, `session_not_yet`; ValueError for a double person or client id.
    """
    _require_once(entries)
    held = lock_session(session)
    require_markable(session=held, at=_markable_at(held, method, at))
    ids = [entry.enrolment_id for entry in entries]
    recorded_of = recorded_statuses(session=held, enrolment_ids=ids, among=among)
    taken_ids = _taken_client_ids(entries)
    waits = method not in METHODS_AFTER_SIGN_OFF and is_signed(held)
    result, marks = RollCallResult(), []
    for entry, recorded in _completed(entries, recorded_of):
        try:
            if _is_known(entry, recorded, session=held, taken_ids=taken_ids):
                result.unchanged.append(entry.enrolment_id)
                continue
            is_slip = _is_slip(entry, recorded, by=by, at=at)
            is_correction = _corrects(entry, recorded, held, waits=waits, is_slip=is_slip)
        except Refusal as refusal:
            result.refused[entry.enrolment_id] = refusal
            continue
        result.add(entry.enrolment_id, is_correction=is_correction, waits=waits)
        how = _method_of(method, is_correction=is_correction)
        marks.append(make_mark(entry, session=held, by=by, at=at, device=device, method=how))
    _write(marks, session=held, at=at, waits=waits)
    return result


def _markable_at(session: Session, method: MarkMethod, at: datetime) -> datetime:
    """Return the moment to judge by: an excuse may be decided before the day of the session."""
    return max(at, session.starts_at) if method == MarkMethod.EXCUSE_DECIDED else at


def _method_of(method: MarkMethod, *, is_correction: bool) -> MarkMethod:
    """Return how a mark is noted: a roll, a sheet or a list corrects what else was noted."""
    is_roll = method in (MarkMethod.ROLL_CALL, MarkMethod.PAPER, MarkMethod.IMPORTED)
    return MarkMethod.CORRECTION if is_correction and is_roll else method


def lock_session(session: Session) -> Session:
    """Lock the session as it is now, with its class and its rules, until the transaction ends.

    Raises Refusal `session_gone`.
    """
    # Without the key, as everywhere: rows that refer to the session may be added meanwhile.
    rows = Session.objects.select_for_update(of=("self",), no_key=True)
    # The signature is read afterwards: joined here it would be as it was before the wait.
    rows = rows.select_related("run")
    held = rows.annotate(hours_params=params_in_force("run")).filter(pk=session.pk).first()
    if held is None:
        raise Refusal("session_gone", _("This session has been removed in the meantime."))
    return held


def require_markable(*, session: Session, at: datetime) -> None:
    """Raise Refusal unless attendance of this session may be noted at this moment."""
    if session.run.status == RunStatus.CANCELLED:
        raise Refusal(
            "run_cancelled", _("This class has been cancelled, so attendance cannot be recorded.")
        )
    if session.cancelled_at:
        raise Refusal(
            "session_cancelled",
            _("This session has been cancelled, so attendance cannot be recorded."),
        )
    day = timezone.localdate(session.starts_at)
    if timezone.localdate(at) < day:
        raise Refusal(
            "session_not_yet",
            _("It is too early for this session: attendance opens on %(day)s.")
            % {"day": vi_date(day)},
        )


def has_begun(*, session: Session, at: datetime) -> bool:
    return at >= session.starts_at


def require_begun(*, session: Session, at: datetime, is_known_early: bool) -> None:
    """Raise the Refusal `session_not_begun` unless the person knows to be early.

    For whoever takes a roll by hand: the wrong session of the day is a slip of one tap.
    """
    if not is_known_early and not has_begun(session=session, at=at):
        raise Refusal(
            "session_not_begun",
            _(
                "Not saved yet: this session does not begin until %(hour)s. Tick the box to "
                "confirm that you are taking the roll before it begins, then save again."
            )
            % {"hour": vi_date(session.starts_at, "hour")},
        )


def _require_once(entries: Sequence[RollEntry]) -> None:
    for values in (
        [entry.enrolment_id for entry in entries],
        [entry.client_id for entry in entries],
    ):
        if len(set(values)) != len(values):
            raise ValueError("A person or a client id stands in the list twice.")


def _taken_client_ids(entries: Sequence[RollEntry]) -> dict[UUID, tuple[int, int]]:
    """Return session and enrolment of each client id that has been used before."""
    ids = [entry.client_id for entry in entries]
    columns = ("client_id", "session_id", "enrolment_id")
    noted = AttendanceMark.objects.filter(client_id__in=ids).order_by().values_list(*columns)
    late = LateMark.objects.filter(client_id__in=ids).order_by().values_list(*columns)
    rows = noted.union(late)
    return {client_id: (session_id, enrolment_id) for client_id, session_id, enrolment_id in rows}


def _is_known(
    entry: RollEntry,
    recorded: RecordedStatus | None,
    *,
    session: Session,
    taken_ids: dict[UUID, tuple[int, int]],
) -> bool:
    """Return whether the entry says nothing new: sent before, or the same as what is noted."""
    if entry.client_id in taken_ids:
        if taken_ids[entry.client_id] == (session.pk, entry.enrolment_id):
            return True
        raise Refusal(
            "client_id_taken",
            _("This mark has already been used for somebody else. Please reload the page."),
        )
    return recorded is not None and entry.statement == recorded.statement


def _corrects(
    entry: RollEntry,
    recorded: RecordedStatus | None,
    session: Session,
    *,
    waits: bool,
    is_slip: bool,
) -> bool:
    """Do as `require_acceptable`; a slip needs no reason and is no correction."""
    asks_reason = not (waits or is_slip)
    is_other = require_acceptable(entry, recorded, session=session, asks_reason=asks_reason)
    return is_other and not is_slip


def _is_slip(entry: RollEntry, recorded: RecordedStatus | None, *, by: User, at: datetime) -> bool:
    return (
        entry.is_slip
        and recorded is not None
        and recorded.noted_by_id == by.pk
        and recorded.noted_at is not None
        and at - recorded.noted_at <= SLIP_WINDOW
    )


def require_acceptable(
    entry: RollEntry,
    recorded: RecordedStatus | None,
    *,
    session: Session,
    asks_reason: bool = True,
) -> bool:
    """Raise the Refusal that refuses this entry; else tell whether it is a correction."""
    if recorded is None:
        raise Refusal("not_enrolled", _("This person is not enrolled in this class."))
    if recorded.enrolment_status == EnrolmentStatus.WITHDRAWN:
        raise Refusal("withdrawn", _("This person has withdrawn from this class."))
    _require_within(entry, minutes=whole_minutes(session.starts_at, session.ends_at))
    if recorded.status is None:
        return False
    if asks_reason and not entry.reason.strip():
        raise Refusal("reason_required", _ask_for_reason(recorded))
    return True


def _completed(
    entries: Sequence[RollEntry], recorded_of: Mapping[int, RecordedStatus]
) -> Iterator[tuple[RollEntry, RecordedStatus | None]]:
    """Yield whole statements, with what is noted: what an entry leaves open stays as that is."""
    for entry in entries:
        recorded = recorded_of.get(entry.enrolment_id)
        if entry.minutes_left_early is None and recorded is not None:
            yield replace(entry, minutes_left_early=recorded.minutes_left_early), recorded
        else:
            yield entry, recorded


def _require_within(entry: RollEntry, *, minutes: int) -> None:
    """Refuse more minutes than lie between the begin and the end of the session."""
    _status, late, left_early = entry.statement
    if late > minutes:
        raise Refusal(
            "minutes_late_too_many",
            _("The session lasts %(minutes)d minutes: nobody can be later than that.")
            % {"minutes": minutes},
        )
    if late + left_early > minutes:
        raise Refusal(
            "minutes_left_early_too_many",
            _(
                "The session lasts %(minutes)d minutes: nobody can come late and leave early by "
                "more than that together."
            )
            % {"minutes": minutes},
        )


def _ask_for_reason(recorded: RecordedStatus) -> str:
    """Return what stands there, by whom and since when: it may come from another phone."""
    values = {
        "status": AttendanceStatus(str(recorded.status)).label,
        "name": recorded.noted_by,
        "when": vi_date(recorded.noted_at, "time") if recorded.noted_at else "",
    }
    if not recorded.noted_by:
        return (
            _("“%(status)s” has already been recorded. Please give the reason for the change.")
            % values
        )
    return (
        _(
            "“%(status)s” was recorded by %(name)s (%(when)s). Leave it so, or give the reason for "
            "the change."
        )
        % values
    )


def make_mark(
    entry: RollEntry, *, session: Session, by: User, at: datetime, device: str, method: MarkMethod
) -> AttendanceMark:
    status, late, left_early = entry.statement
    return AttendanceMark(
        session=session,
        enrolment_id=entry.enrolment_id,
        status=status,
        minutes_late=late,
        minutes_left_early=left_early,
        method=method,
        reason=nfc(entry.reason)[:REASON_LENGTH],
        marked_by=by,
        marked_at=at,
        device=device[:DEVICE_LENGTH],
        client_id=entry.client_id,
    )


def _write(marks: list[AttendanceMark], *, session: Session, at: datetime, waits: bool) -> None:
    """Add the marks, settle their records and decide completion; keep what waits beside them."""
    if waits:
        keep_late_marks(marks)
        return
    if not marks:
        return
    stored = AttendanceMark.objects.bulk_create(marks)
    settle_marks(marks=stored, session=session, rules=rules_of_held(session))
    if session.counted_at is None and counted_since(session=session, at=at):
        # The roll was taken before the tick came by: others may have waited for this session.
        session.counted_at = at
        session.save(update_fields=["counted_at"])
        completion.evaluate_class(run=session.run, at=at)
        return
    completion.evaluate_many(
        run=session.run, enrolment_ids=[mark.enrolment_id for mark in stored], at=at
    )
