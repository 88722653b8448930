"""What a new boundary edition leaves to a person: posts in units that were split."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lms.accounts.boundary_changes.domain.apply_edition import wholly_succeeded
from lms.accounts.boundary_changes.domain.successor_postings import continue_postings
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.locks import lock_people
from lms.accounts.register.domain.postings import TRANSFERRED
from lms.core.audit_log import log_many
from lms.core.refusal import Refusal
from lms.geography.domain.succession import Atlas
from lms.geography.models import AdministrativeUnit, BoundaryEdition


@dataclass(frozen=True)
class SplitUnit:
    """A unit with posts that wait, and the units they can go on in."""

    unit: AdministrativeUnit
    posts: int
    successors: list[AdministrativeUnit]


def unallocated_posts(*, edition: BoundaryEdition, reader: User) -> QuerySet[Posting]:
    """Return open posts on earlier editions that did not follow, in units that the reader oversees."""
    earlier = Posting.objects.overseen_by(reader).filter(
        valid_to=None, unit__edition__valid_from__lt=edition.valid_from
    )
    left = earlier.exclude(unit__in=wholly_succeeded(edition=edition))
    return left.order_by("user__sort_key", "user__staff_code", "pk")


def waiting_posts(*, edition: BoundaryEdition, reader: User) -> QuerySet[Posting]:
    """Return those of `unallocated_posts` that the reader decides on: of people he or she keeps."""
    people = User.objects.manageable_by(reader)
    return unallocated_posts(edition=edition, reader=reader).filter(
        reader.scope.units_q("unit", MANAGING_ROLES), user__in=people.values("pk")
    )


def split_units(*, edition: BoundaryEdition, reader: User) -> list[SplitUnit]:
    """Return where posts wait, in the order of the map;
    a number of queries that the posts do not change.
    """
    waiting = waiting_posts(edition=edition, reader=reader).order_by()
    counted = Counter(waiting.values_list("unit", flat=True))
    units = AdministrativeUnit.objects.select_related("edition").in_bulk(counted)
    atlas = Atlas()
    sources = {unit.edition_id for unit in units.values()}
    successors: dict[int, list[int]] = {}
    for source in sources:
        successors |= atlas.successors(source=source, target=edition.pk)
    named = edition.units.in_bulk()
    return [
        SplitUnit(unit, counted[unit.pk], [named[pk] for pk in successors[unit.pk]])
        for unit in sorted(units.values(), key=lambda one: one.path)
    ]


def decide_posts(
    *,
    edition: BoundaryEdition,
    unit: AdministrativeUnit,
    post_ids: Collection[int],
    to_unit: AdministrativeUnit,
    by: User,
) -> int:
    """Let these posts go on in the chosen successor from the day of the edition;
    return how many did.

    Posts that wait no more are left as they are, so a repeat changes nothing. Writes the history
    of each person. Raises Refusal `no_successor` for a unit that got no part of the old one.
    """
    successors = Atlas().successors(source=unit.edition_id, target=edition.pk)
    day = edition.in_use_from
    if day is None or to_unit.pk not in successors[unit.pk]:
        raise Refusal(
            "no_successor",
            _("No part of %(unit)s became part of %(other)s.") % {"unit": unit, "other": to_unit},
        )
    with transaction.atomic():
        waiting = waiting_posts(edition=edition, reader=by).filter(unit=unit, pk__in=post_ids)
        people = lock_people(pks=list({post.user_id for post in waiting}))
        posts = list(waiting)
        continue_postings(posts=posts, targets={post.pk: to_unit.pk for post in posts}, on=day)
        log_many(
            objects=[people[pk] for pk in sorted({post.user_id for post in posts})],
            action=TRANSFERRED,
            by=by,
            data={"posting": str(to_unit), "day": day.isoformat(), "previous": str(unit)},
        )
    return len(posts)
