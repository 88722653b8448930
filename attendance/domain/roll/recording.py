"""Who was there: marks are added, records settled and completion decided, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.hours.counting import counted_since
from attendance.domain.hours.deriving import settle_marks
from attendance.domain.hours.guests import evaluate_with_guests, find_guests
from attendance.domain.hours.rules import params_in_force
from attendance.domain.roll.holding import RollFacts, hold_people, read_facts, share_session
from attendance.domain.roll.late_marks import keep_late_marks
from attendance.domain.roll.mark_limits import ask_for_reason, require_within
from attendance.domain.roll.queries import RecordedStatus
from attendance.domain.roll.slips import is_own_slip
from attendance.enums import (
    METHODS_AFTER_SIGN_OFF,
    PRESENT_STATUSES,
    AttendanceStatus,
    MarkMethod,
)
from attendance.models import AttendanceMark, Session, whole_minutes
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.core.text import nfc

REASON_LENGTH = 300
DEVICE_LENGTH = 100


@dataclass(frozen=True)
class RollEntry:
    """What is to be noted about one person.

    `client_id` names the act of noting: the same one sent again changes nothing.
    `minutes_late` counts only when late, `minutes_left_early` only of who was there; `reason` is
    needed when something else was noted before, unless it `may_be_slip`: somebody changes on the
    roll what he or she has just noted.
    """

    enrolment_id: int
    status: AttendanceStatus
    client_id: UUID
    minutes_late: int = 0
    reason: str = ""
    #: None: as it is noted, for ways of noting that know nothing of it.
    minutes_left_early: int | None = None
    may_be_slip: bool = False
    #: The last mark that was seen when the reason was given; None where the roll was seen as it is.
    seen_mark_id: int | None = None
    #: Of what was noted before it could be written; else the person and the moment of writing.
    noted_by: User | None = None
    noted_at: datetime | None = None

    @property
    def statement(self) -> tuple[str, int, int]:
        """What is said: the status and the minutes that go with it."""
        late = self.minutes_late if self.status == AttendanceStatus.LATE else 0
        is_there = self.status in PRESENT_STATUSES
        return self.status, late, (self.minutes_left_early or 0) if is_there else 0

    def completed(self, *, left_early: int | None) -> "RollEntry":
        """Return a whole statement: what it leaves open stays as it is noted."""
        if self.minutes_left_early is None and left_early:
            return replace(self, minutes_left_early=left_early)
        return self


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
    return record_held(
        session=hold_session(session, at=at),
        entries=entries,
        by=by,
        at=at,
        among=among,
        device=device,
        method=method,
    )


def record_held(
    *,
    session: Session,
    entries: Sequence[RollEntry],
    by: User,
    at: datetime,
    among: QuerySet[Enrolment] | None,
    device: str,
    method: MarkMethod,
) -> RollCallResult:
    """Do as `record_roll_call` in a session that the caller's transaction has held since `at`.

    `among` None: everybody on the roll.
    """
    _require_once(entries)
    require_markable(session=session, at=_markable_at(session, method, at))
    ids = [entry.enrolment_id for entry in entries]
    hold_people(ids)
    client_ids = [entry.client_id for entry in entries]
    facts = read_facts(session=session, enrolment_ids=ids, client_ids=client_ids, among=among)
    waits = method not in METHODS_AFTER_SIGN_OFF and facts.is_signed
    result, marks = RollCallResult(), []
    for entry, recorded in _completed(entries, facts.recorded):
        try:
            if _is_known(entry, recorded, session=session, taken_ids=facts.taken_ids):
                result.unchanged.append(entry.enrolment_id)
                continue
            is_slip = _is_slip(entry, recorded, session=session, by=by, at=at)
            is_correction = _corrects(entry, recorded, session, by=by, waits=waits, is_slip=is_slip)
        except Refusal as refusal:
            result.refused[entry.enrolment_id] = refusal
            continue
        result.add(entry.enrolment_id, is_correction=is_correction, waits=waits)
        is_guest = entry.enrolment_id in facts.guests
        how = _method_of(method, is_correction=is_correction, is_guest=is_guest)
        marks.append(make_mark(entry, session=session, by=by, at=at, device=device, method=how))
    _write(marks, session=session, facts=facts, at=at, waits=waits)
    return result


def _markable_at(session: Session, method: MarkMethod, at: datetime) -> datetime:
    """Return the moment to judge by: an excuse may be decided before the day of the session."""
    return max(at, session.starts_at) if method == MarkMethod.EXCUSE_DECIDED else at


def _method_of(method: MarkMethod, *, is_correction: bool, is_guest: bool) -> MarkMethod:
    """Return how a mark is noted: a roll, a sheet or a list corrects what else was noted,
    and lets a guest make up.
    """
    if method not in (MarkMethod.ROLL_CALL, MarkMethod.PAPER, MarkMethod.IMPORTED):
        return method
    if is_correction:
        return MarkMethod.CORRECTION
    return MarkMethod.MAKE_UP if is_guest else method


def hold_session(session: Session, *, at: datetime, reader: User | None = None) -> Session:
    """Hold the session as it is now, with its class, until the transaction ends; others may note
    in it at the same time, unless it is over and has to be counted first.

    `session`: as it was read a moment ago, perhaps with its key alone. `reader`: one whose roll this
    reader may take, as `on_roll_of` returns it. Raises Refusal `session_gone`.
    """
    is_to_count = session.ends_at and session.counted_at is None and session.ends_at <= at
    held = None if is_to_count else share_session(pk=session.pk, at=at, reader=reader)
    return held if held is not None else lock_session(session, reader=reader)


def lock_session(session: Session, *, reader: User | None = None) -> Session:
    """Lock the session as it is now, with its class and its rules, until the transaction ends.

    `reader`: as `hold_session`. Raises Refusal `session_gone`.
    """
    sessions = Session.objects.on_roll_of(reader) if reader else Session.objects.all()
    # Without the key, as everywhere: rows that refer to the session may be added meanwhile.
    rows = sessions.select_for_update(of=("self",), no_key=True)
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
    _require_its_day(session, at)


def _require_its_day(session: Session, at: datetime) -> None:
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
    """Raise the Refusal `session_not_begun` unless the person knows to be early; before the day of
    the session `session_not_yet`, since no tick helps then.

    For whoever takes a roll by hand: the wrong session of the day is a slip of one tap.
    """
    _require_its_day(session, at)
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
    by: User,
    waits: bool,
    is_slip: bool,
) -> bool:
    """Do as `require_acceptable`; a slip needs no reason and is no correction.

    A reason was given for what was seen: it does not overrule what a colleague noted since.
    """
    asks_reason = not (waits or is_slip)
    is_other = require_acceptable(entry, recorded, session=session, asks_reason=asks_reason)
    if is_other and asks_reason and recorded and recorded.is_unseen(entry.seen_mark_id, by=by):
        raise Refusal("reason_required", ask_for_reason(recorded))
    return is_other and not is_slip


def _is_slip(
    entry: RollEntry, recorded: RecordedStatus | None, *, session: Session, by: User, at: datetime
) -> bool:
    """Return whether no reason is asked: of one's own fresh tap, and of leaving that is added on the
    day of the session.
    """
    if recorded is None or recorded.noted_at is None:
        return False
    is_day = timezone.localdate(at) <= timezone.localdate(session.ends_at)
    if is_day and recorded.only_lacks_leaving(entry.statement):
        return True
    return entry.may_be_slip and is_own_slip(
        noted_by_id=recorded.noted_by_id, noted_at=recorded.noted_at, by=by, at=at
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
    _status, late, left_early = entry.statement
    minutes = whole_minutes(session.starts_at, session.ends_at)
    require_within(minutes=minutes, late=late, left_early=left_early)
    if recorded.status is None:
        return False
    if asks_reason and not entry.reason.strip():
        raise Refusal("reason_required", ask_for_reason(recorded))
    return True


def _completed(
    entries: Sequence[RollEntry], recorded_of: Mapping[int, RecordedStatus]
) -> Iterator[tuple[RollEntry, RecordedStatus | None]]:
    """Yield whole statements, with what is noted: what an entry leaves open stays as that is."""
    for entry in entries:
        recorded = recorded_of.get(entry.enrolment_id)
        noted = recorded.minutes_left_early if recorded is not None else None
        yield entry.completed(left_early=noted), recorded


def make_mark(
    entry: RollEntry, *, session: Session, by: User, at: datetime, device: str, method: MarkMethod
) -> AttendanceMark:
    status, late, left_early = entry.statement
    return AttendanceMark(
        session_id=session.pk,
        enrolment_id=entry.enrolment_id,
        status=status,
        minutes_late=late,
        minutes_left_early=left_early,
        method=method,
        reason=nfc(entry.reason)[:REASON_LENGTH],
        marked_by_id=(entry.noted_by or by).pk,
        marked_at=entry.noted_at or at,
        device=device[:DEVICE_LENGTH],
        client_id=entry.client_id,
    )


def _write(
    marks: list[AttendanceMark],
    *,
    session: Session,
    facts: RollFacts,
    at: datetime,
    waits: bool,
) -> None:
    """Add the marks and settle their records; keep what waits beside them.

    Completion is decided where the hours of the session count: before its end nothing follows
    from a mark, and then the tick decides for everybody.
    """
    if waits:
        keep_late_marks(marks)
        return
    if not marks:
        return
    stored = AttendanceMark.objects.bulk_create(marks)
    settle_marks(marks=stored, session=session, rules=facts.rules, guests=facts.guests)
    if session.counted_at is None and counted_since(session=session, at=at):
        # The roll was taken before the tick came by: others may have waited for this session.
        session.counted_at = at
        session.save(update_fields=["counted_at"])
        guests = find_guests([session]) if facts.has_guests else {}
        evaluate_with_guests(run=session.run, guests=guests, at=at)
        return
    if session.counted_at:
        ids = [mark.enrolment_id for mark in stored]
        guests = {pk: facts.guests[pk] for pk in ids if pk in facts.guests}
        # Hours of a session that is not required here may still discharge others elsewhere.
        people = [pk for pk in ids if pk not in guests] if session.is_required else []
        evaluate_with_guests(run=session.run, guests=guests, enrolment_ids=people, at=at)
