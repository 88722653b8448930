"""What a row is called, on the page and in the file alike."""

from django.utils.translation import gettext as _

from lms.core.display import vi_date
from lms.reporting.domain.rows import Row
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.models import CoverageTarget


def row_label(row: Row) -> str:
    """Return the unit's name with its kind; the office of a unit;
    for people on no unit of this map the reason.
    """
    if row.unit is None:
        return str(row.beyond.label) if row.beyond else ""
    if row.is_office:
        return _("Office of %(unit)s") % {"unit": row.unit.display_name}
    return f"{row.unit.kind.capitalize()} {row.unit.name}"


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


def cadre_label(target: CoverageTarget) -> str:
    return target.get_cadre_display() or _("All cadres")


def threshold_label(target: CoverageTarget) -> str:
    return str(Threshold(target.percent, target.each_commune))
