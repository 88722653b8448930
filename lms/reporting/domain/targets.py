"""What may be set as a target, and the targets that a list brings."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from django.utils.translation import gettext as _

from courses.models import Programme
from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.models import CoverageTarget

_ALL: Final = ("tat ca", "all")
_MOST_PEOPLE: Final = 1_000_000
#: Thousands are set apart by a dot or a space; what has other dots is no whole number.
_PEOPLE: Final = re.compile(
    r"([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]{1,7}) *(?:(?:nguoi|ng|can bo|ctv|hoc vien|em|people)\.?)?"
)


def read_people(*, text: str) -> int | None:
    """Read a number of people as offices write it, “1.200” or “15 người”; None for “all”.

    Raises Refusal `people_unclear`.
    """
    words = fold(text).strip()
    if words in _ALL:
        return None
    counted = _PEOPLE.fullmatch(words)
    people = int(re.sub(r"[. ]", "", counted[1])) if counted else 0
    if not 0 < people <= _MOST_PEOPLE:
        raise Refusal(
            "people_unclear",
            _("“%(text)s” is no number of people: write a number from 1 on, or “all”.")
            % {"text": text},
        )
    return people


def check_target(
    *,
    programme: Programme,
    unit_edition_id: int,
    cadre: str,
    people: int | None,
    threshold: Threshold,
    trained: Collection[str],
) -> None:
    """Check what a target asks; `trained` are the cadres of the programme.

    Raises Refusal: `unit_off_map`, `cadre_not_trained`, `threshold_missing`, `threshold_twice`,
    `fewer_than_threshold`.
    """
    if unit_edition_id != programme.edition_id:
        raise Refusal(
            "unit_off_map",
            _("This unit is not on the map of the programme."),
            field="unit",
        )
    if cadre and cadre not in trained:
        raise Refusal(
            "cadre_not_trained",
            _("The programme asks nothing of this cadre: add a required course first."),
            field="cadre",
        )
    _check_threshold(threshold)
    if people and people < (threshold.each_commune or 1):
        raise Refusal(
            "fewer_than_threshold",
            _("The threshold asks for more people than the target has."),
            field="people",
        )


def write_targets(*, targets: Sequence[CoverageTarget]) -> None:
    """Add those without an id and change the others; the caller holds the transaction."""
    new = [target for target in targets if target.pk is None]
    known = [target for target in targets if target.pk is not None]
    CoverageTarget.objects.bulk_create(new, batch_size=500)
    CoverageTarget.objects.bulk_update(known, ["people", "percent", "each_commune"], batch_size=500)


def _check_threshold(threshold: Threshold) -> None:
    if threshold.percent is None and threshold.each_commune is None:
        raise Refusal(
            "threshold_missing",
            _("Please say when the unit counts as done: a percentage, or people in each commune."),
            field="percent",
        )
    if threshold.percent is not None and threshold.each_commune is not None:
        raise Refusal(
            "threshold_twice",
            _("Please give a percentage or people in each commune, not both."),
            field="each_commune",
        )
