"""What a row is called, on the page and in the file alike."""

from django.utils.translation import gettext as _

from lms.reporting.domain.tables import Row


def row_label(row: Row) -> str:
    """The unit's name with its kind; the office of a unit; people on no unit of this map."""
    if row.unit is None:
        return _("Not allocated on this map")
    if row.is_office:
        return _("Office of %(unit)s") % {"unit": row.unit.display_name}
    return f"{row.unit.kind.capitalize()} {row.unit.name}"
