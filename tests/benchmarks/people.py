"""The people list of half a million, searched as the admin searches it."""

import itertools
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.accounts.models import Posting, User
from lms.core.text import fold, given_name, sort_key
from tests.benchmarks.enlarging import log_in, staff
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.timing import in_turns, milliseconds

PEOPLE = 500_000
ROUNDS = 5
FAMILY = ("Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đỗ", "Bùi", "Ngô")
MIDDLE = ("Thị", "Thị", "Văn", "Thị Thu", "Đức", "Minh", "Thị Ngọc")
GIVEN = ("Hương", "Lan", "Hoa", "Mai", "Hà", "Tuấn", "Hùng", "Dũng", "Nga", "Thảo", "Xuân", "Yến")
# Of fifty people: every ten thousandth.
RARE, RARE_EVERY = "Quàng Kháng Chiến", 10_000
ONE = "BIG0123456"
# What is typed, by what it is.
TYPED = {
    "a given name": "hương",
    "two words": "trần hoa",
    "three words": "le thi mai",
    "a common family name": "nguyen",
    "a rare name": "khang chien",
    "nobody": "zzyzx",
    "a staff code": ONE,
}
READERS = {"everywhere": "QT001", "in a district": "DP350"}
AT_DATABASE = "ms at the database"


def people() -> list[Measure]:
    """The queries of the first page of the list, beside one look at a single row by its key."""
    _make_people()
    return [
        _measure(f"people {where}: {what}", log_in(staff(login)[0]), typed)
        for where, login in READERS.items()
        for what, typed in TYPED.items()
    ]


def _measure(name: str, client: Client, typed: str) -> Measure:
    def search() -> None:
        answer = client.get(reverse("wagtailusers_users:index_results"), {"q": typed})
        if answer.status_code != 200:
            raise AssertionError(f"{typed}: {answer.status_code}")

    pair = in_turns(lambda: _asked(search), lambda: _asked(_find_one), rounds=ROUNDS)
    return Measure(
        name=name,
        value=milliseconds(pair.job),
        floor_name="one person by key",
        floor=milliseconds(pair.floor),
        ratio=pair.ratio,
        aims=(Aim("<", 100, AT_DATABASE),),
        figures={AT_DATABASE: pair.job * 1000},
    )


def _find_one() -> None:
    User.objects.get(staff_code=ONE)


def _asked(job: Callable[[], object]) -> float:
    """Return the seconds at the database of the queries about people."""
    with CaptureQueriesContext(connection) as captured:
        begun = time.perf_counter()
        job()
        whole = time.perf_counter() - begun
    about = [query for query in captured if "accounts_user" in query["sql"]]
    # The log tells milliseconds; one query alone is timed better from outside.
    return whole if len(captured) == 1 else sum(float(query["time"]) for query in about)


def _make_people() -> None:
    """In the database itself: half a million objects of Django would take minutes."""
    if User.objects.filter(staff_code=ONE).exists():
        return
    names = [" ".join(parts) for parts in itertools.product(FAMILY, MIDDLE, MIDDLE, GIVEN)]
    rows = [
        (number, name, given_name(name), sort_key(name), fold(name))
        for number, name in enumerate([*names, RARE])
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        cursor.executemany("INSERT INTO bench_name VALUES (%s, %s, %s, %s, %s)", rows)
        cursor.execute(_PEOPLE, [PEOPLE, RARE_EVERY, len(names), len(names)])
        cursor.execute(_POSTINGS, [])
        cursor.execute("ANALYZE")
    for made in (
        User.objects.filter(staff_code__startswith="BIG"),
        Posting.objects.filter(user__staff_code__startswith="BIG"),
    ):
        if made.count() != PEOPLE:
            raise RuntimeError(f"not {PEOPLE} rows of {made.model.__name__}")


_NAMES = """
CREATE TEMPORARY TABLE bench_name (
    n integer PRIMARY KEY, full_name text, given_name text, sort_key text, folded_name text
)
"""

_PEOPLE = """
INSERT INTO accounts_user (
    password, is_superuser, staff_code, full_name, given_name, sort_key, search_text, folded_name,
    phone_raw, sex, is_sample, is_minimal, is_active, is_staff, date_joined
)
SELECT '!', FALSE, code, full_name, given_name, sort_key, folded_name || ' ' || lower(code),
    folded_name, '', '', TRUE, FALSE, TRUE, FALSE, CURRENT_TIMESTAMP
FROM (
    SELECT i, 'BIG' || lpad(i::text, 7, '0') AS code FROM generate_series(0, %s - 1) AS series(i)
) AS numbered
JOIN bench_name ON n = CASE WHEN i %% %s = 0 THEN %s ELSE (i::bigint * 4001) %% %s END
"""

_POSTINGS = """
INSERT INTO accounts_posting (user_id, unit_id, cadre, valid_from)
SELECT p.id, c.id, 'collaborator', '2014-01-01'
FROM accounts_user p
JOIN (
    SELECT id, row_number() OVER (ORDER BY path) - 1 AS place, count(*) OVER () AS total
    FROM geography_administrativeunit
    WHERE level = 'commune' AND edition_id = (SELECT min(edition_id) FROM courses_programme)
) c ON c.place = p.id %% c.total
WHERE p.staff_code LIKE 'BIG%%'
"""
