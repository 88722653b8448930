"""A boundary edition takes effect: posts and roles go on in what their units became.

History stays: a post ends the day before and goes on in the successor, enrolments and attendance
keep the unit of their day. Only what the files leave no doubt about follows; the rest waits for a
person (`accounts.boundary_changes.domain.split_units`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.boundary_changes.domain.successor_postings import continue_postings
from lms.accounts.enums import Role
from lms.accounts.models import Posting, RoleAssignment, User
from lms.accounts.register.domain.locks import lock_people
from lms.accounts.register.domain.roles import RoleWrite, write_roles
from lms.core.audit_log import log_each
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.geography.domain.succession import Atlas, map_units
from lms.geography.models import AdministrativeUnit, BoundaryEdition

EDITION_USED = "accounts.edition_used"
ROLE_FOLLOWED = "accounts.role_followed"
# Posts that are moved in one transaction: what a killed process has to do again at most.
_AT_ONCE = 2000


@dataclass(frozen=True)
class WaitingUnit:
    """A unit whose posts do not follow by rule."""

    unit: AdministrativeUnit
    posts: int


@dataclass(frozen=True)
class Rehearsal:
    """What would become of the open posts and the roles on earlier editions."""

    posts: int
    waiting: list[WaitingUnit]
    roles: int
    waiting_roles: list[RoleAssignment]

    @property
    def posts_waiting(self) -> int:
        return sum(one.posts for one in self.waiting)


def usual_day(*, edition: BoundaryEdition) -> date:
    """Return the day that is proposed: the one that is set already,
    else the first day of the edition.
    """
    return edition.in_use_from or edition.valid_from


def rehearse_edition(*, edition: BoundaryEdition) -> Rehearsal:
    """Rehearse the edition, writing nothing. The number of queries grows
    with the editions alone.
    """
    targets = wholly_succeeded(edition=edition)
    counted = Counter(dict(_earlier_posts(edition).values_list("unit").annotate(Count("pk"))))
    waiting = AdministrativeUnit.objects.filter(pk__in=counted.keys() - targets.keys())
    same = _same_areas(edition)
    roles = _earlier_roles(edition).select_related("user", "unit__edition")
    in_order = list(roles.order_by("unit__path", "role", "user__sort_key"))
    return Rehearsal(
        posts=sum(posts for unit, posts in counted.items() if unit in targets),
        waiting=[WaitingUnit(unit, counted[unit.pk]) for unit in waiting.select_related("edition")],
        roles=sum(role.unit_id in same for role in in_order),
        waiting_roles=[role for role in in_order if role.unit_id not in same],
    )


def take_effect(
    *, edition: BoundaryEdition, today: date, on: date | None = None, by: User | None = None
) -> Rehearsal:
    """Take the register over to the edition on that day; answer what was done and what waits.

    `on` None: `usual_day`. Posts go over a portion at a time, each portion in a transaction of its
    own; a run that was killed is finished by the next one, and a repeat changes nothing. Writes
    the log of the edition with the figures, and that of each person whose role follows.
    Raises Refusal: `too_early`, `too_late`, `older`, `other_day`.
    """
    day = begin_use(edition=edition, today=today, on=on)
    return carry_over(edition=edition, on=day, by=by)


def begin_use(*, edition: BoundaryEdition, today: date, on: date | None = None) -> date:
    """Let the register stand on the edition from that day on;
    see `take_effect` for the refusals.
    """
    day = on or usual_day(edition=edition)
    with transaction.atomic():
        editions = list(BoundaryEdition.objects.select_for_update().order_by("valid_from"))
        stored = next(one for one in editions if one.pk == edition.pk)
        _check(stored, editions, day, today)
        stored.in_use_from = edition.in_use_from = day
        stored.save(update_fields=["in_use_from"])
    return day


def carry_over(*, edition: BoundaryEdition, on: date, by: User | None = None) -> Rehearsal:
    """Carry over what follows by rule; the second half of `take_effect`, safe to run again."""
    targets = wholly_succeeded(edition=edition)
    posts = 0
    while portion := _move_portion(edition, targets, on):
        posts += portion
    roles = _move_roles(edition, by)
    left = rehearse_edition(edition=edition)
    if posts or roles:
        figures = {"posts": posts, "roles": roles, "waiting": left.posts_waiting}
        log(
            instance=edition,
            action=EDITION_USED,
            user=by,
            data={"day": on.isoformat(), **figures},
        )
    return Rehearsal(posts, left.waiting, roles, left.waiting_roles)


def wholly_succeeded(*, edition: BoundaryEdition) -> dict[int, int]:
    """Map the units of earlier editions with open posts to the one unit each went over to."""
    held = _earlier_posts(edition).values("unit__edition")
    return {
        unit: target
        for source in BoundaryEdition.objects.filter(pk__in=held)
        for unit, target in map_units(from_edition=source, to_edition=edition).items()
        if target is not None
    }


def _check(
    edition: BoundaryEdition, editions: list[BoundaryEdition], day: date, today: date
) -> None:
    if day < edition.valid_from:
        raise Refusal(
            "too_early",
            _("This edition is valid from %(day)s on: it cannot take effect before.")
            % {"day": vi_date(edition.valid_from)},
        )
    if day > today:
        raise Refusal("too_late", _("This date is still in the future."))
    if edition.in_use_from not in (None, day):
        raise Refusal(
            "other_day",
            _("This edition has been in use since %(day)s.")
            % {"day": vi_date(edition.in_use_from)},
        )
    if any(one.in_use_from and one.valid_from > edition.valid_from for one in editions):
        raise Refusal("older", _("A later edition is already in use."))


def _move_portion(edition: BoundaryEdition, targets: Mapping[int, int], day: date) -> int:
    """Move the next posts; return how many. Whoever waits for the same people finds none left."""
    with transaction.atomic():
        following = _earlier_posts(edition).filter(unit__in=targets).order_by("pk")
        found = dict(following.values_list("pk", "user")[:_AT_ONCE])
        lock_people(pks=list(set(found.values())))
        posts = list(following.filter(pk__in=found))
        continue_postings(
            posts=posts, targets={post.pk: targets[post.unit_id] for post in posts}, on=day
        )
    return len(found)


def _move_roles(edition: BoundaryEdition, by: User | None) -> int:
    """Let each role go on in the unit that is the very same area:
    its holder sees whom it showed.
    """
    same = _same_areas(edition)
    units = AdministrativeUnit.objects.in_bulk(same.values())
    with transaction.atomic():
        roles = _earlier_roles(edition).filter(unit__in=same).select_related("user", "unit")
        writes = [
            RoleWrite(role.user, Role(role.role), ends=role.unit, takes=units[same[role.unit_id]])
            for role in roles
        ]
        done = write_roles(writes=writes)
        followed = [write for write, is_changed in zip(writes, done, strict=True) if is_changed]
        log_each(entries=map(_followed, followed), action=ROLE_FOLLOWED, by=by)
    return len(followed)


def _followed(write: RoleWrite) -> tuple[User, dict[str, str]]:
    data = {"role": str(write.role), "unit": str(write.takes), "previous": str(write.ends)}
    return write.user, data


def _same_areas(edition: BoundaryEdition) -> dict[int, int]:
    atlas = Atlas()
    earlier = BoundaryEdition.objects.filter(valid_from__lt=edition.valid_from)
    return {
        unit: target
        for source in earlier.values_list("pk", flat=True)
        for unit, target in atlas.same_areas(source=source, target=edition.pk).items()
    }


def _earlier_posts(edition: BoundaryEdition) -> QuerySet[Posting]:
    before = {"unit__edition__valid_from__lt": edition.valid_from}
    return Posting.objects.filter(valid_to=None, **before).order_by()


def _earlier_roles(edition: BoundaryEdition) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(unit__edition__valid_from__lt=edition.valid_from)
