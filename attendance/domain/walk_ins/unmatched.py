"""Who came and is not on record: a line with a name, matched later by who answers for the unit."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.register.sign_off import may_confirm
from attendance.domain.roll import slips
from attendance.domain.roll.recording import (
    REASON_LENGTH,
    RollCallResult,
    RollEntry,
    lock_session,
    record_roll_call,
    require_markable,
)
from attendance.domain.walk_ins.enrolling import (
    FoundPerson,
    enrol_walk_in,
    reachable_people,
    tell_apart,
)
from attendance.enums import AttendanceStatus, MarkMethod, WalkInState
from attendance.models import Session, UnmatchedWalkIn
from attendance.models.walk_ins import UnmatchedWalkInQuerySet
from courses.domain.runs import lock_run
from courses.models import Enrolment
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import User
from lms.accounts.register.domain.phones import parse_phone
from lms.accounts.rosters.domain.matching import MatchKeys, PersonMatcher
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.core.text import fold, nfc


@transaction.atomic
def note_unmatched(
    *,
    session: Session,
    name: str,
    client_id: UUID,
    by: User,
    at: datetime,
    phone: str = "",
    unit_text: str = "",
    note: str = "",
) -> UnmatchedWalkIn:
    """Note by name that somebody has come; the same sent again returns the first line.

    Also in a session that was signed meanwhile: what becomes of the line is decided later.
    Raises Refusal `name_missing`, and what `require_markable` refuses.
    """
    held = lock_session(session)
    require_markable(session=held, at=at)
    if known := UnmatchedWalkIn.objects.filter(session=held, client_id=client_id).first():
        return known
    if not nfc(name):
        raise Refusal("name_missing", _("Please write the name."), field="name")
    return UnmatchedWalkIn.objects.create(
        session=held,
        name=nfc(name),
        phone=nfc(phone),
        unit_text=nfc(unit_text),
        note=nfc(note),
        noted_by=by,
        noted_at=at,
        client_id=client_id,
    )


def unmatched_to_decide(*, by: User) -> UnmatchedWalkInQuerySet:
    """Return lines that wait and that this person may match or dismiss, the first first."""
    waiting = UnmatchedWalkIn.objects.waiting()
    own = waiting.filter(by.scope.units_q("session__run__unit", MANAGING_ROLES))
    return own.select_related("session__run__unit", "noted_by")


def propose_people(*, walk_in: UnmatchedWalkIn, reader: User, at: datetime) -> list[FoundPerson]:
    """Return who of those within reach may be meant, by phone and by name without accents;
    whom a list of people would mean comes first.
    """
    reach = reachable_people(session=walk_in.session, reader=reader, day=timezone.localdate(at))
    matcher = PersonMatcher(by=reader, candidate_scope=reach.everybody)
    keys = MatchKeys(full_name=walk_in.name, phone=parse_phone(walk_in.phone).e164)
    matcher.load([keys])
    found = matcher.match(keys)
    meant = {found.pk} if found.pk else set(found.candidates)
    likely = reach.everybody.filter(Q(pk__in=meant) | Q(folded_name=fold(walk_in.name)))
    people = list(likely.in_name_order().prefetch_related(reach.posts_here))
    people.sort(key=lambda person: person.pk not in meant)
    return tell_apart(people, session=walk_in.session)


@transaction.atomic
def match_unmatched(
    *, walk_in: UnmatchedWalkIn, person: User, by: User, at: datetime
) -> RollCallResult:
    """Enrol the person who is meant and note what was noted then, by whom and when it was.

    Somebody on the roll already is noted alone. In a signed session the mark waits to be
    confirmed, as every late one. The first decision stands: the same again changes nothing,
    another raises Refusal `already_decided`. Also `not_decider`, and what `enrol_walk_in` and
    `record_roll_call` refuse.
    """
    # Class, session, line: in the order in which walk-ins are noted.
    lock_run(walk_in.session.run)
    session = lock_session(walk_in.session)
    held = _lock(walk_in)
    _require_decider(session, by)
    if held.enrolment is not None and held.enrolment.user_id == person.pk:
        return RollCallResult(unchanged=[held.enrolment.pk])
    _require_waiting(held)
    enrolment = _enrolment_of(person, session=session, by=by, at=at)
    result = record_roll_call(
        session=session,
        entries=[_entry(held, enrolment)],
        by=by,
        at=at,
        among=Enrolment.objects.filter(pk=enrolment.pk),
        method=MarkMethod.WALK_IN,
    )
    for refusal in result.refused.values():
        raise refusal
    held.enrolment = enrolment
    held.phone = held.unit_text = held.note = ""
    _decide(held, WalkInState.MATCHED, by=by, at=at)
    return result


@transaction.atomic
def dismiss_unmatched(*, walk_in: UnmatchedWalkIn, reason: str, by: User, at: datetime) -> None:
    """Let the line count for nobody, with a reason; whoever has just noted it needs none.

    The first decision stands: a repeat changes nothing, another or another reason raises Refusal
    `already_decided`. Also `not_decider`, `reason_required`.
    """
    session = lock_session(walk_in.session)
    held = _lock(walk_in)
    is_slip = is_own_slip(held, by=by, at=at)
    if not is_slip:
        _require_decider(session, by)
    text = nfc(reason)[:REASON_LENGTH] or (_("Undone at once.") if is_slip else "")
    if held.state == WalkInState.DISMISSED and (is_slip or held.reason == text):
        return
    _require_waiting(held)
    if not text:
        raise Refusal("reason_required", _("Please write the reason."), field="reason")
    held.reason = text
    _decide(held, WalkInState.DISMISSED, by=by, at=at)


def is_own_slip(walk_in: UnmatchedWalkIn, *, by: User, at: datetime) -> bool:
    """Return whether this person noted the line a moment ago, and may take it back."""
    return slips.is_own_slip(
        noted_by_id=walk_in.noted_by_id, noted_at=walk_in.noted_at, by=by, at=at
    )


def _enrolment_of(person: User, *, session: Session, by: User, at: datetime) -> Enrolment:
    """Return the place of the person in the class, made where there is none that counts."""
    on_roll = Enrolment.objects.visible_to(by).counted().filter(run=session.run_id, user=person)
    known = on_roll.first()
    return known or enrol_walk_in(session=session, person=person, by=by, at=at)


def _entry(walk_in: UnmatchedWalkIn, enrolment: Enrolment) -> RollEntry:
    return RollEntry(
        enrolment.pk,
        AttendanceStatus(walk_in.status),
        walk_in.client_id,
        minutes_late=walk_in.minutes_late,
        minutes_left_early=walk_in.minutes_left_early,
        # Asked for where something else stands on the line of the person.
        reason=_("Noted by name on the roll, before the record was found."),
        noted_by=walk_in.noted_by,
        noted_at=walk_in.noted_at,
    )


def _decide(held: UnmatchedWalkIn, state: WalkInState, *, by: User, at: datetime) -> None:
    held.state, held.decided_by, held.decided_at = state, by, at
    held.save()


def _lock(walk_in: UnmatchedWalkIn) -> UnmatchedWalkIn:
    rows = UnmatchedWalkIn.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("noted_by", "enrolment").get(pk=walk_in.pk)


def _require_decider(session: Session, by: User) -> None:
    if not may_confirm(run=session.run, by=by):
        raise Refusal("not_decider", _("Only the coordinator of the unit may decide this."))


def _require_waiting(held: UnmatchedWalkIn) -> None:
    if held.state != WalkInState.WAITING:
        raise Refusal(
            "already_decided",
            _("%(name)s has decided this line already (%(when)s).")
            % {"name": held.decided_by, "when": vi_date(held.decided_at, "time")},
        )
