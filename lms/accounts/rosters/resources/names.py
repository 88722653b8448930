"""What a list of people says in the cells of names, and what of it is told in the row."""

from django.utils.translation import gettext as _

from lms.accounts.rosters.domain.names import read_name
from lms.spreadsheets.import_rows import SheetRow


def tell_left_off(row: SheetRow) -> None:
    """Note what comes off the names of a row: titles, numbers and remarks."""
    for column in ("full_name", "guardian"):
        off = read_name(text=row.cells.get(column, "")).left_off
        if off and column in row.values:
            row.notes[column] = _("Left out of the name: %(text)s") % {"text": " ".join(off)}


def warn_of_lone_name(row: SheetRow) -> None:
    if read_name(text=row.cells.get("full_name", "")).is_lone:
        row.warn(
            "full_name",
            _("This is one word only: please check family name, middle name and given name."),
        )
