"""People searched by parts of their names among 500,000 that are only here for it."""

import random
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from lms.accounts.models import User
from lms.core.text import fold, given_name, sort_key
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.timing import in_turns, milliseconds, timed

PEOPLE = 500_000
PAGE = 50
ROUNDS = 5
# What is typed, and whether it has an aim: what most people are called finds most of them, and words
# of two letters stand in no index.
TYPED = {
    "cao kim xuyen": True,
    "nguyen thi huong": True,
    "xuyen": True,
    "bs123456": True,
    "560123456": True,
    "nguyen": False,
    "le thi ha": False,
}
# fmt: off
FAMILY = {
    "Nguyễn": 38, "Trần": 11, "Lê": 9, "Phạm": 7, "Hoàng": 5, "Vũ": 4, "Đặng": 3, "Bùi": 3, "Đỗ": 3,
    "Phan": 3, "Ngô": 2, "Trương": 2, "Đinh": 2, "Dương": 2, "Lý": 1, "Cao": 1,
}
MIDDLE = ["Thị", "Văn", "Thị Thu", "Thị Kim", "Kim", "Minh", "Đức", "Hữu", "Ngọc", "Thị Thanh"]
GIVEN = [
    "Ái", "Anh", "Bình", "Chiến", "Cường", "Dung", "Dũng", "Giang", "Hà",
    "Hạ", "Hải", "Hằng", "Hiếu", "Hoa", "Hòa", "Hùng", "Hương", "Khánh",
    "Lan", "Liên", "Linh", "Loan", "Mai", "Minh", "Nam", "Nga", "Nhung",
    "Oanh", "Phúc", "Phương", "Quân", "Sơn", "Tâm", "Thảo", "Thắng", "Thơm",
    "Thủy", "Toàn", "Trang", "Tuấn", "Vân", "Việt", "Vinh", "Xuyến", "Yến",
]
# fmt: on


def search() -> list[Measure]:
    """Search as the list does, its count and its first page, against the same rows by their keys."""
    if not User.objects.filter(staff_code="BS000001").exists():
        _fill()
    return [_measure(typed, has_aim=has_aim) for typed, has_aim in TYPED.items()]


def _measure(typed: str, *, has_aim: bool) -> Measure:
    found = User.objects.search(typed)
    keys = list(found.in_name_order().values_list("pk", flat=True)[:PAGE])
    if not keys:
        raise RuntimeError(f"nobody is found by {typed}")
    pair = in_turns(
        timed(lambda: (found.count(), list(found.in_name_order()[:PAGE]))),
        timed(lambda: list(User.objects.filter(pk__in=keys).in_name_order())),
        rounds=ROUNDS,
    )
    return Measure(
        name=f"“{typed}” among {PEOPLE}: {found.count()}",
        value=milliseconds(pair.job),
        floor_name=f"the {len(keys)} on the page by keys",
        floor=milliseconds(pair.floor),
        ratio=pair.ratio,
        aims=(Aim("<", 100, "ms"),) if has_aim else (),
        figures={"ms": pair.job * 1000},
    )


def _fill() -> None:
    rows = _rows()
    columns = list(next(rows))
    names = ", ".join(f'"{name}"' for name in columns)
    table = User._meta.db_table
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(list(row.values()))
        cursor.execute(f"VACUUM ANALYZE {table}")


def _rows() -> Iterator[dict[str, Any]]:
    """Yield the columns of one that is left out, then of each person."""
    chance, now = random.Random(PEOPLE), timezone.now()
    families = chance.choices(list(FAMILY), list(FAMILY.values()), k=PEOPLE + 1)
    for number, family in enumerate(families):
        name = f"{family} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
        code, phone = f"BS{number:06d}", f"+8456{number:07d}"
        yield {
            "staff_code": code,
            "full_name": name,
            "given_name": given_name(name),
            "sort_key": sort_key(name),
            "folded_name": fold(name),
            "search_text": f"{fold(name)} {code.lower()} {phone}",
            "phone": phone,
            "password": f"!{uuid.uuid4().hex}",
            "date_joined": now,
            **dict.fromkeys(("phone_raw", "sex"), ""),
            **dict.fromkeys(("is_superuser", "is_staff", "is_sample", "is_minimal"), False),
            "is_active": True,
        }
