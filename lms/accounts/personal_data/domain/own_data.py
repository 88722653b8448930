"""What is held about a person: everything that the apps have said in `personal_data`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from lms.accounts.extensions import PersonalData, personal_data
from lms.accounts.models import User
from lms.spreadsheets.tables import Cell, as_cell, value_of

TAKEN = "accounts.personal_data_taken"

_ABOUT_THE_PERSON = (
    "staff_code",
    "full_name",
    "phone",
    "phone_raw",
    "email",
    "sex",
    "year_of_birth",
    "is_active",
    "date_joined",
    "last_login",
)


@dataclass(frozen=True)
class Section:
    """One kind of record: headings and rows of cells."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def held_about(*, person: User) -> list[Section]:
    """Return all that is held about this person; one query a kind,
    whatever the number of rows.
    """
    return [
        _own_fields(person),
        *(_records(data, person) for data in personal_data if data.shown),
        _history(person),
    ]


def as_plain_data(*, sections: Sequence[Section]) -> dict[str, list[dict[str, Any]]]:
    """Return the same for a machine: by kind, each row as column and value;
    days and times as ISO 8601.
    """
    return {
        section.title: [
            dict(zip(section.headings, map(_plain, row), strict=True)) for row in section.rows
        ]
        for section in sections
    }


def as_lines(*, sections: Sequence[Section]) -> Iterator[tuple[Cell, ...]]:
    """Yield the same as one table: kind, number of the row, column, value."""
    for section in sections:
        for number, row in enumerate(section.rows, start=1):
            for heading, cell in zip(section.headings, row, strict=True):
                yield section.title, number, heading, cell


def _own_fields(person: User) -> Section:
    headings = [_heading(User, name) for name in _ABOUT_THE_PERSON]
    rows = [[_cell(person, name) for name in _ABOUT_THE_PERSON]]
    return Section(_("The person"), headings, rows)


def _records(data: PersonalData, person: User) -> Section:
    rows = data.model._base_manager.filter(**{data.subject: person}).order_by("pk")
    others = {name.rpartition(".")[0].replace(".", "__") for name in data.shown}
    others |= {name for name in data.shown if "." not in name and _is_other(data, name)}
    related = rows.select_related(*sorted(filter(None, others)))
    return Section(
        str(capfirst(data.model._meta.verbose_name_plural)),
        [_heading(data.model, name) for name in data.shown],
        [[_cell(row, name) for name in data.shown] for row in related],
    )


def _history(person: User) -> Section:
    """Return what was done with the record, and what the person did in the register."""
    about = Q(content_type__app_label="accounts", content_type__model="user")
    entries = ModelLogEntry.objects.filter(
        about & Q(object_id=str(person.pk)) | Q(user=person)
    ).select_related("user", "content_type")
    rows = [
        [as_cell(entry.timestamp), str(entry.message), str(entry.label), _name(entry.user)]
        for entry in entries.order_by("timestamp", "pk")
    ]
    return Section(_("History"), [_("When"), _("What was done"), _("With what"), _("By")], rows)


def _name(user: User | None) -> str:
    return str(user) if user else ""


def _is_other(data: PersonalData, name: str) -> bool:
    return bool(data.model._meta.get_field(name).is_relation)


def _heading(model: Any, path: str) -> str:
    *others, name = path.split(".")
    for other in others:
        model = model._meta.get_field(other).related_model
    if others and name in ("title", "name"):
        return str(capfirst(model._meta.verbose_name))
    field = model._meta.get_field(name)
    # A column without a name of its own is called after what it points at.
    named = not field.is_relation or field.verbose_name != name.replace("_", " ")
    return str(capfirst((field if named else field.related_model._meta).verbose_name))


def _cell(row: Any, path: str) -> Cell:
    return as_cell(value_of(row, path))


def _plain(cell: Cell) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell
