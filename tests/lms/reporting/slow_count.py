"""Counts completion a second time: plain loops over raw rows, for tests to compare with.

It shares no code with the suite, not even its models: whatever is wrong there is not wrong here.
Slow on purpose; each sentence of docs/indicators.md is a few lines that can be read beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

STATES = ("no_class", "to_come", "learning", "not_completed", "completed")
DIVIDED, ABOLISHED, AWAY = "divided", "abolished", "away"
STEP = 4
_Row = dict[str, Any]


def rows_of(table: str) -> list[_Row]:
    """All rows of a table as the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def day_of(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def moment_of(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class Facts:
    """All that counts, read once."""

    def __init__(self) -> None:
        self.runs = {run["id"]: run for run in rows_of("courses_courserun")}
        self.users = {user["id"]: user for user in rows_of("accounts_user")}
        self.units = {unit["id"]: unit for unit in rows_of("geography_administrativeunit")}
        self.required: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for row in rows_of("courses_programmerequirement"):
            self.required[row["programme_id"]][row["cadre"]].add(row["course_id"])
        self.enrolments: dict[int, list[_Row]] = defaultdict(list)
        for row in rows_of("courses_enrolment"):
            self.enrolments[row["user_id"]].append(row)
        self.postings: dict[int, list[_Row]] = defaultdict(list)
        for row in rows_of("accounts_posting"):
            row["valid_from"], row["valid_to"] = day_of(row["valid_from"]), day_of(row["valid_to"])
            self.postings[row["user_id"]].append(row)
        live = [row for row in rows_of("certificates_certificate") if row["status"] in LIVE]
        self.certificates = Counter(row["enrolment_id"] for row in live)
        self.successions = rows_of("geography_unitsuccession")


SEXES = ("female", "male")
LIVE = ("valid", "flagged")


@dataclass
class Counted:
    """One person: where, in which state. `unit`: of whatever map; `source`: where enrolled, on this."""

    user: int
    unit: int
    place: int | str
    state: str
    cadre: str
    begins: date | None = None
    left: bool = False
    source: int | str = ""
    sex: str = ""


@dataclass
class Recount:
    """Whom one question counts. `area`: the paths that the reader oversees; None for all."""

    programme: int
    edition: int
    on: date
    area: Collection[str] | None = None
    cadres: Collection[str] | None = None
    now: bool = False
    facts: Facts = field(default_factory=Facts)

    def __post_init__(self) -> None:
        required = self.facts.required[self.programme]
        self.trained = {cadre: required[cadre] for cadre in required}
        self.became = _map_to(self.edition, self.facts)

    # Who is counted

    def people(self) -> list[Counted]:
        found = []
        for user in self.facts.users:
            mine = self._held(user)
            one = self._enrolled(user, mine) if mine else self._posted(user)
            if one is not None:
                found.append(replace(one, sex=self.facts.users[user]["sex"]))
        return found

    def certificates(self) -> Counter[int | str]:
        """Certificates by place: each where its own enrolment counts."""
        counted: Counter[int | str] = Counter()
        for user in self.facts.users:
            for one in self._held(user):
                issued = self.facts.certificates[one["id"]]
                if not issued or not self._seen(one["unit_id"]) or one["cadre"] not in self.trained:
                    continue
                unit, cadre, _left = self._stand(user, one)
                if self.cadres is not None and cadre not in self.cadres:
                    continue
                counted[self._place(unit) if self._seen(unit) else AWAY] += issued
        return counted

    def _held(self, user: int) -> list[_Row]:
        """Enrolments of the programme that count: neither withdrawn nor in a cancelled class."""
        return [
            one
            for one in self.facts.enrolments[user]
            if one["status"] in ("active", "completed")
            and self._run(one)["programme_id"] == self.programme
            and self._run(one)["status"] != "cancelled"
        ]

    def _run(self, enrolment: _Row) -> _Row:
        return self.facts.runs[enrolment["run_id"]]

    def _enrolled(self, user: int, mine: list[_Row]) -> Counted | None:
        last = max(mine, key=lambda one: (moment_of(one["enrolled_at"]), one["id"]))
        if last["cadre"] not in self.trained or not self._seen(last["unit_id"]):
            return None
        unit, cadre, left = self._stand(user, last)
        is_source = self.cadres is None or last["cadre"] in self.cadres
        is_here = self.cadres is None or cadre in self.cadres
        if not (is_here or (self.now and is_source)):
            return None
        state, begins = self._state(user, mine, last["cadre"])
        return Counted(
            user=user,
            unit=unit,
            place=("" if not is_here else self._place(unit) if self._seen(unit) else AWAY),
            state=state,
            cadre=cadre,
            begins=begins,
            left=left,
            source=self._place(last["unit_id"]) if is_source else "",
        )

    def _posted(self, user: int) -> Counted | None:
        wanted = set(self.trained) if self.cadres is None else set(self.trained) & {*self.cadres}
        held = [post for post in self._posts(user) if post["cadre"] in wanted]
        if not held or not self._seen(held[0]["unit_id"]):
            return None
        place = self._place(held[0]["unit_id"])
        return Counted(user, held[0]["unit_id"], place, "no_class", held[0]["cadre"], source=place)

    def _posts(self, user: int) -> list[_Row]:
        """Posts that are open, the first one first."""
        held = [
            post
            for post in self.facts.postings[user]
            if post["valid_from"] <= self.on
            and (post["valid_to"] is None or post["valid_to"] >= self.on)
        ]
        return sorted(held, key=lambda post: (post["valid_from"], post["id"]))

    # How far

    def _state(self, user: int, mine: list[_Row], cadre: str) -> tuple[str, date | None]:
        done = {
            self._run(one)["course_id"]
            for one in self.facts.enrolments[user]
            if one["status"] == "completed" and self._run(one)["programme_id"] == self.programme
        }
        if self.trained[cadre] <= done:
            return "completed", None
        classes = [self._run(one) for one in mine if self._run(one)["course_id"] not in done]
        going_on = [run for run in classes if run["status"] in ("planned", "open")]
        days = [day_of(run["starts_on"]) for run in going_on]
        if any(day <= self.on for day in days):
            return "learning", None
        if days:
            return "to_come", min(days)
        is_over = any(run["status"] == "closed" for run in classes)
        return ("not_completed" if is_over else "no_class"), None

    # Where

    def _stand(self, user: int, enrolment: _Row) -> tuple[int, str, bool]:
        """The unit and cadre in which an enrolment counts, and whether no post is held."""
        stamped = enrolment["unit_id"], enrolment["cadre"]
        if not self.now:
            return (*stamped, False)
        held = self._posts(user)
        ended = [
            post
            for post in self.facts.postings[user]
            if post["valid_to"] is not None and post["valid_to"] < self.on
        ]
        ended.sort(key=lambda post: (post["valid_to"], post["valid_from"], post["id"]))
        choices = [
            *[post for post in held if (post["unit_id"], post["cadre"]) == stamped],
            *[post for post in held if post["unit_id"] == stamped[0]],
            *[post for post in held if post["cadre"] == stamped[1]],
            *held,
            *ended[-1:],
        ]
        if not choices:
            return (*stamped, True)
        return choices[0]["unit_id"], choices[0]["cadre"], not held

    def _seen(self, unit: int) -> bool:
        path = self.facts.units[unit]["path"]
        return self.area is None or any(path.startswith(own) for own in self.area)

    def _place(self, unit: int) -> int | str:
        return self.became[unit]


def _map_to(edition: int, facts: Facts) -> dict[int, int | str]:
    """What each unit of the other list became on this one: itself, one other, or a reason.

    For two lists. Forwards a unit goes where all of it went; backwards it is what it is made of,
    where that is one former unit that went nowhere else. Districts follow their communes.
    """
    ends = _ends(facts)
    made_of: dict[int, set[int]] = defaultdict(set)
    for old, news in ends.items():
        for new in news - {0}:
            made_of[new].add(old)
    for above in _without_origin(facts):
        made_of[above].add(0)
    levels = {u["level"] for u in facts.units.values() if u["edition_id"] == edition}
    became: dict[int, int | str] = {}
    for pk, unit in facts.units.items():
        lost = DIVIDED if unit["level"] in levels else ABOLISHED
        if unit["edition_id"] == edition:
            became[pk] = pk
        elif ends.get(pk):
            became[pk] = _only(ends[pk]) or lost
        else:
            former = _only(made_of[pk])
            became[pk] = former if former and _only(ends[former]) == pk else lost
    return became


def _without_origin(facts: Facts) -> Iterator[int]:
    """Units that hold a commune of which no former one is told."""
    reached = {row["to_unit_id"] for row in facts.successions}
    for pk, unit in facts.units.items():
        if unit["level"] == "commune" and pk not in reached:
            for above, other in facts.units.items():
                if unit["path"].startswith(other["path"]) and above != pk:
                    yield above


def _only(found: set[int]) -> int:
    """The one that is found; 0 where there are others, or none."""
    return min(found) if len(found) == 1 else 0


def _ends(facts: Facts) -> dict[int, set[int]]:
    """Where the parts of each unit of the earlier list went; 0 for what is not told."""
    onto: dict[int, set[int]] = defaultdict(set)
    for row in facts.successions:
        onto[row["from_unit_id"]].add(row["to_unit_id"])
    for row in facts.successions:
        if row["extent"] == "part" and len(onto[row["from_unit_id"]]) == 1:
            onto[row["from_unit_id"]].add(0)
    earlier = {facts.units[pk]["edition_id"] for pk in onto}
    ends: dict[int, set[int]] = {}
    for pk, unit in facts.units.items():
        if unit["edition_id"] not in earlier:
            continue
        ends[pk] = set()
        for one, below in facts.units.items():
            if below["level"] != "commune" or not below["path"].startswith(unit["path"]):
                continue
            # What becomes of the rest of a divided commune does not hold back its district.
            known = onto[one] if one == pk else onto[one] - {0}
            ends[pk] |= {_above(facts, to, unit) for to in known or {0}}
    return ends


def _above(facts: Facts, to: int, unit: _Row) -> int:
    """The unit of the same tier that holds a commune; 0 where there is none."""
    if not to:
        return 0
    path = facts.units[to]["path"]
    for pk, other in facts.units.items():
        if path.startswith(other["path"]) and other["level"] == unit["level"]:
            return pk
    return 0


def cells_of(people: Iterable[Counted], certificates: int = 0) -> dict[str, Any]:
    """What one place shows of these people."""
    people = list(people)
    states = Counter(one.state for one in people)
    sexes = Counter(one.sex for one in people)
    completed = Counter(one.sex for one in people if one.state == "completed")
    days = [one.begins for one in people if one.begins]
    return {
        **{state: states[state] for state in STATES},
        "starts_on": min(days, default=None),
        **{sex: sexes[sex] for sex in SEXES},
        **{f"{sex}_completed": completed[sex] for sex in SEXES},
        "left": sum(one.left for one in people),
        "certificates": certificates,
    }
