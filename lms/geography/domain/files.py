"""The boundary files as rows: read without judging them, each row with its line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import nfc

# The official lists that come with the suite.
SHIPPED: Final = Path(__file__).resolve().parents[1] / "boundaries"


class BoundaryFileRefusal(Refusal):
    """A boundary file cannot be taken; the message names the file and, when known, the line."""

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        file: str,
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        self.file = file
        self.line = line
        place = {"file": file, "line": line, "sentence": sentence}
        super().__init__(
            code,
            _("%(file)s: %(sentence)s") % place
            if line is None
            else _("%(file)s, line %(line)s: %(sentence)s") % place,
            field=field,
        )


@dataclass(frozen=True)
class Row:
    """One line of a file; `cells` by column name, composed (NFC) and trimmed."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def refusal(self, code: str, sentence: str, field: str | None = None) -> BoundaryFileRefusal:
        return BoundaryFileRefusal(code, sentence, file=self.file, line=self.line, field=field)


def read_rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """Read the rows of a CSV file with these columns: UTF-8 with or without BOM, `,` or `;`.

    Raises BoundaryFileRefusal for a missing file or column, broken encoding, and a line
    with too few or too many cells. Empty lines are passed over.
    """
    lines = _decoded(path).splitlines()
    header = lines[0] if lines else ""
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    names = [nfc(name) for name in next(reader, [])]
    for column in columns:
        if column not in names:
            raise BoundaryFileRefusal(
                "column_missing",
                _("the column “%(column)s” is missing.") % {"column": column},
                file=path.name,
                line=1,
            )
    return list(_rows(reader, path.name, names))


def _rows(reader: Iterator[list[str]], file: str, names: list[str]) -> Iterator[Row]:
    for cells in reader:
        line: int = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            raise BoundaryFileRefusal(
                "cell_count",
                _("%(found)s cells where the first line has %(expected)s.")
                % {"found": len(cells), "expected": len(names)},
                file=file,
                line=line,
            )
        yield Row(file, line, dict(zip(names, map(nfc, cells), strict=True)))


def _decoded(path: Path) -> str:
    if not path.is_file():
        raise BoundaryFileRefusal("file_missing", _("the file is missing."), file=path.name)
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BoundaryFileRefusal(
            "not_utf8",
            _("the text is not UTF-8; save the file as “CSV UTF-8”."),
            file=path.name,
            line=content.count(b"\n", 0, error.start) + 1,
        ) from error
