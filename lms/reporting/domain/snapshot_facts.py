"""What a report freezes: figures, names, definitions, what was required, targets and the map.

All of it as plain data, in Vietnamese, so that it can be told for years without a row of today.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.domain.history import kept_since
from courses.models import Programme
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.one_moment import one_moment
from lms.core.refusal import Refusal
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.judging_as_of import PersonThen
from lms.reporting.domain.people_as_of import find_people_as_of
from lms.reporting.domain.periods import Period
from lms.reporting.domain.rows import Row, row_label
from lms.reporting.domain.small_numbers import SMALLEST_SHOWN
from lms.reporting.domain.snapshot_sums import COLUMNS
from lms.reporting.domain.tables import completion_table_as_of
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.enums import Beyond, Part, PersonState
from lms.reporting.indicators import INDICATORS
from lms.reporting.models import CoverageTarget

#: The figures that the paper tells, by the keys of `INDICATORS`.
_TOLD: Final = frozenset({*COLUMNS, "communes_reached", Part.WITHIN.value})


@dataclass(frozen=True)
class Office:
    """The words of the office on the paper; `recipients` and `signer_position` may have lines."""

    parent: str
    name: str
    code: str
    place: str
    signer_position: str
    signer_name: str
    recipients: str


@dataclass(frozen=True)
class Collected:
    """What a report would freeze now."""

    facts: dict[str, Any]
    people: Sequence[PersonThen]


def collect(
    *, programme: Programme, unit: AdministrativeUnit, period: Period, office: Office, reader: User
) -> Collected:
    """Return the figures of the last evening of the period and all that explains them; which of them leave the
    office hidden is decided beside other reports (`snapshot_hiding`).

    Raises Refusal `unit_too_small` for a commune, whose report would be a list of people.
    """
    if unit.level == Level.COMMUNE:
        raise Refusal(
            "unit_too_small",
            _("A report is made of the province or of a district."),
            field="unit",
        )
    with override("vi"):
        return _collect(programme, unit, period, office, reader)


def _collect(
    programme: Programme, unit: AdministrativeUnit, period: Period, office: Office, reader: User
) -> Collected:
    is_province = unit.level == Level.PROVINCE
    asked: dict[str, Any] = {
        "programme": programme,
        "edition": unit.edition,
        "on": period.ends_on,
        "reader": reader,
    }
    with one_moment():
        table = completion_table_as_of(**asked, parent=None if is_province else unit)
        people = find_people_as_of(**asked, unit=None if is_province else unit).people
    tables = {
        "rows": [_row(row) for row in table.rows],
        "places": [_row(row) for row in table.places],
        "cadres": _cadres(people),
        "total": figures_of(table.total),
    }
    facts = {
        **tables,
        **_rules(programme, unit),
        "hidden": [],
        "smallest_shown": SMALLEST_SHOWN,
        "completed_in_period": sum(_is_in(one, period) for one in people),
        "title": _title(programme, unit, period),
        "period": str(period),
        "unit": str(unit),
        "notes": _notes(period.ends_on),
        "office": vars(office),
        "is_sample": programme.is_sample,
    }
    return Collected(facts, people)


def _rules(programme: Programme, unit: AdministrativeUnit) -> dict[str, Any]:
    """Return what the figures mean and stand on: definitions, requirements, targets and the map."""
    return {
        "programme": {"code": programme.code, "name": programme.name},
        "edition": {
            "code": unit.edition.code,
            "title": str(unit.edition),
            "legal_basis": unit.edition.legal_basis,
        },
        "definitions": [*_definitions()],
        "requirements": _requirements(programme),
        "targets": _targets(programme, unit),
    }


def _definitions() -> Iterator[dict[str, str]]:
    """Yield what the figures mean. The share of the tables is of people: few places have a target of
    their own, and two shares under one head would be compared.
    """
    for one in INDICATORS:
        if one.key in _TOLD:
            yield {"label": str(one.label), "definition": str(one.definition)}
    yield {"label": _("Share"), "definition": _("Completed, of the people to train.")}


def _title(programme: Programme, unit: AdministrativeUnit, period: Period) -> str:
    return _("Training results of %(unit)s, %(period)s, %(programme)s") % {
        "unit": unit,
        "period": period,
        "programme": programme.name,
    }


def figures_of(row: Row) -> dict[str, int]:
    """Return the figures of a row by column, and how many communes it has."""
    figures = row.figures
    return {
        "people": figures.people,
        **{state.value: figures.count(state) for state in PersonState},
        "communes": row.communes,
        "communes_reached": row.communes_reached,
        "communes_done": row.communes_done,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        **figures_of(row),
        "key": key_of(row),
        "label": row_label(row),
        "unit": str(row.unit or ""),
        "district": str(row.district) if row.district else "",
        "has_communes": bool(row.unit and row.unit.level == Level.DISTRICT and not row.is_office),
    }


def key_of(row: Row) -> str:
    """Return what a row is known by: its unit, the office of its unit, or why it has none."""
    if row.unit is None:
        return str(Beyond(row.beyond).value) if row.beyond else "total"
    return f"{row.unit.code}/office" if row.is_office else str(row.unit.code)


def _cadres(people: Iterable[PersonThen]) -> list[dict[str, Any]]:
    counted = Counter((one.cadre, one.state) for one in people)
    cadres = [cadre for cadre in Cadre if any(known == cadre for known, _state in counted)]
    return [
        {
            "key": cadre.value,
            "label": str(cadre.label),
            "people": sum(counted[cadre.value, state] for state in PersonState),
            **{state.value: counted[cadre.value, state] for state in PersonState},
        }
        for cadre in cadres
    ]


def _is_in(person: PersonThen, period: Period) -> bool:
    return person.done_on is not None and (period.starts_on <= person.done_on <= period.ends_on)


def _requirements(programme: Programme) -> list[dict[str, str]]:
    rows = programme.requirements.select_related("course").order_by("cadre", "course__code")
    return [{"cadre": str(Cadre(row.cadre).label), "course": str(row.course.title)} for row in rows]


def _targets(programme: Programme, unit: AdministrativeUnit) -> list[dict[str, Any]]:
    targets = CoverageTarget.objects.filter(
        programme=programme, unit__path__startswith=unit.path
    ).select_related("unit")
    return [
        {
            "unit": str(one.unit),
            "cadre": str(Cadre(one.cadre).label) if one.cadre else "",
            "people": one.people,
            "threshold": str(Threshold(one.percent, one.each_commune)),
        }
        for one in targets.order_by("unit__path", "cadre")
    ]


def _notes(day: date) -> list[str]:
    since = kept_since()
    if since is None or day >= localdate(since):
        return []
    return [
        _(
            "Every change is recorded since %(day)s. Before that day it is not known if a "
            "completion was withdrawn, a person was enrolled twice or a class was postponed."
        )
        % {"day": vi_date(since)}
    ]
