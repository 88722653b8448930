"""People whose record lacks something, or says it twice."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, RoleAssignment, User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit

# Whoever works or lives in a commune; a district officer has none.
CADRES_OF_COMMUNES = tuple(cadre for cadre in Cadre if cadre != Cadre.DISTRICT_OFFICER)


def posts_in_use(*, reader: User, on: date) -> QuerySet[Posting]:
    """Return one post a person, the first of those held in the reader's area on this day, in the
    order of names. Nobody whose account is closed.
    """
    held = Posting.objects.overseen_by(reader).on(on)
    earlier = held.filter(
        Q(valid_from__lt=OuterRef("valid_from"))
        | Q(valid_from=OuterRef("valid_from"), pk__lt=OuterRef("pk")),
        user=OuterRef("user"),
    )
    return _by_name(held.filter(~Exists(earlier), user__is_active=True))


def without_phone(*, reader: User, on: date) -> QuerySet[Posting]:
    """Return those without a phone number of whom one may be kept."""
    posts = posts_in_use(reader=reader, on=on)
    return posts.filter(user__phone=None, user__is_minimal=False)


def without_any_way(*, reader: User, on: date) -> QuerySet[Posting]:
    """Return those of `without_phone` who have no e-mail address, either."""
    return without_phone(reader=reader, on=on).filter(user__email=None)


def with_several_posts(*, reader: User, on: date) -> QuerySet[Posting]:
    """Return those who hold another post at the same time, in whatever area."""
    others = Posting.objects.on(on).filter(user=OuterRef("user")).exclude(pk=OuterRef("pk"))
    return posts_in_use(reader=reader, on=on).filter(Exists(others))


def without_commune(*, reader: User, on: date) -> QuerySet[Posting]:
    """Return posts of people of a commune that stand on a district or the province."""
    held = Posting.objects.overseen_by(reader).on(on).filter(cadre__in=CADRES_OF_COMMUNES)
    return _by_name(held.exclude(unit__level=Level.COMMUNE).filter(user__is_active=True))


def without_post(*, reader: User, on: date) -> QuerySet[Any]:
    """Return people with an open account, no post today or to come, and no role, with `last_unit`
    and `last_path`: the unit of the last post.

    Told to whoever oversees the last unit; people who never had a post are seen by those who
    administer the province.
    """
    posts = Posting.objects.filter(user=OuterRef("pk"))
    to_hold = posts.exclude(valid_to__lt=on)
    roles = RoleAssignment.objects.filter(user=OuterRef("pk"))
    last = posts.order_by("-valid_to", "-pk")
    people = User.objects.filter(
        ~Exists(to_hold), ~Exists(roles), is_active=True, is_minimal=False, is_superuser=False
    ).annotate(
        last_unit=last.values("unit")[:1],
        last_path=last.values("unit__path")[:1],
    )
    seen = Q(last_unit__in=AdministrativeUnit.objects.filter(reader.scope.units_q("")).values("pk"))
    if reader.scope.administers_province:
        seen |= Q(last_unit=None)
    return people.filter(seen).in_name_order()


def _by_name(posts: QuerySet[Posting]) -> QuerySet[Posting]:
    named = posts.select_related("user", "unit")
    return named.order_by(F("user__sort_key"), F("user__staff_code"), "pk")
