"""What a list of people says in the cells of names, and what of it is told in the row."""

from django.utils.translation import gettext as _

from lms.accounts.rosters.domain.names import read_name
from lms.accounts.rosters.domain.spelling import better_spelling, ordinary_case
from lms.spreadsheets.import_rows import SheetRow


def tell_left_off(row: SheetRow) -> None:
    """Note what comes off the names of a row: titles, numbers and remarks."""
    for column in ("full_name", "guardian"):
        off = read_name(text=row.cells.get(column, "")).left_off
        if off and column in row.values:
            _note(row, column, _("Left out of the name: %(text)s") % {"text": " ".join(off)})


def spell(row: SheetRow, *, stored: str) -> None:
    """Choose between the spelling of the register, "" for somebody new, and the list's; note which."""
    told = row.values.get("full_name", "")
    if not told:
        return
    name = better_spelling(stored=stored, told=told) if stored else ordinary_case(told)
    if name == told:
        return
    row.values["full_name"] = name
    sentence = _("The spelling of the register is kept: %(name)s")
    if name != stored:
        sentence = _("Capital letters are set as usual: %(name)s")
    _note(row, "full_name", sentence % {"name": name})


def _note(row: SheetRow, column: str, sentence: str) -> None:
    row.notes[column] = " · ".join(filter(None, (row.notes.get(column), sentence)))


def warn_of_odd_name(row: SheetRow) -> None:
    written = read_name(text=row.cells.get("full_name", ""))
    if written.is_odd:
        row.warn("full_name", _("Please check: this holds more than a name."))
    if written.is_lone:
        row.warn(
            "full_name",
            _("This is one word only: please check family name, middle name and given name."),
        )
