"""Which column of the file is which field: suggested, chosen by a person, remembered by sender."""

from collections.abc import Container, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.importing.domain.sheets import OpenedFile
from lms.importing.domain.transitions import begin
from lms.importing.enums import OPEN_STATES, BatchState
from lms.importing.extensions import ImportKind
from lms.importing.models import ImportBatch, RememberedMapping
from lms.importing.reading.cells import as_text
from lms.importing.reading.encodings import LegacyEncoding
from lms.importing.reading.mapping import suggest_mapping
from lms.importing.reading.tables import TableRow
from lms.importing.reading.vocabulary import heading
from lms.spreadsheets.import_rows import ImportColumn

# Cells that say whether a column can be read.
_LOOKED_AT = 200


def suggest(
    *, batch: ImportBatch, kind: ImportKind, labels: list[str], rows: Sequence[TableRow] = ()
) -> dict[str, int]:
    """Suggest a column by field: as the sender's last list had it,
    else by the words of the header.

    A heading that may mean a field, such as a title for a cadre, counts when the cells agree.
    """
    remembered = RememberedMapping.objects.filter(
        kind=kind.key, sender_key=fold(batch.sender)
    ).first()
    known = remembered.fields if remembered and batch.sender else {}
    # A remembered field may have gone, a column may stand elsewhere: labels find both.
    by_label = {
        str(known[fold(label)]): place for place, label in enumerate(labels) if fold(label) in known
    }
    columns = {
        key: by_label[key] for key in (field.key for field in kind.fields) if key in by_label
    }
    taken = set(columns.values())
    for key, place in suggest_mapping(labels, kind.fields).items():
        if key not in columns and place not in taken:
            columns[key] = place
            taken.add(place)
    for field in kind.fields:
        if field.key not in columns:
            hinted = _by_cells(field, labels, rows, taken)
            if hinted is not None:
                columns[field.key] = hinted
                taken.add(hinted)
    return columns


def _by_cells(
    field: ImportColumn, labels: list[str], rows: Sequence[TableRow], taken: Container[int]
) -> int | None:
    """Find the column with a hint of the field in its heading,
    when most of its cells can be read.
    """
    hints = {heading(str(hint)) for hint in field.hints}
    for place, label in enumerate(labels):
        if place not in taken and heading(label) in hints:
            cells = [text for row in rows[:_LOOKED_AT] if (text := as_text(row.cells[place]))]
            read = sum(_is_read(field, text) for text in cells)
            if cells and read * 2 > len(cells):
                return place
    return None


def _is_read(field: ImportColumn, text: str) -> bool:
    try:
        field.widget.clean(text)
    except ValueError:
        return False
    return True


def choose(
    *,
    batch: ImportBatch,
    kind: ImportKind,
    opened: OpenedFile,
    columns: Mapping[str, int],
    encoding: LegacyEncoding | None,
) -> ImportBatch:
    """Settle what the columns mean, remember it for the sender, and ask for the rehearsal.

    Raises Refusal: `column_missing` when a required field has none, `column_twice`, and
    `not_open` when the import has gone on meanwhile.
    """
    _check(kind, columns)
    labels = opened.table.labels
    begun = begin(
        batch=batch,
        old=OPEN_STATES,
        new=BatchState.REHEARSING,
        choices={
            "sheet": opened.sheet_name,
            "encoding": str(encoding.value) if encoding else "",
            "columns": dict(columns),
            "labels": {key: labels[place] for key, place in columns.items()},
        },
        notice="",
    )
    if batch.sender:
        _remember(batch, {fold(labels[place]): key for key, place in columns.items()})
    return begun


def _check(kind: ImportKind, columns: Mapping[str, int]) -> None:
    missing = [str(one.label) for one in kind.fields if one.required and one.key not in columns]
    if missing:
        raise Refusal(
            "column_missing",
            _("Please choose the column for: %(fields)s.") % {"fields": ", ".join(missing)},
        )
    if len(set(columns.values())) < len(columns):
        raise Refusal("column_twice", _("One column cannot have two meanings."))


def _remember(batch: ImportBatch, fields: dict[str, str]) -> None:
    RememberedMapping.objects.update_or_create(
        kind=batch.kind,
        sender_key=fold(batch.sender),
        defaults={"fields": fields, "used_at": timezone.now()},
    )
