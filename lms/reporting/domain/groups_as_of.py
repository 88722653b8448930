"""The people of a past day in groups, made by the database: who stood at one place with equal stories.

A country has a million enrolments and some ten thousand different groups. What a story tells is judged
by `Judge` as everywhere, once each; the database only puts equal ones together. A story is the kinds of
somebody's enrolments in any order, each once: `Judge` asks no more of them.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any, Final, NamedTuple

from django.db import connections
from django.db.models import Case, IntegerField, QuerySet, Value, When

from courses.enums import EnrolmentStatus
from lms.reporting.domain.as_of import Day, enrolments_then, posts_then
from lms.reporting.domain.trend import first_day
from lms.reporting.enums import PersonState

#: What of an enrolment decides besides its class: its status, and whether a day of completion stands on it.
_SIGNS: Final = tuple(product(EnrolmentStatus.values, (False, True)))
#: How a database writes the marks of somebody's enrolments, the last of several days, and a list of pairs.
_WORDS: Final = {
    "postgresql": {
        "story": "STRING_AGG(mark::text, ',')",
        "last": "GREATEST",
        "day": "%s::date",
        "pairs": "SELECT * FROM UNNEST(%s::bigint[], %s::bigint[])",
    },
    "sqlite": {
        "story": "GROUP_CONCAT(mark)",
        "last": "MAX",
        "day": "%s",
        "pairs": "SELECT one.value, other.value FROM json_each(%s) one JOIN json_each(%s) other USING (key)",
    },
}
_GROUPED: Final = """
    WITH enrolled (person, sex, unit, cadre, place, held, is_held, course, done_on, enrolled_at, enrolment,
        run, sign)
    AS ({enrolled}),
    alike (run, first_mark) AS ({pairs}),
    marked AS (SELECT *, first_mark + sign AS mark FROM enrolled JOIN alike USING (run)),
    in_line AS (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY person ORDER BY {counts} DESC, enrolled_at DESC, enrolment DESC) AS number
        FROM marked),
    reached AS (
        SELECT person, sex, {latest}, {story} AS story{first_days}
        FROM in_line GROUP BY person, sex HAVING MAX({counts}) = 1),
    posted (person, unit, cadre, sex, valid_from, post) AS ({posted}),
    unreached AS (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY person ORDER BY valid_from, post) AS number
        FROM posted WHERE NOT EXISTS (SELECT 1 FROM reached WHERE reached.person = posted.person))
    SELECT unit, cadre, place, held, is_held, sex, story, {done_on} AS done_on, COUNT(*)
    FROM reached GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    UNION ALL
    SELECT unit, cadre, unit, cadre, 1, sex, NULL, NULL, COUNT(*)
    FROM unreached WHERE number = 1 GROUP BY unit, cadre, sex
"""
_OF_LATEST: Final = ("unit", "cadre", "place", "held", "is_held")


class GroupThen(NamedTuple):
    """So many people: where they were enrolled and stood, and how far they were.

    `done_on`: what was completed before the line of a year begins stands on the day before.
    """

    unit: int
    cadre: str
    place: int
    held: str
    is_held: bool
    sex: str
    state: PersonState
    begins: date | None
    done_on: date | None
    people: int


def groups_then(day: Day) -> Iterator[GroupThen]:
    """Yield all who count on this day, and those whom no class had reached; one query."""
    marks = _Marks(day)
    for *where, story, done_on, people in _rows(day, marks):
        unit, cadre, place, held, is_held, sex = where
        state, begins = PersonState.NO_CLASS, None
        if story is not None:
            state, begins = day.judge.how_far(cadre, marks.numbers_of(story))
        is_done = state is PersonState.COMPLETED
        # SQLite has words in the place of days.
        completed_on = date.fromisoformat(str(done_on)) if is_done else None
        yield GroupThen(
            *(unit, cadre, place, held, bool(is_held), sex), state, begins, completed_on, people
        )


class _Marks:
    """The number that an enrolment has in a story: of all classes that tell the same it is one."""

    def __init__(self, day: Day) -> None:
        self._numbers: list[int] = []
        #: The mark of an enrolment of the first sign, by its class.
        self.first_marks: dict[int, int] = {}
        alike: dict[tuple[int, ...], int] = {}
        for run in day.runs:
            numbers = tuple(
                day.judge.number_of(run, status, is_done=is_done) for status, is_done in _SIGNS
            )
            if numbers not in alike:
                alike[numbers] = len(self._numbers)
                self._numbers.extend(numbers)
            self.first_marks[run] = alike[numbers]
        self.counting = [
            mark for mark, number in enumerate(self._numbers) if day.judge.kinds[number].counts
        ]
        self._read: dict[str, list[int]] = {}

    def numbers_of(self, story: str) -> list[int]:
        """Return the numbers of the kinds that a story is made of."""
        if story not in self._read:
            self._read[story] = sorted({self._numbers[int(mark)] for mark in story.split(",")})
        return self._read[story]


def _rows(day: Day, marks: _Marks) -> list[tuple[Any, ...]]:
    rows = enrolments_then(day)
    connection = connections[rows.db]
    words = _WORDS[connection.vendor]
    told = ("user", "enrolment__user__sex", *_OF_LATEST, "enrolment__run__course", "done_on")
    more = ("enrolled_at", "enrolment", "enrolment__run", "sign")
    last_day, of_cadres = _last_day(day, words)
    enrolled, of_enrolled = _compile(
        rows.annotate(sign=_sign()).values_list(*told, *more), connection
    )
    posted, of_posted = _compile(
        posts_then(day).values_list("user", "unit", "cadre", "user__sex", "valid_from", "pk"),
        connection,
    )
    sql = _GROUPED.format(
        enrolled=enrolled,
        pairs=words["pairs"],
        counts=f"CASE WHEN mark IN ({', '.join(map(str, marks.counting or [-1]))}) THEN 1 ELSE 0 END",
        latest=", ".join(
            f"MAX(CASE WHEN number = 1 THEN {one} END) AS {one}" for one in _OF_LATEST
        ),
        story=words["story"],
        first_days="".join(
            f", MIN(CASE WHEN course = {course} THEN done_on END) AS first_{course}"
            for course in sorted(set().union(*day.required.values()))
        ),
        posted=posted,
        done_on=last_day,
    )
    pairs = [list(marks.first_marks), list(marks.first_marks.values())]
    told_pairs = pairs if connection.vendor == "postgresql" else map(json.dumps, pairs)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*of_enrolled, *told_pairs, *of_posted, *of_cadres])
        return cursor.fetchall()


def _sign() -> Case:
    """Return the place of an enrolment among `_SIGNS`."""
    signs = [
        When(status=status, completed_at__isnull=not is_done, then=Value(place))
        for place, (status, is_done) in enumerate(_SIGNS)
    ]
    return Case(*signs, output_field=IntegerField())


def _last_day(day: Day, words: Mapping[str, str]) -> tuple[str, list[Any]]:
    """Return the day on which the last of all that a cadre must was completed, as SQL."""
    before = str(first_day(on=day.on) - timedelta(days=1))
    cases, params = "", []
    for cadre, courses in day.required.items():
        firsts = ", ".join(f"first_{course}" for course in sorted(courses))
        cases += f" WHEN %s THEN {words['last']}({firsts}, {words['day']})"
        params += [cadre, before]
    return (f"CASE cadre{cases} END" if cases else "NULL"), params


def _compile(rows: QuerySet[Any], connection: Any) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of a query that may be known to find nothing."""
    compiler = rows.query.get_compiler(connection=connection, elide_empty=False)
    sql, params = compiler.as_sql()
    return sql, params
