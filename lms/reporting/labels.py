"""What a row is called, on the page and in the file alike."""

from django.utils.translation import gettext as _

from lms.core.display import vi_date, vi_number
from lms.reporting.domain.goals import Goal
from lms.reporting.domain.programme_effect import PlaceEffect, ProgrammeEffect
from lms.reporting.domain.rows import Row, row_label
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.enums import PersonState
from lms.reporting.models import CoverageTarget

__all__ = [
    "ahead_label",
    "cadre_label",
    "commune_label",
    "effect_sentences",
    "effect_text",
    "have_completed",
    "row_label",
    "threshold_label",
]


def commune_label(row: Row) -> str:
    """Return a commune with its district: names repeat inside a province."""
    district = f", {row.district.kind} {row.district.name}" if row.district else ""
    return row_label(row) + district


def ahead_label(row: Row) -> str:
    """Return, for a place where everybody waits for a class, that, and from when on;
    "" for others.
    """
    if not row.is_ahead:
        return ""
    return _("Not begun, the class begins on %(day)s") % {"day": vi_date(row.figures.starts_on)}


def have_completed(goal: Goal) -> str:
    """Return the sentence of how many have completed, with the places of `completed`, `people`, whom the
    goal asks for, and `share`.
    """
    if goal.is_set:
        return _("%(completed)s people have completed, of a target of %(people)s (%(share)s).")
    return _("%(completed)s of %(people)s people have completed (%(share)s).")


def cadre_label(target: CoverageTarget) -> str:
    return target.get_cadre_display() or _("All cadres")


def threshold_label(target: CoverageTarget) -> str:
    return str(Threshold(target.percent, target.each_commune))


def effect_text(place: PlaceEffect) -> str:
    """Return the figures of a place before and after a change: those that complete, then the others
    that become different.
    """
    done = PersonState.COMPLETED
    values = {
        "before": vi_number(place.before[done]),
        "people_before": vi_number(place.before.total()),
        "after": vi_number(place.after[done]),
        "people_after": vi_number(place.after.total()),
    }
    sentence = _("completed: %(before)s of %(people_before)s → %(after)s of %(people_after)s")
    others = [
        f"{state.label}: {vi_number(place.before[state])} → {vi_number(place.after[state])}"
        for state in PersonState
        if state != done and place.before[state] != place.after[state]
    ]
    return "; ".join([sentence % values, *others])


def effect_sentences(title: str, effect: ProgrammeEffect) -> list[str]:
    """Return a sentence on the whole, then one for each place that becomes different."""
    places = [(str(place.unit or _("On no unit of the map")), place) for place in effect.places]
    changed = [(label, place) for label, place in places if place.before != place.after]
    return [f"{label}: {effect_text(place)}" for label, place in ((title, effect.total), *changed)]
