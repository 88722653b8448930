"""Lists as offices send them, uploaded and rehearsed."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lms.geography.models import BoundaryEdition
from lms.importing.domain.confirming import ask_to_confirm, confirm
from lms.importing.domain.mapping import choose, suggest
from lms.importing.domain.rehearsing import rehearse
from lms.importing.domain.sheets import open_file
from lms.importing.domain.undoing import ask_to_undo, undo
from lms.importing.domain.uploading import receive
from lms.importing.enums import BatchState
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch, ImportWrite

HEADER = ("Mã cán bộ", "Họ và tên", "Năm sinh", "Giới tính", "Số điện thoại", "Xã", "Đối tượng")


def sheet(*rows: tuple, header: tuple = HEADER, name: str = "danh-sach.csv") -> SimpleUploadedFile:
    """A CSV with a header and these rows."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return SimpleUploadedFile(name, text.getvalue().encode())


def file_of(path: Path) -> SimpleUploadedFile:
    """A file that a test has written, as it is uploaded."""
    return SimpleUploadedFile(path.name, path.read_bytes())


def upload(
    file: SimpleUploadedFile, *, by: Any, kind: str = "people", sender: str = ""
) -> ImportBatch:
    return receive(
        file=file,
        name=file.name,
        kind=import_kinds.get(kind),
        sender=sender,
        edition=BoundaryEdition.objects.filter(code="2013-07-24").first(),
        by=by,
    )


def rehearsed(
    file: SimpleUploadedFile,
    *,
    by: Any,
    kind: str = "people",
    sender: str = "",
    sheet_names: Sequence[str] = (),
    once: Mapping[str, str] = MappingProxyType({}),
) -> ImportBatch:
    """Uploaded, mapped as suggested, what all rows have in common said, and rehearsed."""
    batch = upload(file, by=by, kind=kind, sender=sender)
    opened = open_file(batch=batch, sheet_names=sheet_names)
    columns = suggest(
        batch=batch,
        kind=import_kinds.get(kind),
        table=opened.table,
    )
    choose(
        batch=batch,
        kind=import_kinds.get(kind),
        opened=opened,
        columns=columns,
        once=once,
    )
    rehearse(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.values_list("outcome", flat=True))


def wrong_cells(batch: ImportBatch) -> list[list[str]]:
    """The names of the cells that are wrong, row by row."""
    return [sorted(row.errors) for row in batch.rows.all()]


def write(batch: ImportBatch) -> ImportBatch:
    """Confirmed, and in the register."""
    ask_to_confirm(batch=batch)
    confirm(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.CONFIRMED, batch.notice
    return batch


def take_back(batch: ImportBatch) -> set[str]:
    """Undo the whole list, by whoever sent it; return why rows were left as they are."""
    ask_to_undo(batch=batch, by=batch.by, at=timezone.now())
    undo(batch_id=batch.pk)
    batch.refresh_from_db()
    writes = ImportWrite.objects.filter(row__batch=batch)
    return {reason for write in writes for reason in write.left}
