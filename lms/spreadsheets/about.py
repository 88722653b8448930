"""What a file says of itself above its headings: what it holds, and who took it out when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lms.core.display import vi_date
from lms.core.readers import Reader
from lms.spreadsheets.tables import Spreadsheet

# What narrows a list, as people call it; other names stand as they are in the address.
FILTER_LABELS = {
    "run": pgettext_lazy("filter of an export", "class"),
    "session": pgettext_lazy("filter of an export", "session"),
    "person": pgettext_lazy("filter of an export", "person"),
    "import": pgettext_lazy("filter of an export", "imported list"),
    "module": pgettext_lazy("filter of an export", "module"),
    "unit": pgettext_lazy("filter of an export", "unit"),
    "status": pgettext_lazy("filter of an export", "status"),
    "state": pgettext_lazy("filter of an export", "state"),
    "report": pgettext_lazy("filter of an export", "report"),
    "kind": pgettext_lazy("filter of an export", "kind"),
    "sort": pgettext_lazy("filter of an export", "sorted by"),
    "q": pgettext_lazy("filter of an export", "search"),
}


@dataclass(frozen=True)
class About:
    """What narrowed the list, beyond the rights of the reader.

    `filters` as the address has them; `chosen` the same by label and in words, where they differ.
    `area` where it is another than that of the reader.
    """

    filters: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    programme: str = ""
    area: str = ""

    @property
    def in_words(self) -> str:
        return words_of(self.chosen or self.filters)


def words_of(chosen: Mapping[str, str]) -> str:
    """Return filters as a sentence has them: “class: KB-01; search: hương”."""
    return "; ".join(f"{FILTER_LABELS.get(name, name)}: {text}" for name, text in chosen.items())


def with_head(*, sheet: Spreadsheet, about: About, by: Reader, rows: int) -> Spreadsheet:
    """Return the table, and those that follow it, below what tells of them."""
    told = list(_lines(about, by, rows))
    following = [replace(one, head=_head(one, told)) for one in sheet.following]
    return replace(sheet, head=_head(sheet, told), following=following)


def _head(sheet: Spreadsheet, told: list[str]) -> list[str]:
    # The empty line parts them from the headings, for people and for programs.
    return [sheet.title, *sheet.head, *told, ""]


def _lines(about: About, by: Reader, rows: int) -> Iterator[str]:
    if about.programme:
        yield _("Programme: %(name)s") % {"name": about.programme}
    if area := about.area or by.area_in_words():
        yield _("Area: %(area)s") % {"area": area}
    yield _("Filter: %(filters)s") % {"filters": about.in_words or _("none, the whole list")}
    told = {"when": vi_date(now(), "time"), "who": str(by), "rows": rows}
    yield _("Downloaded on %(when)s by %(who)s, rows: %(rows)s") % told
