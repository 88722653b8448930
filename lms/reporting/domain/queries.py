"""Whom a programme counts, and where: small composable questions.

A person is counted once in a programme: where the latest enrolment is stamped, else where the
open posting is. See docs/decisions/ on counting.
"""

from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from courses.enums import EnrolmentStatus
from courses.models import Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitPlace
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing

Requirements = dict[str, frozenset[int]]
#: In the place of units where none is asked for: no unit has this id, and a query is put together once.
NO_UNIT: Final = 0
#: So many units beside each other are named at least of whoever oversees some.
OVERSEEN: Final = 4
#: Beyond so many they are one value. SQLite takes no more than 495 one by one, the database looks at each, and all
#: who are reminded together may oversee thousands.
MOST_NAMED: Final = 64
_STEP: Final = AdministrativeUnit.steplen


def programmes_in_order() -> QuerySet[Programme]:
    """Return all programmes with their maps, the one first that is told of where none is named."""
    return Programme.objects.select_related("edition").order_by("-starts_on", "pk")


def required_courses(
    *,
    programme: Programme,
    cadres: Collection[str] | None = None,
    narrowing: Narrowing = EVERYBODY,
) -> Requirements:
    """Return, for each of these cadres that the programme trains,
    the ids of the courses it must complete.

    `cadres` None: all that the programme trains. No query where the requirements are prefetched.
    """
    found: dict[str, set[int]] = {}
    for one in programme.requirements.all():
        is_asked = narrowing.course_id in {None, one.course_id}
        if is_asked and (cadres is None or one.cadre in cadres):
            found.setdefault(one.cadre, set()).add(one.course_id)
    return {cadre: frozenset(courses) for cadre, courses in found.items()}


def enrolled_people(
    *,
    programme: Programme,
    cadres: Collection[str],
    reader: User | None,
    narrowing: Narrowing = EVERYBODY,
) -> QuerySet[Enrolment]:
    """Return one enrolment a person, the latest one of a class that was not cancelled, as far as
    the reader oversees its unit; None: whoever oversees all.
    """
    later = Enrolment.objects.in_held_classes().filter(
        Q(enrolled_at__gt=OuterRef("enrolled_at"))
        | Q(enrolled_at=OuterRef("enrolled_at"), pk__gt=OuterRef("pk")),
        user=OuterRef("user"),
        run__programme=programme,
    )
    seen = Enrolment.objects.overseen_by(reader) if reader else Enrolment.objects.all()
    people = seen.in_held_classes().filter(narrowing.people_q())
    return people.filter(~Exists(later), run__programme=programme, cadre__in=cadres)


def posted_people(
    *,
    programme: Programme,
    cadres: Collection[str],
    on: date,
    reader: User | None,
    narrowing: Narrowing = EVERYBODY,
) -> QuerySet[Posting]:
    """Return one posting a person, the first open one, of those whom no class has reached yet; `reader` as in
    `enrolled_people`.
    """
    enrolled = Enrolment.objects.in_held_classes().filter(
        user=OuterRef("user"), run__programme=programme
    )
    earlier = Posting.objects.on(on).filter(
        Q(valid_from__lt=OuterRef("valid_from"))
        | Q(valid_from=OuterRef("valid_from"), pk__lt=OuterRef("pk")),
        user=OuterRef("user"),
        cadre__in=cadres,
    )
    seen = Posting.objects.overseen_by(reader) if reader else Posting.objects.all()
    people = seen.on(on).filter(narrowing.people_q())
    return people.filter(~Exists(enrolled), ~Exists(earlier), cadre__in=cadres)


def people_of(area: Q) -> QuerySet[Any, Any]:
    """Return the ids of all who hold or held a post, or an enrolment, in the area: rows by their `unit`.

    To look at few people first: the database would otherwise judge everybody and choose afterwards.
    """
    posted = Posting.objects.filter(area).order_by().values("user")
    return posted.union(Enrolment.objects.filter(area).order_by().values("user"))


def area_of(parent: AdministrativeUnit | None) -> Q:
    """Return rows whose unit lies in `parent`, or on another map and may have become a unit of it; all of None."""
    if parent is None:
        return Q()
    # The units first, which are few: of a join the database reads the figures of all places.
    return Q(unit__in=units_of_area(edition=parent.edition_id, path=parent.path).values("pk"))


def units_of_area(*, edition: int, path: str) -> QuerySet[AdministrativeUnit]:
    """Return the units of the edition that lie in the one at this path, and those of others that may have become
    one of these.
    """
    places = UnitPlace.objects.filter(edition=edition)
    # What no place is recorded of may be anywhere.
    outside = places.exclude(target__path__startswith=path).values("unit")
    elsewhere = ~Q(edition=edition) & ~Q(pk__in=outside)
    return AdministrativeUnit.objects.filter(Q(path__startswith=path) | elsewhere).order_by()


class Reach(NamedTuple):
    """How far one looks, the shape of a compiled query: at what is overseen, units named `one_by_one` or not, or
    `everywhere`, and `inside` a unit.
    """

    everywhere: bool
    inside: bool
    one_by_one: bool


def reach_of(*, reader: User, parent: AdministrativeUnit | None) -> tuple[Reach, dict[str, Any]]:
    """Return how far a reader looks, in the area of `parent` if it is given, and the values for `units_in_reach`."""
    scope, overseen = reader.scope, sorted(reader.scope.top_paths)
    one_by_one = len(overseen) <= MOST_NAMED
    if one_by_one:
        # Each number of them is another query, so there are 4, 8, 16 of them: to name one again changes nothing.
        number = max(OVERSEEN, 1 << (len(overseen) - 1).bit_length())
        overseen += overseen[-1:] * (number - len(overseen))
    values: dict[str, Any] = {"overseen": overseen, "edition": 0, "path": ""}
    if scope.everywhere:
        values["overseen"] = [""]
    if parent is not None:
        values |= {"edition": parent.edition_id, "path": parent.path}
    return Reach(scope.everywhere, parent is not None, one_by_one), values


def units_in_reach(
    reach: Reach, *, overseen: list[str], edition: int, path: str
) -> QuerySet[Any, Any] | None:
    """Return the ids of the units that `reach_of` tells; None for all that there are."""
    if reach.everywhere and not reach.inside:
        return None
    units = AdministrativeUnit.objects.all()
    if not reach.everywhere:
        units = (_named if reach.one_by_one else _in_any_of)(units, overseen)
    if reach.inside:
        units = units.filter(pk__in=units_of_area(edition=edition, path=path).values("pk"))
    return units.order_by().values("pk")


def _named(units: QuerySet[Any], overseen: list[str]) -> QuerySet[Any]:
    return units.filter(reduce(or_, (Q(path__startswith=one) for one in overseen), Q(pk__in=[])))


def _in_any_of(units: QuerySet[Any], overseen: list[str]) -> QuerySet[Any]:
    """Return the units whose own path, or that of a unit above, is one of these."""
    above = {f"above_{place}": Left("path", place * _STEP) for place in range(1, len(Level) + 1)}
    asked = (Q(**{f"{name}__among": overseen}) for name in above)
    return units.annotate(**above).filter(reduce(or_, asked))


def used_units(*, besides: int) -> QuerySet[AdministrativeUnit]:
    """Return the units of all maps but that edition in which somebody holds or held a post or an enrolment."""
    units = AdministrativeUnit.objects.exclude(edition=besides).order_by()
    of_unit: dict[str, Any] = {"unit": OuterRef("pk")}
    used = Exists(Posting.objects.filter(**of_unit)) | Exists(Enrolment.objects.filter(**of_unit))
    return units.filter(used)


def completed_q(*, programme: Programme, requirements: Requirements) -> Q:
    """Return those of `enrolled_people` who have completed all that their cadre must."""
    completed = Q(pk__in=[])
    for cadre, courses in requirements.items():
        everything = Q(cadre=cadre)
        for course in sorted(courses):
            everything &= Q(
                Exists(
                    Enrolment.objects.filter(
                        user=OuterRef("user"),
                        run__programme=programme,
                        run__course=course,
                        status=EnrolmentStatus.COMPLETED,
                    )
                )
            )
        completed |= everything
    return completed


def top_of(*, units: QuerySet[AdministrativeUnit]) -> AdministrativeUnit | None:
    """Return the one of these units that holds all the others; None where none does. One query."""
    last = units.order_by("-path").values("path")[:1]
    top = units.annotate(last=Subquery(last)).order_by("path").first()
    # All that lie between the first and the last in the order of the map begin as both do.
    return top if top is not None and top.last.startswith(top.path) else None


def own_area(*, reader: User, edition: BoundaryEdition) -> AdministrativeUnit | None:
    """Return the unit of the map that holds all the person oversees; None for several beside each other."""
    own = AdministrativeUnit.objects.filter(reader.scope.units_q(""), edition=edition)
    return top_of(units=own)
