"""In which order things of a question are put: mixed, the same at each look, never as they are right."""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from courses.domain.judging import Option, match_ids


def mixed(items: Sequence[Option], *, seed: str) -> list[Option]:
    """Return options in an order that the seed decides alone, never in the given one."""
    drawn = sorted(items, key=lambda one: hashlib.sha256(f"{seed}:{one['id']}".encode()).digest())
    return [*drawn[1:], *drawn[:1]] if drawn == list(items) else drawn


def right_column(options: Sequence[Option], *, seed: str) -> list[Option]:
    """Return the options whose texts stand in the right column of a matching, each text once."""
    kept = set(match_ids(options).values())
    return mixed([one for one in options if one["id"] in kept], seed=seed)


def into_units(questions: Iterable[Any]) -> list[list[Any]]:
    """Group questions, or versions of them, into what is drawn and mixed as one: the steps of a case
    together, each other question alone.

    A unit stands where its first question did; steps keep the order in which they came, or that of
    `case_step` where the questions have one.
    """
    units: dict[Hashable, list[Any]] = {}
    for place, question in enumerate(questions):
        key = ("case", question.case_id) if question.case_id else ("alone", place)
        units.setdefault(key, []).append(question)
    return [
        sorted(unit, key=lambda one: getattr(one, "case_step", 0) or 0) for unit in units.values()
    ]
