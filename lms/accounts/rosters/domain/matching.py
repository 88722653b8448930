"""Who on the register a row of a list means: by staff code, phone, or name with year and place.

Never by the name alone: many people share one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lms.accounts.enums import ConsentPurpose
from lms.accounts.models import Consent, Posting, User
from lms.accounts.register.domain.consents import GivenConsent
from lms.accounts.rosters.domain.spelling import is_same_name
from lms.core.text import fold, sort_key
from lms.geography.domain.finding import PlaceName


@dataclass(frozen=True)
class HeldPost:
    pk: int
    unit: PlaceName
    cadre: str
    valid_from: date
    #: The last day; None while it is held.
    valid_to: date | None = None


@dataclass
class PersonRecord:
    """A person with the one post that a list speaks of; `pk` None for somebody new."""

    pk: int | None = None
    staff_code: str = ""
    full_name: str = ""
    sex: str = ""
    year_of_birth: int | None = None
    phone: str | None = None
    phone_raw: str = ""
    email: str | None = None
    unit: PlaceName | None = None
    district: None = None
    cadre: str = ""
    #: The first day of the post, where the list tells one.
    since: date | None = None
    #: Of a parent or a core child: the record of the least, and what the list tells of the consent.
    is_minimal: bool = False
    guardian: str = ""
    consent_on: date | None = None
    #: The consent on file that holds, and the one that the list brings.
    consent: GivenConsent | None = None
    new_consent: GivenConsent | None = None
    #: The post that unit and cadre were taken from.
    post: HeldPost | None = None
    #: The open posts, those of the past, and whether the person who asks may change this record.
    posts: list[HeldPost] = field(default_factory=list)
    past: list[HeldPost] = field(default_factory=list)
    is_manageable: bool = True

    def __deepcopy__(self, _memo: Any) -> "PersonRecord":
        # Import-export copies each record before it is changed; nothing inside is ever changed.
        return replace(self)

    def __str__(self) -> str:
        return self.full_name


@dataclass(frozen=True)
class MatchKeys:
    """What a row tells about who is meant."""

    staff_code: str = ""
    full_name: str = ""
    year_of_birth: int | None = None
    phone: str | None = None
    email: str | None = None
    unit_id: int | None = None
    #: Whether the row speaks of a parent or core child, or of anybody else; None: it does not say.
    is_minimal: bool | None = None
    #: Whether nothing in the row has marks: then its name is that of anybody who has some.
    without_marks: bool = False


@dataclass(frozen=True)
class MatchResult:
    """One person who is meant, or several who could be; neither: nobody on the register."""

    pk: int | None = None
    candidates: tuple[int, ...] = ()


class PersonMatcher:
    """The people that the rows met so far may mean; only those in `candidate_scope` are ever named."""

    def __init__(self, *, by: User, candidate_scope: QuerySet[User]) -> None:
        self._by = by
        self._candidate_scope = candidate_scope
        self.people: dict[int, PersonRecord] = {}
        #: Only these may be named to the person who asks.
        self.visible: set[int] = set()
        self._units: set[int] = set()
        self._places: dict[int, PlaceName] = {}
        self._code: dict[str, int] = {}
        self._phone: dict[str, int] = {}
        self._email: dict[str, int] = {}
        #: By unit and the first words of the folded name: who is called so there, and goes on.
        self._begins: dict[tuple[int, str], set[int]] = defaultdict(set)
        self._name: dict[str, set[int]] = defaultdict(set)
        #: By person: code, phone and e-mail of records that were merged into this one.
        self._former: dict[int, set[str]] = defaultdict(set)

    def load(self, all_keys: Collection[MatchKeys]) -> None:
        """Fetch whoever these rows may mean; five queries however many rows, and one more where
        parents or core children are among them.
        """
        new_units = {keys.unit_id for keys in all_keys if keys.unit_id} - self._units
        self._units |= new_units
        in_units = Posting.objects.filter(unit__in=new_units, valid_to=None)
        posted = list(in_units.values_list("user", flat=True))
        resolve = (
            Q(pk__among=posted)
            | Q(staff_code__among={keys.staff_code for keys in all_keys if keys.staff_code})
            | Q(phone__among={keys.phone for keys in all_keys if keys.phone})
            | Q(email__among={keys.email for keys in all_keys if keys.email})
            | Q(sort_key__among={sort_key(keys.full_name) for keys in all_keys if keys.full_name})
        )
        merged = User.objects.filter(resolve, merged_into__isnull=False)
        people = User.objects.filter(resolve | Q(pk__in=merged.values("merged_into")))
        rows = list(people.values(*_COLUMNS))
        fetched = [self._remember(row) for row in rows if row["merged_into"] is None]
        for row in rows:
            if row.get("merged_into") is not None:
                self._remember_former(row)
        self._fetch_posts(fetched)
        self._fetch_consents([pk for pk in fetched if self.people[pk].is_minimal])
        self.visible.update(
            self._candidate_scope.filter(pk__among=fetched).values_list("pk", flat=True)
        )
        manageable = User.objects.manageable_by(self._by).filter(pk__among=fetched)
        may = set(manageable.values_list("pk", flat=True))
        for pk in fetched:
            self.people[pk].is_manageable = pk in may

    def recall(self, pks: Sequence[int]) -> None:
        """Fetch these people as a list that leaves tells them; three queries, one more as above."""
        fetched = [
            self._remember(row) for row in User.objects.filter(pk__among=pks).values(*_COLUMNS)
        ]
        self._fetch_posts(fetched)
        self._fetch_consents([pk for pk in fetched if self.people[pk].is_minimal])

    def match(self, keys: MatchKeys) -> MatchResult:
        """Match by staff code first, then phone, then name with year of birth and commune.

        The rules in the order in which they answer. A code that is known decides. A phone decides
        when the name agrees, since phones are shared. Then everybody of that name whom the rest
        does not contradict: exactly one with the year and the commune decides when the row has no
        code of its own; all else is for a person to say, also whether Phan Thị Hà is Phan Thị Hạ.
        """
        if keys.staff_code and keys.staff_code in self._code:
            return MatchResult(pk=self._code[keys.staff_code])
        name = fold(keys.full_name)
        owner = self._phone.get(keys.phone or "")
        if owner is not None and not keys.staff_code and self._called(owner, keys):
            return MatchResult(pk=owner)
        sure, perhaps = self._namesakes(keys, name)
        if len(sure) == 1 and not keys.staff_code and owner in (None, *sure):
            return MatchResult(pk=next(iter(sure)))
        suspects = sure | perhaps
        if owner is not None:
            suspects.add(owner)
        return MatchResult(candidates=tuple(sorted(suspects & self.visible)))

    def holder(self, *, phone: str | None = None, email: str | None = None) -> int | None:
        """Return whose number or address it is."""
        return self._phone.get(phone or "") or self._email.get(email or "")

    def longer_names(self, keys: MatchKeys) -> list[str]:
        """Return the names of people in this commune that begin with this one and go on;
        of whoever a different year of birth does not rule out.
        """
        name = fold(keys.full_name)
        here = self._begins.get((keys.unit_id or 0, name), set()) & self.visible
        people = [self.people[pk] for pk in sorted(here)]
        return [
            person.full_name
            for person in people
            if fold(person.full_name) != name
            and len({person.year_of_birth, keys.year_of_birth} - {None}) < 2  # noqa: PLR2004
        ]

    def leave_out_former(self, pk: int, values: dict[str, Any]) -> None:
        """Leave out a code, phone or e-mail of a merged record: it finds the person,
        and changes nothing there.
        """
        for name in ("staff_code", "phone", "email"):
            if values.get(name) in self._former[pk]:
                del values[name]

    def _called(self, pk: int, keys: MatchKeys) -> bool:
        return not keys.full_name or is_same_name(
            one=self.people[pk].full_name,
            other=keys.full_name,
            without_marks=keys.without_marks,
        )

    def _is_likely(self, pk: int, keys: MatchKeys, name: str) -> bool:
        """Return whether the letters of the name agree and neither kind nor year contradicts."""
        person = self.people[pk]
        if fold(person.full_name) != name or keys.is_minimal not in (None, person.is_minimal):
            return False
        years = {year for year in (person.year_of_birth, keys.year_of_birth) if year}
        return len(years) <= 1

    def _namesakes(self, keys: MatchKeys, name: str) -> tuple[set[int], set[int]]:
        """Return those of this name: with the same year in the same commune,
        and those perhaps meant.

        Somebody of the same name elsewhere is perhaps meant when the year is the same and the row
        brings no code of its own: people move.
        """
        sure: set[int] = set()
        perhaps: set[int] = set()
        if not name:
            return sure, perhaps
        here = self._begins.get((keys.unit_id or 0, name), set())
        for pk in here | self._name.get(sort_key(keys.full_name), set()):
            if not self._is_likely(pk, keys, name):
                continue
            same_year = self.people[pk].year_of_birth == keys.year_of_birth is not None
            if not self._called(pk, keys):
                if pk in here and (same_year or not keys.staff_code):
                    perhaps.add(pk)
            elif pk in here and same_year:
                sure.add(pk)
            elif pk in here or not keys.staff_code:
                perhaps.add(pk)
        return sure, perhaps

    def _remember_former(self, row: dict[str, Any]) -> None:
        kept = row["merged_into"]
        for value, index in (
            (row["staff_code"], self._code),
            (row["phone"], self._phone),
            ((row["email"] or "").lower(), self._email),
        ):
            if value:
                index[value] = kept
                self._former[kept].add(value)

    def _remember(self, row: dict[str, Any]) -> int:
        by_name = row.pop("sort_key")
        del row["merged_into"]
        person = PersonRecord(**row)
        pk: int = row["pk"]
        self.people[pk] = person
        self._code[person.staff_code] = pk
        self._name[by_name].add(pk)
        if person.phone:
            self._phone[person.phone] = pk
        if person.email:
            self._email[person.email.lower()] = pk
        return pk

    def _fetch_posts(self, people: Iterable[int]) -> None:
        posts = Posting.objects.filter(user__among=list(people)).order_by("valid_from")
        for person_id, pk, cadre, began, ended, *place in posts.values_list(*_POST_COLUMNS):
            unit = self._places.setdefault(place[0], PlaceName(*place))
            held = HeldPost(pk, unit, cadre, began, ended)
            person = self.people[person_id]
            (person.posts if ended is None else person.past).append(held)
            if ended is None:
                for name in _beginnings(fold(person.full_name)):
                    self._begins[unit.pk, name].add(person_id)

    def _fetch_consents(self, people: list[int]) -> None:
        """Fetch the consents that were not withdrawn; from which day on they hold
        is the rules' business.
        """
        if not people:
            return
        held = Consent.objects.in_force(ConsentPurpose.TAKING_PART).filter(user__in=people)
        for consent in held:
            given = GivenConsent(consent.given_on, consent.guardian, consent.pk)
            self.people[consent.user_id].consent = given


def _beginnings(name: str) -> Iterator[str]:
    """Yield the first word, the first two, and so on to the whole name."""
    words = name.split()
    return (" ".join(words[:end]) for end in range(1, len(words) + 1))


_POST_COLUMNS = (
    *("user_id", "pk", "cadre", "valid_from", "valid_to"),
    *(f"unit__{one.name}" for one in fields(PlaceName)),
)
_COLUMNS = (
    "pk",
    "staff_code",
    "full_name",
    "sex",
    "year_of_birth",
    "phone",
    "phone_raw",
    "email",
    "is_minimal",
    "sort_key",
    "merged_into",
)
