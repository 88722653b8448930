"""Small groups in what leaves the office: hidden, and not to be had back by subtraction."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.reporting.domain.small_numbers import (
    SMALLEST_SHOWN,
    Sum,
    determined_keys,
    hidden_keys,
    is_small,
)

FIGURE = st.integers(0, 12)


def test_nobody_is_no_group_and_four_are_too_few():
    assert [figure for figure in range(7) if is_small(figure)] == [1, 2, 3, 4]


def test_second_figure_is_hidden_where_one_would_follow_from_the_sum():
    figures = {"all": 40, "a": 3, "b": 20, "c": 17}
    assert hidden_keys(figures=figures, sums=[Sum("all", ("a", "b", "c"))]) == {"a", "c"}


def test_hidden_figures_that_come_to_a_small_group_take_another_with_them():
    figures = {"all": 22, "a": 1, "b": 2, "c": 19}
    assert hidden_keys(figures=figures, sums=[Sum("all", ("a", "b", "c"))]) == {"a", "b", "c"}


def test_row_of_few_people_is_hidden_with_its_noughts():
    figures = {"all": 3, "done": 3, "rest": 0}
    sums = [Sum("all", ("done", "rest"))]
    assert hidden_keys(figures=figures, sums=sums, rows=[("all", "done", "rest")]) == set(figures)


def test_nothing_is_hidden_where_no_group_is_small():
    figures = {"all": 40, "a": 0, "b": 40}
    assert hidden_keys(figures=figures, sums=[Sum("all", ("a", "b"))]) == set()


def test_figure_is_hidden_further_away_where_all_beside_the_small_one_is_hidden_already():
    # `x` is 3 whatever is hidden in its own sums: another sum tells both `y` and `z`.
    figures = {"x": 3, "y": 3, "z": 3, "p": 9, "q": 6}
    sums = [Sum("x", ("y",)), Sum("y", ("z",)), Sum("p", ("q", "z"))]
    hidden = hidden_keys(figures=figures, sums=sums)
    assert determined_keys(figures=figures, sums=sums, hidden=hidden).isdisjoint("xyz")


def test_nothing_more_is_hidden_for_what_has_left_the_office_already():
    figures = {"a": 3, "b": 17, "ab": 20, "c": 2, "cd": 2, "d": 0, "rest": 30, "all": 52}
    sums = [Sum("ab", ("a", "b")), Sum("cd", ("c", "d")), Sum("all", ("ab", "cd", "rest"))]
    hidden = hidden_keys(figures=figures, sums=sums, told={"ab", "b", "cd"})
    assert hidden == {"a", "c"}


@st.composite
def reports(draw):
    """Districts of communes, each in two states and for two cadres: linked tables of one report."""
    districts = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(1, 3)))]
    figures, sums, rows = {}, [], []
    places = [
        (district, commune) for district, size in enumerate(districts) for commune in range(size)
    ]
    for place, cadre, state in product(places, "ab", "01"):
        figures[place, cadre, state] = draw(FIGURE)
    for place in places:
        for state in "01":
            whole, parts = (place, state), tuple((place, cadre, state) for cadre in "ab")
            figures[whole] = sum(figures[part] for part in parts)
            sums.append(Sum(whole, parts))
    for state in "01":
        for district, size in enumerate(districts):
            parts = tuple(((district, commune), state) for commune in range(size))
            figures[district, state] = sum(figures[part] for part in parts)
            sums.append(Sum((district, state), parts))
        parts = tuple((district, state) for district in range(len(districts)))
        figures["all", state] = sum(figures[part] for part in parts)
        sums.append(Sum(("all", state), parts))
    for place in (*places, *range(len(districts)), "all"):
        row = (place, "people"), (place, "0"), (place, "1")
        figures[row[0]] = figures[row[1]] + figures[row[2]]
        sums.append(Sum(row[0], row[1:]))
        rows.append(row)
    return figures, sums, rows


@given(reports())
def test_no_sum_of_shown_figures_gives_back_a_small_one(report):
    figures, sums, rows = report
    hidden = hidden_keys(figures=figures, sums=sums, rows=rows)
    assert {key for key, figure in figures.items() if is_small(figure)} <= hidden
    solved = solve(figures, sums, hidden)
    assert not [key for key in solved if is_small(figures[key])]
    for one in sums:
        if one.whole not in hidden:
            rest = figures[one.whole] - sum(
                figures[part] for part in one.parts if part not in hidden
            )
            assert rest == 0 or rest >= SMALLEST_SHOWN


@given(reports())
def test_nothing_is_hidden_that_the_reader_could_work_out(report):
    """But where a sum would then tell by itself what a small group comes to."""
    figures, sums, rows = report
    hidden = hidden_keys(figures=figures, sums=sums, rows=rows)
    needed = {key for key, figure in figures.items() if is_small(figure)}
    needed.update(key for row in rows if is_small(figures[row[0]]) for key in row)
    for key in solve(figures, sums, hidden) - needed:
        rest = hidden - {key}
        assert any(
            one.whole not in rest
            and is_small(sum(figures[part] for part in one.parts if part in rest))
            for one in sums
        )


@given(reports())
def test_another_report_would_show_the_same(report):
    """For every small figure there is a second set of figures, none below nought, that adds up."""
    figures, sums, rows = report
    hidden = hidden_keys(figures=figures, sums=sums, rows=rows)
    for key in hidden:
        if is_small(figures[key]):
            change = direction(figures, sums, hidden, key)
            assert change[key]
            step = min(Fraction(figures[one], abs(by)) for one, by in change.items() if by)
            other = {one: figures[one] + step * change.get(one, 0) for one in figures}
            assert min(other.values()) >= 0
            assert other[key] != figures[key]
            for one in sums:
                assert other[one.whole] == sum(other[part] for part in one.parts)


def reduce(figures, sums, hidden):
    """The equations of the hidden figures that are not nought, solved with fractions, column by
    column: (pivots, columns). It shares no code with the rule.
    """
    columns = sorted((key for key in hidden if figures[key]), key=repr)
    matrix = [
        [Fraction((key in one.parts) - (key == one.whole)) for key in columns] for one in sums
    ]
    pivots = {}
    for column in range(len(columns)):
        row = next(
            (r for r in range(len(matrix)) if r not in pivots.values() and matrix[r][column]), None
        )
        if row is None:
            continue
        pivots[column] = row
        head = matrix[row][column]
        matrix[row] = [value / head for value in matrix[row]]
        for other in range(len(matrix)):
            if other != row and matrix[other][column]:
                factor = matrix[other][column]
                matrix[other] = [
                    a - factor * b for a, b in zip(matrix[other], matrix[row], strict=True)
                ]
    return columns, matrix, pivots


def solve(figures, sums, hidden):
    columns, matrix, pivots = reduce(figures, sums, hidden)
    return {
        columns[column]
        for column, row in pivots.items()
        if sum(1 for value in matrix[row] if value) == 1
    }


def direction(figures, sums, hidden, key):
    """How hidden figures may change together so that all sums stay what they are."""
    columns, matrix, pivots = reduce(figures, sums, hidden)
    wanted = columns.index(key)
    free = [column for column in range(len(columns)) if column not in pivots]
    if wanted in free:
        chosen = wanted
    else:
        chosen = next((column for column in free if matrix[pivots[wanted]][column]), None)
        if chosen is None:
            pytest.fail(f"{key} follows from what is shown")
    change = {columns[chosen]: Fraction(1)}
    for column, row in pivots.items():
        change[columns[column]] = -matrix[row][chosen]
    return change
