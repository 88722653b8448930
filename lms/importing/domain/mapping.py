"""Which column of the file is which field: suggested, chosen by a person, remembered by sender."""

from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.importing.domain.sheets import OpenedFile
from lms.importing.domain.transitions import begin
from lms.importing.domain.unmapped import unmapped_columns
from lms.importing.enums import OPEN_STATES, BatchState
from lms.importing.extensions import ImportKind
from lms.importing.models import ImportBatch, RememberedMapping
from lms.importing.reading.cells import as_text
from lms.importing.reading.mapping import Places, columns_of, suggest_mapping
from lms.importing.reading.split_names import find_name_columns
from lms.importing.reading.tables import Table, TableRow
from lms.importing.reading.vocabulary import heading
from lms.spreadsheets.import_rows import ImportColumn, NameColumn

# Cells that say whether a column can be read.
_LOOKED_AT = 200


def suggest(*, batch: ImportBatch, kind: ImportKind, table: Table) -> dict[str, Places]:
    """Suggest the column by field, or its columns: as the sender's last list had it,
    else by the words of the header, else what titles and groups tell.

    A heading that may mean a field, such as a title for a cadre, counts when the cells agree.
    """
    columns = _as_before(batch, kind, table.labels)
    labels, rows = table.labels[: len(table.labels) - table.added], table.rows
    _join_names(columns, kind, labels, rows)
    taken = _taken(columns)
    for key, place in suggest_mapping(labels, kind.fields).items():
        if key not in columns and place not in taken:
            columns[key] = place
            taken.add(place)
    for field in kind.fields:
        told = field.only_as_read and field.key in table.told
        if field.key not in columns and not told:
            hinted = _by_cells(field, labels, rows, taken)
            if hinted is not None:
                columns[field.key] = hinted
                taken.add(hinted)
    for key, place in table.told.items():
        if _says_nothing(columns.get(key, []), rows):
            columns[key] = place
    return columns


def _says_nothing(places: Places, rows: Sequence[TableRow]) -> bool:
    """Return whether there is no column, or its cells are blank: the group stands in their place."""
    return not any(as_text(row.cells[place]) for row in rows for place in columns_of(places))


def _as_before(batch: ImportBatch, kind: ImportKind, labels: list[str]) -> dict[str, Places]:
    """Return the columns that the sender's last list had.

    A remembered field may have gone, a column may stand elsewhere: labels find both.
    """
    remembered = RememberedMapping.objects.filter(
        kind=kind.key, sender_key=fold(batch.sender)
    ).first()
    known = remembered.fields if remembered and batch.sender else {}
    by_label: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        if fold(label) in known:
            by_label.setdefault(str(known[fold(label)]), []).append(place)
    columns: dict[str, Places] = {}
    for field in kind.fields:
        if field.key in by_label:
            places = by_label[field.key][-field.most_columns :]
            columns[field.key] = places if len(places) > 1 else places[0]
    return columns


def _join_names(
    columns: dict[str, Places], kind: ImportKind, labels: list[str], rows: Sequence[TableRow]
) -> None:
    """Give a name all of its columns (in place), unless another field has one of them."""
    found = find_name_columns(labels, [row.cells for row in rows[:_LOOKED_AT]])
    for field in kind.fields:
        if isinstance(field, NameColumn):
            own = set(columns_of(columns.get(field.key, [])))
            # What the sender's last list joined may be more than the headings tell.
            if own < set(found) and not set(found) & (_taken(columns) - own):
                columns[field.key] = found


def _taken(columns: Mapping[str, Places]) -> set[int]:
    return {place for places in columns.values() for place in columns_of(places)}


def _by_cells(
    field: ImportColumn, labels: list[str], rows: Sequence[TableRow], taken: Container[int]
) -> int | None:
    """Find the column with a hint of the field in its heading: one of which a cell can be read,
    else one that holds anything. Titles that nobody knows are asked about once each.
    """
    hints = {heading(str(hint)) for hint in field.hints}
    filled = None
    for place, label in enumerate(labels):
        if place not in taken and heading(label) in hints:
            cells = [text for row in rows[:_LOOKED_AT] if (text := as_text(row.cells[place]))]
            if any(field.reads(text) for text in cells):
                return place
            if cells and filled is None and not field.only_as_read:
                filled = place
    return filled


def choose(
    *,
    batch: ImportBatch,
    kind: ImportKind,
    opened: OpenedFile,
    columns: Mapping[str, Places],
    once: Mapping[str, str] = MappingProxyType({}),
    without_hidden: bool = False,
) -> ImportBatch:
    """Settle what the columns mean, remember it for the sender, and ask for the rehearsal.

    `once` is what a person says of all rows, by field.
    Raises Refusal: `column_missing` when a required field has none, `column_twice`, `said_twice`
    for a field with a column and a text for all rows, `not_open` once the import has gone on.
    """
    _check(kind, columns, once)
    told, old_sheets = opened.table.told.items(), batch.choices.get("sheets", opened.read)
    begun = begin(
        batch=batch,
        old=OPEN_STATES,
        new=BatchState.REHEARSING,
        choices={
            "sheets": opened.read,
            "not_read": list(map(list, opened.others)),
            "encoding": str(opened.encoding.value) if opened.encoding else "",
            "columns": dict(columns),
            "once": dict(once),
            "told": [key for key, place in told if columns.get(key) == place],
            "unmapped": unmapped_columns(table=opened.table, columns=columns),
            "hidden": _hidden(opened, left_out=without_hidden),
            "labels": _labels(kind, opened.table, columns, once),
        },
        notice="",
    )
    if old_sheets != opened.read:
        # Another sheet may say the same of somebody else.
        batch.rows.exclude(choice=None).update(choice=None)
    if batch.sender:
        _remember(batch, opened.table.labels, columns)
    return begun


def _hidden(opened: OpenedFile, *, left_out: bool) -> dict[str, int | list[str] | bool]:
    return {
        "rows": opened.hidden_rows,
        "columns": list(opened.hidden_columns),
        "left_out": left_out,
    }


def _labels(
    kind: ImportKind, table: Table, columns: Mapping[str, Places], once: Mapping[str, str]
) -> dict[str, str]:
    """Return how each field is called in the list that is handed back.

    Joined columns, and what stood around the rows, are one there, under our own name.
    """
    own = {field.key: str(field.label) for field in kind.fields}
    labels = table.labels[: len(table.labels) - table.added]
    named = {
        key: labels[places] if isinstance(places, int) and places < len(labels) else own[key]
        for key, places in columns.items()
    }
    return named | {key: own[key] for key in once}


def _check(kind: ImportKind, columns: Mapping[str, Places], once: Mapping[str, str]) -> None:
    said = {*columns, *once}
    missing = [str(one.label) for one in kind.fields if one.required and one.key not in said]
    if missing:
        raise Refusal(
            "column_missing",
            _("Please choose the column for: %(fields)s.") % {"fields": ", ".join(missing)},
        )
    if len(_taken(columns)) < sum(len(columns_of(places)) for places in columns.values()):
        raise Refusal("column_twice", _("One column cannot have two meanings."))
    twice = [str(one.label) for one in kind.fields if one.key in columns and one.key in once]
    if twice:
        raise Refusal(
            "said_twice",
            _("Please choose either a column or one value for all rows, not both: %(fields)s.")
            % {"fields": ", ".join(twice)},
        )


def _remember(batch: ImportBatch, labels: Sequence[str], columns: Mapping[str, Places]) -> None:
    """Keep for the sender which label meant which field.

    A column without a label of its own is found by the one that it is joined to.
    """
    named = [
        (fold(labels[place]), key)
        for key, places in columns.items()
        for place in columns_of(places)
    ]
    RememberedMapping.objects.update_or_create(
        kind=batch.kind,
        sender_key=fold(batch.sender),
        defaults={
            "fields": {label: key for label, key in named if label},
            "used_at": timezone.now(),
        },
    )
