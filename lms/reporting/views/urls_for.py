"""Where each part of the report stands, with the filters kept."""

from functools import lru_cache

from django.http import QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.columns import is_defined
from lms.reporting.domain.rows import Row
from lms.reporting.enums import BEYOND_OF, CommunesOf, NamesOf
from lms.reporting.views.asking import ReportQuery

_NAMES_OF = {beyond: where for where, beyond in BEYOND_OF.items()}


def address(name: str, asked: ReportQuery, *ids: int, **more: str) -> str:
    """Return the page of this name with the filters of `asked`, and `more` in their place: what is
    "" there is not asked.
    """
    url, query = _path(name, ids, get_script_prefix()), _query(asked.query, **more)
    return f"{url}?{query}" if query else url


# Each row of a page leads to the same unit some times, and each page to the units of the last one.
@lru_cache(maxsize=4096)
def _path(name: str, ids: tuple[int, ...], _prefix: str) -> str:
    return reverse(f"reporting:{name}", args=ids)


# A page asks the same of each of its rows.
@lru_cache(maxsize=512)
def _query(asked: str, /, **more: str) -> str:
    query = QueryDict(asked, mutable=True)
    for key, value in more.items():
        query[key] = value
        if not value:
            del query[key]
    return query.urlencode()


def top_address(asked: ReportQuery) -> str:
    """Return the address of the top. A unit stands on one map only:
    whoever chooses another one begins at its top.
    """
    return address("completion", asked)


def row_address(row: Row, asked: ReportQuery) -> str:
    """Return what lies behind a row: the units of a province, the communes of a district, else names."""
    if row.unit is not None and row.unit.level != Level.COMMUNE and not row.is_office:
        return address("completion_unit", asked, row.unit.pk)
    return names_address(row, asked)


def names_address(row: Row, asked: ReportQuery, **more: str) -> str:
    """Return the names that a row counts, of a `state`, a `part` or other filters where `more` says
    so; "" where nobody is named.
    """
    if row.unit is not None:
        where = NamesOf.OFFICE if row.is_office else NamesOf.AREA
        return address("people", asked, row.unit.pk, where=where.value, **more)
    if row.beyond is not None:
        there = _NAMES_OF.get(row.beyond)
        return address("all_people", asked, where=there.value, **more) if there else ""
    if asked.unit is not None:
        return address("people", asked, asked.unit.pk, **more)
    return address("all_people", asked, **more)


def communes_address(row: Row, asked: ReportQuery, which: CommunesOf) -> str:
    """Return the communes that a row counts; "" for a row without any of its own."""
    if row.is_office or row.beyond is not None:
        return ""
    unit = row.unit or asked.unit
    if unit is None:
        return address("communes", asked, which=which.value)
    return address("communes_unit", asked, unit.pk, which=which.value)


def definition_address(key: str) -> str:
    """Return where it is said what a figure means; "" for one of a plug-in that does not say it."""
    return f"{reverse('reporting:indicators')}#{key}" if is_defined(key) else ""


def trail_to(asked: ReportQuery, unit: AdministrativeUnit | None) -> list[dict[str, str]]:
    """Return the way back up from below `unit`: the map, its district, the unit itself.

    Without a district of which the reader oversees a part: its page is not theirs.
    """
    trail = [{"label": _("All places"), "url": top_address(asked)}]
    if unit is None or unit.level == Level.PROVINCE:
        return trail
    if unit.level == Level.COMMUNE:
        scope = asked.reader.scope
        is_asked = unit == asked.unit
        trail += [
            {"label": str(above), "url": address("completion_unit", asked, above.pk)}
            for above in (asked.around if is_asked else unit.get_ancestors())
            if above.level == Level.DISTRICT
            and unit.path.startswith(above.path)
            and (scope.oversees_province or scope.covers(above.path))
        ]
        trail.append(
            {"label": f"{unit.kind} {unit.name}", "url": address("people", asked, unit.pk)}
        )
    else:
        trail.append({"label": str(unit), "url": address("completion_unit", asked, unit.pk)})
    return trail
