"""Somebody comes whose name is not on the roll: found, enrolled and noted present with one tap."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.roll.recording import (
    RollCallResult,
    RollEntry,
    lock_session,
    record_roll_call,
)
from attendance.domain.roll.slips import SLIP_WINDOW
from attendance.domain.roll.undo import undo_own_marks
from attendance.domain.sessions.conflicts import sessions_at_once
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, LateMark, MakeUp, Session
from courses.domain.enrolling import candidates, enrol_many, free_for, withdraw
from courses.domain.runs import lock_run
from courses.enums import EnrolmentStatus
from courses.models import Enrolment, LessonCompletion, QuizAttempt
from courses.permissions import host_units
from lms.accounts.models import Posting, User
from lms.accounts.models.managers import UserQuerySet
from lms.accounts.register.domain.login_lookup import search_people
from lms.accounts.register.domain.phones import looks_like_phone
from lms.core.refusal import Refusal
from lms.core.text import fold

#: More names than that nobody reads while people wait.
MOST_FOUND: Final = 20


@dataclass(frozen=True)
class FoundPerson:
    """Somebody who may be meant. `person.posts_here`: the posts that tell namesakes apart.

    `enrolment` is None for whoever was never in the class; `elsewhere`: sessions of other classes
    at the same time in which the person sits, which is told and keeps nobody out.
    """

    person: Any
    enrolment: Enrolment | None
    learns_elsewhere: bool
    elsewhere: list[Session] = field(default_factory=list)

    @property
    def is_on_roll(self) -> bool:
        return self.enrolment is not None and not self.has_withdrawn

    @property
    def has_withdrawn(self) -> bool:
        return self.enrolment is not None and self.enrolment.status == EnrolmentStatus.WITHDRAWN


@dataclass(frozen=True)
class WalkIn:
    """Who came, and what became of the mark."""

    enrolment: Enrolment
    result: RollCallResult


@dataclass(frozen=True)
class Reach:
    """Whom somebody may bring into a class or sees on its roll, and what tells them apart."""

    everybody: UserQuerySet
    posts: QuerySet[Posting]
    on_roll: QuerySet[Enrolment]

    @property
    def posts_here(self) -> Prefetch:
        """What a person does elsewhere tells nobody apart, and is not the reader's to know."""
        return Prefetch("postings", self.posts.select_related("unit"), to_attr="posts_here")


def reachable_people(*, session: Session, reader: User, day: date) -> Reach:
    """Return whom the reader may enrol in the class, and those whom he or she sees on its roll."""
    may_enrol = candidates(run=session.run, reader=reader, day=day)
    on_roll = Enrolment.objects.visible_to(reader).filter(run=session.run_id)
    everybody = User.objects.filter(
        Q(pk__in=may_enrol.values("pk")) | Q(pk__in=on_roll.values("user"))
    )
    posts = Posting.objects.on(day).filter(unit__in=host_units(reader))
    return Reach(everybody=everybody, posts=posts, on_roll=on_roll)


def find_people(*, session: Session, reader: User, text: str, at: datetime) -> list[FoundPerson]:
    """Return whom the reader may enrol in the class and those on the roll, by name, staff code,
    phone, or commune; one more than MOST_FOUND where there are more.

    A constant number of queries.
    """
    reach = reachable_people(session=session, reader=reader, day=timezone.localdate(at))
    found = _search(reach, text).in_name_order().prefetch_related(reach.posts_here)
    return tell_apart(list(found[: MOST_FOUND + 1]), session=session)


def tell_apart(people: Sequence[Any], *, session: Session) -> list[FoundPerson]:
    """Return where each of these stands; a constant number of queries."""
    ids = [person.pk for person in people]
    enrolments = Enrolment.objects.filter(run=session.run_id, user__in=ids).select_related("unit")
    by_person = {one.user_id: one for one in enrolments}
    chosen = User.objects.filter(pk__in=ids)
    free = set(free_for(run=session.run, people=chosen).values_list("pk", flat=True))
    elsewhere = sessions_at_once(session=session, people=chosen.values("pk"))
    return [
        FoundPerson(
            person=person,
            enrolment=by_person.get(person.pk),
            learns_elsewhere=person.pk not in free,
            elsewhere=elsewhere.get(person.pk, []),
        )
        for person in people
    ]


@transaction.atomic
def note_walk_in(
    *,
    session: Session,
    person: User,
    client_id: UUID,
    by: User,
    at: datetime,
    device: str = "",
) -> WalkIn:
    """Enrol somebody who has come and note the person present; both or neither.

    The same tap sent again changes nothing. Raises Refusal `already_on_roll`, `not_candidate`,
    `learns_elsewhere`, and what `enrol_many` and `record_roll_call` refuse.
    """
    # The class first, in the order in which sessions are changed.
    run = lock_run(session.run)
    held = lock_session(session)
    known = Enrolment.objects.filter(run=run, user=person).first()
    if known is not None and _is_repeat(known, client_id):
        enrolment = known
    else:
        enrolment = enrol_walk_in(session=held, person=person, by=by, at=at)
    result = record_roll_call(
        session=held,
        entries=[_present(enrolment, client_id, is_back=known is not None)],
        by=by,
        at=at,
        among=Enrolment.objects.filter(pk=enrolment.pk),
        device=device,
        method=MarkMethod.WALK_IN,
    )
    for refusal in result.refused.values():
        raise refusal
    return WalkIn(enrolment, result)


def enrol_walk_in(*, session: Session, person: User, by: User, at: datetime) -> Enrolment:
    """Enrol one person in the class of the session, or take back who had left it.

    The caller holds the class and the transaction. Raises Refusal `already_on_roll`,
    `makes_up_here`, `not_candidate`, `learns_elsewhere`, and what `enrol_many` refuses.
    """
    run = session.run
    if Enrolment.objects.visible_to(by).counted().filter(run=run, user=person).exists():
        raise Refusal(
            "already_on_roll",
            _("%(name)s is in this class already: look the name up on the roll.")
            % {"name": person.full_name},
        )
    if MakeUp.objects.agreed().filter(session=session, enrolment__user=person).exists():
        raise Refusal(
            "makes_up_here",
            _("This person makes up in this session: look below those of the class on the roll."),
        )
    if not candidates(run=run, reader=by, day=timezone.localdate(at)).filter(pk=person.pk).exists():
        raise Refusal(
            "not_candidate", _("You may enrol only people who hold a post today in your area.")
        )
    if not free_for(run=run, people=User.objects.filter(pk=person.pk)).exists():
        raise Refusal(
            "learns_elsewhere",
            _("%(name)s is taking this course in another class, so cannot be enrolled here.")
            % {"name": person.full_name},
        )
    [enrolment] = enrol_many(run=run, users=[person], at=at)
    return enrolment


@transaction.atomic
def undo_walk_in(*, session: Session, client_id: UUID, by: User, at: datetime) -> Enrolment | None:
    """Take back the mark of a walk-in that `by` has just noted, and with it the enrolment that was
    made for it, unless something else hangs on that by now.

    Returns the enrolment, None where nothing is left to undo: after SLIP_WINDOW, or once something
    was noted after it. Raises Refusal as `undo_own_marks`.
    """
    lock_run(session.run)
    own = AttendanceMark.objects.filter(
        session=session, client_id=client_id, method=MarkMethod.WALK_IN
    )
    mark = own.select_related("enrolment").first()
    if mark is None or not undo_own_marks(session=session, client_ids=[client_id], by=by, at=at):
        return None
    enrolment = Enrolment.objects.select_related("run", "user").get(pk=mark.enrolment_id)
    if _was_made_by(mark, enrolment):
        withdraw(enrolment=enrolment, by=by, reason=_("Undone at once."), at=at)
    return enrolment


def own_walk_ins(*, session: Session, by: User, at: datetime) -> QuerySet[AttendanceRecord]:
    """Return what this person may still undo, the last first."""
    records = AttendanceRecord.objects.filter(
        session=session,
        mark__method=MarkMethod.WALK_IN,
        mark__marked_by=by,
        mark__marked_at__gte=at - SLIP_WINDOW,
    )
    return records.select_related("mark", "enrolment__user", "enrolment__unit").order_by("-mark")


def _search(reach: Reach, text: str) -> UserQuerySet:
    """Return those of whom every word stands in name, code or phone, or in where they are posted."""
    found = reach.everybody
    if looks_like_phone(text):
        return search_people(people=found, text=text)
    for word in fold(text).split():
        posted = reach.posts.filter(unit__search_text__contains=word)
        on_roll = reach.on_roll.filter(unit__search_text__contains=word)
        there = Q(pk__in=posted.values("user")) | Q(pk__in=on_roll.values("user"))
        found = found.filter(Q(search_text__contains=word) | there)
    return found


def _present(enrolment: Enrolment, client_id: UUID, *, is_back: bool) -> RollEntry:
    # Asked for where something was noted before the person had left the class.
    reason = _("Came to the session and was enrolled again.") if is_back else ""
    return RollEntry(enrolment.pk, AttendanceStatus.PRESENT, client_id, reason=reason)


def _is_repeat(enrolment: Enrolment, client_id: UUID) -> bool:
    noted = AttendanceMark.objects.filter(enrolment=enrolment, client_id=client_id)
    late = LateMark.objects.filter(enrolment=enrolment, client_id=client_id)
    return noted.exists() or late.exists()


def _was_made_by(mark: AttendanceMark, enrolment: Enrolment) -> bool:
    """Return whether the walk-in made the enrolment and nothing else hangs on it since.

    Both were written with one and the same moment, which no other enrolment has.
    """
    if enrolment.enrolled_at != mark.marked_at or enrolment.status != EnrolmentStatus.ACTIVE:
        return False
    since = mark.marked_at
    marks = AttendanceMark.objects.filter(enrolment=enrolment, pk__gt=mark.pk)
    lessons = LessonCompletion.objects.filter(enrolment=enrolment, completed_at__gte=since)
    attempts = QuizAttempt.objects.filter(enrolment=enrolment, started_at__gte=since)
    later = (marks.exclude(session=mark.session_id), lessons, attempts)
    return not any(rows.exists() for rows in later)
