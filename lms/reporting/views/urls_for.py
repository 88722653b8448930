"""Where each part of the report stands, with the filters kept."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.tables import Row
from lms.reporting.views.asking import ReportQuery


def address(name: str, asked: ReportQuery, *ids: int) -> str:
    """Return the page of this name with the filters of `asked`."""
    url = reverse(f"reporting:{name}", args=ids)
    return f"{url}?{asked.query}" if asked.query else url


def top_address(asked: ReportQuery) -> str:
    """Return the address of the top. A unit stands on one map only:
    whoever chooses another one begins at its top.
    """
    return address("completion", asked)


def row_address(row: Row, asked: ReportQuery) -> str:
    """Return what lies behind a row: the names of a commune or an office,
    the communes of a district.
    """
    if row.unit is None:
        return ""
    has_names = row.is_office or row.unit.level == Level.COMMUNE
    return address("people" if has_names else "completion_unit", asked, row.unit.pk)


def trail_to(asked: ReportQuery, unit: AdministrativeUnit | None) -> list[dict[str, str]]:
    """Return the way back up from below `unit`: the map, its district, the unit itself."""
    trail = [{"label": _("All places"), "url": top_address(asked)}]
    if unit is None:
        return trail
    districts = [above for above in unit.get_ancestors() if above.level == Level.DISTRICT]
    trail += [
        {"label": str(above), "url": address("completion_unit", asked, above.pk)}
        for above in districts
    ]
    if unit.level == Level.COMMUNE:
        trail.append(
            {"label": f"{unit.kind} {unit.name}", "url": address("people", asked, unit.pk)}
        )
    elif unit.level == Level.DISTRICT:
        trail.append({"label": str(unit), "url": address("completion_unit", asked, unit.pk)})
    return trail
