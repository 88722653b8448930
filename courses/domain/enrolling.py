"""Who joins a class and who leaves it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.domain.completion import evaluate_many
from courses.domain.history import record_enrolments
from courses.domain.runs import lock_run
from courses.enums import UNFINISHED_STATUSES, EnrolmentStatus
from courses.models import CourseRun, Enrolment
from courses.permissions import host_units
from lms.accounts.models import Posting, User
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.geography.domain.areas import area_q
from lms.geography.models import AdministrativeUnit


@transaction.atomic
def enrol_many(*, run: CourseRun, users: Collection[User], at: datetime) -> list[Enrolment]:
    """Enrol people, each stamped with the unit and cadre held on the day of `at`.

    Returns their enrolments in the order of `users`. Who is enrolled already stays as is; who had
    withdrawn is active again, with a new stamp. All who join are evaluated. The number of queries does
    not depend on the number of people. Raises Refusal `run_not_enrolling`, and
    `posting_missing` when somebody holds no post on that day: then nobody is enrolled.
    """
    # Holding the class keeps out a second clerk with the same list.
    require_enrolling(run=lock_run(run))
    people = {user.pk: user for user in users}
    existing = {e.user_id: e for e in Enrolment.objects.filter(run=run, user__among=list(people))}
    returning = [e for e in existing.values() if e.status == EnrolmentStatus.WITHDRAWN]
    joining = [people[pk] for pk in people if pk not in existing]
    to_stamp = [*joining, *(people[enrolment.user_id] for enrolment in returning)]
    postings = _postings_of(to_stamp, run=run, day=timezone.localdate(at))
    created = [_stamp(Enrolment(user=user, run=run), postings[user.pk], at) for user in joining]
    Enrolment.objects.bulk_create(created)
    _take_back(returning, postings=postings, at=at)
    record_enrolments(enrolments=[*created, *returning], at=at)
    _evaluate([*created, *returning], run=run, at=at)
    by_user = existing | {enrolment.user_id: enrolment for enrolment in created}
    return [by_user[pk] for pk in people]


def require_enrolling(*, run: CourseRun) -> None:
    """Raise the Refusal `run_not_enrolling` for a class that is closed or cancelled."""
    if run.status not in UNFINISHED_STATUSES:
        raise Refusal(
            "run_not_enrolling", _("This class is closed or cancelled: nobody can be enrolled.")
        )


def posted_in(*, unit: AdministrativeUnit, cadres: Collection[str], day: date) -> QuerySet[User]:
    """Return the active people of these cadres with a post in the unit or below it
    on this day.
    """
    here = area_q(unit=unit, unit_field="unit")
    held = Posting.objects.on(day).filter(here, cadre__in=cadres)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def candidates(*, run: CourseRun, reader: User, day: date) -> QuerySet[Any]:
    """Return the people whom this person may enrol one by one: the same as by area,
    whatever their cadre.

    Active, with a post on this day, on whatever map, where the reader may plan classes.
    Adds `is_enrolled` here and `learns_elsewhere`, which keeps a person from this class.
    """
    held = Posting.objects.on(day).filter(unit__in=host_units(reader))
    here = Enrolment.objects.counted().filter(run=run, user=OuterRef("pk"))
    return User.objects.filter(is_active=True, pk__in=held.values("user")).annotate(
        is_enrolled=Exists(here),
        learns_elsewhere=Exists(_learning_elsewhere(run).filter(user=OuterRef("pk"))),
    )


@dataclass(frozen=True)
class Intake:
    """Whom an enrolment would reach.

    `joining` now, `enrolled` already, `elsewhere` left out for another class of the course.
    """

    joining: int
    enrolled: int
    elsewhere: int = 0


@dataclass(frozen=True)
class Joining:
    """A class and the people who would be enrolled in it."""

    run: CourseRun
    people: QuerySet[User]


def joining(*, run: CourseRun, people: QuerySet[User]) -> QuerySet[User]:
    """Return those of these people whom an enrolment would add, in name order."""
    enrolled = Enrolment.objects.counted().filter(run=run).values("user")
    free = free_for(run=run, people=people).exclude(pk__in=enrolled)
    return free.order_by("sort_key", "staff_code")


def busy_elsewhere(*, run: CourseRun, people: QuerySet[User]) -> QuerySet[Any]:
    """Return the places in other classes of the course that keep some of these people out."""
    places = _learning_elsewhere(run).filter(user__in=people)
    return places.select_related("user", "run").order_by("user__sort_key", "user__staff_code")


def free_for(*, run: CourseRun, people: QuerySet[User]) -> QuerySet[User]:
    """Return those of these people who are not learning the same course in another class."""
    return people.exclude(pk__in=_learning_elsewhere(run).values("user"))


def preview_intake(*, run: CourseRun, people: QuerySet[User]) -> Intake:
    """Return what `enrol_many` would do with `free_for` of these people; one query."""
    here = Q(pk__in=Enrolment.objects.counted().filter(run=run).values("user"))
    elsewhere = Q(pk__in=_learning_elsewhere(run).values("user")) & ~here
    found = people.aggregate(
        everybody=Count("pk"),
        enrolled=Count("pk", filter=here),
        elsewhere=Count("pk", filter=elsewhere),
    )
    return Intake(
        joining=found["everybody"] - found["enrolled"] - found["elsewhere"],
        enrolled=found["enrolled"],
        elsewhere=found["elsewhere"],
    )


def _learning_elsewhere(run: CourseRun) -> QuerySet[Any]:
    others = Enrolment.objects.filter(
        status=EnrolmentStatus.ACTIVE,
        run__course=run.course_id,
        run__status__in=UNFINISHED_STATUSES,
    )
    return others.exclude(run=run)


@transaction.atomic
def withdraw(*, enrolment: Enrolment, by: User | None, reason: str, at: datetime) -> Enrolment:
    """Take a person off a class: no longer asked, reminded or counted; what was done is kept.

    A repeat changes nothing. Raises Refusal `reason_missing`, and `enrolment_completed` for
    somebody who has completed the class: the record that is wrong has to be corrected first.
    """
    if not reason.strip():
        raise Refusal("reason_missing", _("Please say why this person is leaving the class."))
    locked = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if locked.status == EnrolmentStatus.COMPLETED:
        raise Refusal(
            "enrolment_completed",
            _("This person has completed the class and cannot be removed from it."),
        )
    if locked.status == EnrolmentStatus.ACTIVE:
        locked.status = EnrolmentStatus.WITHDRAWN
        locked.save(update_fields=["status"])
        record_enrolments(enrolments=[locked], at=at)
        log(enrolment, "courses.withdraw", user=by, timestamp=at, data={"reason": reason.strip()})
    enrolment.status = EnrolmentStatus.WITHDRAWN
    return enrolment


@transaction.atomic
def withdraw_from_all(*, user: User, by: User | None, reason: str, at: datetime) -> list[Enrolment]:
    """Take a person off every class that is not over; what was completed stays. See `withdraw`."""
    learning = Enrolment.objects.filter(
        user=user, status=EnrolmentStatus.ACTIVE, run__status__in=UNFINISHED_STATUSES
    )
    return [
        withdraw(enrolment=enrolment, by=by, reason=reason, at=at)
        for enrolment in learning.select_related("run").order_by("pk")
    ]


def _postings_of(users: Collection[User], *, run: CourseRun, day: date) -> dict[int, Posting]:
    """Return the post that stands for each person on this day;
    with several, one in the host's area.

    Among those the one taken up last.
    """
    held = (
        Posting.objects.on(day)
        .filter(user__among=[user.pk for user in users])
        .select_related("unit")
        .order_by("valid_from", "pk")
    )
    home = run.unit.path
    ranked = sorted(held, key=lambda posting: posting.unit.path.startswith(home))
    postings = {posting.user_id: posting for posting in ranked}
    missing = [user for user in users if user.pk not in postings]
    if missing:
        # Two messages: Vietnamese has one form for one and many, and one person is named alone.
        if len(missing) == 1:
            message = _(
                "%(name)s holds no post on %(day)s, so it is not known which commune to count "
                "the person in. Enter the post first."
            )
        else:
            message = _(
                "%(count)d people hold no post on %(day)s, %(name)s among them. Enter their "
                "posts first; nobody has been enrolled."
            )
        values = {"count": len(missing), "name": missing[0], "day": vi_date(day)}
        raise Refusal("posting_missing", message % values)
    return postings


def _stamp(enrolment: Enrolment, posting: Posting, at: datetime) -> Enrolment:
    enrolment.posting = posting
    enrolment.unit = posting.unit
    enrolment.cadre = posting.cadre
    enrolment.status = EnrolmentStatus.ACTIVE
    enrolment.enrolled_at = at
    return enrolment


def _take_back(returning: list[Enrolment], *, postings: dict[int, Posting], at: datetime) -> None:
    if not returning:
        return
    for enrolment in returning:
        _stamp(enrolment, postings[enrolment.user_id], at)
    fields = ["posting", "unit", "cadre", "status", "enrolled_at"]
    Enrolment.objects.bulk_update(returning, fields)


def _evaluate(joined: list[Enrolment], *, run: CourseRun, at: datetime) -> None:
    """Judge those who joined, also who has done nothing yet; their objects learn what was written."""
    if not joined:
        return
    changed = evaluate_many(run=run, enrolment_ids=[one.pk for one in joined], at=at)
    completed = {enrolment.pk: enrolment for enrolment in changed}
    for enrolment in joined:
        if enrolment.pk in completed:
            enrolment.status = completed[enrolment.pk].status
            enrolment.completed_at = completed[enrolment.pk].completed_at
            enrolment.completed_version = completed[enrolment.pk].completed_version
            enrolment.completed_edition_id = completed[enrolment.pk].completed_edition_id
