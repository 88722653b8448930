"""Figures of whole regions as they are kept."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lms.reporting.domain.counting import Figures
from lms.reporting.domain.kept_figures import Kept, read_figures_kept
from lms.reporting.domain.remembered import Remembered
from lms.reporting.domain.tally_sums import Sum
from lms.reporting.enums import PersonState, SumKind


@dataclass(frozen=True)
class KeptRegion:
    """What is kept of one region; nobody changes it. `communes`: of how many something is said, by
    `tally_sums.flags_of`.
    """

    sums: Counter[Sum]
    figures: Figures
    communes: Counter[str]

    def without(self, outdated: Mapping[Sum, int], since: date) -> "KeptRegion":
        """Return the region without what some of its units add to it."""
        sums = self.sums.copy()
        sums.subtract(outdated)
        return _told(sums, since)


@dataclass(frozen=True)
class KeptRegions:
    """`regions`: by the id of the unit; `alone`: what is kept of the people of single units themselves."""

    regions: Mapping[int, KeptRegion]
    alone: Mapping[Sum, int]


_REGIONS: Final[Remembered[Mapping[int, KeptRegion]]] = Remembered()


def read_kept_regions(
    asked: Kept, *, regions: tuple[int, ...], top: int | None, units: Collection[int]
) -> KeptRegions:
    """Return what is kept of each of these regions, of `top`, in which all of them lie, what is in none of
    them, and what is kept of `units`. One query at most.
    """
    question = (asked, regions, top)
    known = _REGIONS.known(question)
    whole = regions if top is None else (*regions, top)
    kept = read_figures_kept(asked, regions=whole if known is None else (), units=units)
    if known is None:
        told = _told_by_region(kept.regions, top, asked.since)
        known = _REGIONS.remember(question, told)
    return KeptRegions(known, kept.alone)


def _told_by_region(
    kept: Mapping[Sum, int], top: int | None, since: date
) -> Mapping[int, KeptRegion]:
    by_region: dict[int, Counter[Sum]] = defaultdict(Counter)
    for one, figure in kept.items():
        by_region[one.unit][one] += figure
        # What no region holds is the office of the whole.
        if top is not None and one.unit != top:
            by_region[top][one._replace(unit=top)] -= figure
    return {unit: _told(sums, since) for unit, sums in by_region.items()}


def _told(sums: Counter[Sum], since: date) -> KeptRegion:
    communes: Counter[str] = Counter()
    for one, figure in sums.items():
        if one.kind == SumKind.PLACES:
            communes[one.key] += figure
    return KeptRegion(sums, as_figures(sums.items(), since=since), communes)


def as_figures(sums: Iterable[tuple[Sum, int]], *, since: date) -> Figures:
    """Return the figures that sums of one place tell, days of completions from `since` on apart."""
    told = Figures()
    for one, figure in sums:
        if not figure or one.kind == SumKind.PLACES:
            continue
        if one.kind == SumKind.STATE:
            told.add_people(PersonState(one.key), figure, one.sex, one.day)
        elif one.kind == SumKind.COLUMN:
            told.extra[one.key] = figure
        else:
            told.days[one.day or since] += figure
    earlier = told.completed - told.days.total()
    if earlier:
        told.days[since - timedelta(days=1)] += earlier
    return told
