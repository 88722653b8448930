"""Hides groups of fewer than five people in what leaves the office, so that no sum gives them back.

A report is a set of figures and of sums between them (a place is its states, a district its
communes, a total its districts and its cadres), also across its tables and filters. First every small
figure is hidden (primary); then others, the smallest first, until nothing that is hidden follows
from what is shown (complementary).

Two things are kept: no small figure is determined by the shown ones through any combination of the
sums, and no single sum tells what hidden figures come to where that is itself a small group. Last, what
was hidden for nothing is shown again: a larger figure that the reader could work out all the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

SMALLEST_SHOWN: Final = 5
# Sums are solved modulo a prime: exact, and far larger than any factor that they can have.
_PRIME: Final = 2**61 - 1

#: Whatever a report knows its figures by.
Key = Any


@dataclass(frozen=True)
class Sum:
    """`whole` is what `parts` add up to, all of them keys of figures."""

    whole: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        return (self.whole, *self.parts)


def is_small(figure: int) -> bool:
    """Return whether so few people are a group that must not be told; nobody is no group."""
    return 0 < figure < SMALLEST_SHOWN


def tells_small(*parts: int) -> bool:
    """Return whether one of these parts of a whole that is told is a small group: each follows from
    the whole and the others.
    """
    return any(is_small(part) for part in parts)


def hidden_keys(
    *,
    figures: Mapping[Key, int],
    sums: Sequence[Sum],
    rows: Iterable[Sequence[Key]] = (),
    told: Collection[Key] = frozenset(),
    kept_back: Collection[Key] = frozenset(),
) -> set[Key]:
    """Return the keys of the figures to hide.

    `rows`: keys that tell of the same people, the number of people first; where that is small all
    of them are hidden, since the noughts would tell the rest. `told`: what has left the office already
    and can be hidden no more; `kept_back`: what is hidden in any case. What the told give away by
    themselves is lost, and nothing else is hidden for it. Ends: with all hidden but the told nothing more
    follows.
    """
    hidden = {key for key, figure in figures.items() if is_small(figure)}
    for whole, *parts in rows:
        if is_small(figures[whole]):
            hidden |= {whole, *parts}
    hidden = (hidden - set(told)) | set(kept_back)
    needed = set(hidden)
    wholes = {one.whole for one in sums}
    lost, lost_sums = _lost(figures, sums, told)
    to_keep = [one for one in sums if one not in lost_sums]
    while open_sums := _open_sums(figures, sums, to_keep, hidden, lost):
        before = len(hidden)
        for near in open_sums:
            shown = _can_be_hidden(figures, near, hidden, told)
            if shown:
                hidden.add(min(shown, key=lambda key: (key in wholes, figures[key], repr(key))))
        if len(hidden) == before:
            everything = _can_be_hidden(figures, sums, hidden, told)
            hidden.add(min(everything, key=lambda key: (figures[key], repr(key))))
    return _show_again(figures, sums, to_keep, hidden, needed)


def _lost(
    figures: Mapping[Key, int], sums: Sequence[Sum], told: Collection[Key]
) -> tuple[set[Key], set[Sum]]:
    """Return the figures that follow from what is told even with all the rest hidden, and the sums that
    tell a small group then.
    """
    if not told:
        return set(), set()
    rest = set(figures).difference(told)
    known = determined_keys(figures=figures, sums=sums, hidden=rest)
    return known, set(_telling(figures, sums, rest))


def _can_be_hidden(
    figures: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key], told: Collection[Key]
) -> set[Key]:
    keys = {key for one in sums for key in one.keys}
    return {key for key in keys if key not in hidden and key not in told and figures[key]}


def determined_keys(
    *, figures: Mapping[Key, int], sums: Sequence[Sum], hidden: Iterable[Key]
) -> set[Key]:
    """Return which hidden figures follow from the shown ones through the sums.

    Noughts among the hidden are taken as known: they keep nobody from solving the rest.
    """
    unknown = [key for key in hidden if figures[key]]
    place = {key: number for number, key in enumerate(unknown)}
    equations = []
    for one in sums:
        equation = {place[part]: 1 for part in one.parts if part in place}
        if one.whole in place:
            equation[place[one.whole]] = -1
        equations.append(equation)
    return {unknown[number] for number in _solved(equations)}


def _open_sums(
    figures: Mapping[Key, int],
    sums: Sequence[Sum],
    to_keep: Sequence[Sum],
    hidden: set[Key],
    lost: set[Key],
) -> list[list[Sum]]:
    """Return groups of sums, in each of which one figure more must be hidden: first each sum that
    tells by itself what its hidden parts come to, then those of each small figure that can be solved.
    """
    telling = _telling(figures, to_keep, hidden)
    if telling:
        return [[one] for one in telling]
    solved = determined_keys(figures=figures, sums=sums, hidden=hidden) - lost
    small = sorted((key for key in solved if is_small(figures[key])), key=repr)
    if not small:
        return []
    near = [[one for one in sums if key in one.keys] for key in small]
    if any(_shows(figures, one, hidden) for group in near for one in group):
        return near
    # They follow from what is shown further away.
    return [list(sums)]


def _telling(figures: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key]) -> list[Sum]:
    """Return the sums that tell by themselves what their hidden parts come to: a small group."""
    return [
        one
        for one in sums
        if one.whole not in hidden
        and is_small(sum(figures[part] for part in one.parts if part in hidden))
    ]


def _show_again(
    figures: Mapping[Key, int],
    sums: Sequence[Sum],
    to_keep: Sequence[Sum],
    hidden: set[Key],
    needed: set[Key],
) -> set[Key]:
    """Return the hidden without those, of the not `needed`, that follow from what is shown: they
    protect nobody. Not where a single sum would then tell a small group.
    """
    left = set(hidden)
    known = determined_keys(figures=figures, sums=sums, hidden=hidden) - needed
    for key in sorted(known, key=lambda key: (-figures[key], repr(key))):
        if not _telling(figures, to_keep, left - {key}):
            left.discard(key)
    return left


def _shows(figures: Mapping[Key, int], one: Sum, hidden: set[Key]) -> bool:
    return any(key not in hidden and figures[key] for key in one.keys)


def _solved(equations: Iterable[dict[int, int]]) -> set[int]:
    """Return the columns that the equations determine: those that, when all is reduced, stand in a
    row alone.
    """
    reduced: dict[int, dict[int, int]] = {}
    for equation in equations:
        row = dict(equation)
        for pivot in [column for column in row if column in reduced]:
            _subtract(row, reduced[pivot], row[pivot])
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, _PRIME)
        row = {column: value * inverse % _PRIME for column, value in row.items()}
        for other in reduced.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        reduced[pivot] = row
    return {pivot for pivot, row in reduced.items() if len(row) == 1}


def _subtract(row: dict[int, int], other: Mapping[int, int], factor: int) -> None:
    for column, value in other.items():
        rest = (row.get(column, 0) - factor * value) % _PRIME
        if rest:
            row[column] = rest
        else:
            row.pop(column, None)
