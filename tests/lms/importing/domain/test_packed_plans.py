"""Rows that wait to be written come back as they were, in their order and in portions."""

from types import SimpleNamespace

import pytest

from lms.importing.domain.packed_plans import PackedPlans


@pytest.mark.parametrize(
    ("at_once", "sizes"), [(2, [2, 2]), (3, [3, 1]), (4, [4]), (9, [4]), (None, [4])]
)
def test_rows_come_back_in_their_order_and_in_portions(at_once, sizes):
    plans = [SimpleNamespace(number=number, diff="words", changes=["words"]) for number in range(4)]
    packed = PackedPlans(at_once=at_once)

    packed.add(plans[:1])
    packed.add(plans[1:])

    assert len(packed) == 4
    portions = list(packed.unpack())
    assert [len(one) for one in portions] == sizes
    rows = [row for portion in portions for row in portion]
    assert [(row.number, row.diff, row.changes) for row in rows] == [
        (number, None, []) for number in range(4)
    ]
