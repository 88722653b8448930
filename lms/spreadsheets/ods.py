"""OpenDocument spreadsheets, written row by row: typed cells, fixed header, filter, widths.

As much of ODF 1.3 as a list needs; docs/decisions says why no library does it.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = " ".join(
    [
        f'xmlns:office="{_ODF}:office:1.0"',
        f'xmlns:table="{_ODF}:table:1.0"',
        f'xmlns:text="{_ODF}:text:1.0"',
        f'xmlns:style="{_ODF}:style:1.0"',
        f'xmlns:number="{_ODF}:datastyle:1.0"',
        f'xmlns:config="{_ODF}:config:1.0"',
        f'xmlns:fo="{_ODF}:xsl-fo-compatible:1.0"',
        'office:version="1.3"',
    ]
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# What XML 1.0 cannot hold at all.
_NOT_XML = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])
_CM_PER_LETTER = 0.22
_DATE = '<number:{0} number:style="long"/>'
_DAY = f"{_DATE.format('day')}<number:text>/</number:text>{_DATE.format('month')}"
_DAY = f"{_DAY}<number:text>/</number:text>{_DATE.format('year')}"
_CLOCK = f"{_DATE.format('hours')}<number:text>:</number:text>{_DATE.format('minutes')}"
_STYLES = (
    f'<number:date-style style:name="N1">{_DAY}</number:date-style>'
    f'<number:date-style style:name="N2">{_DAY}<number:text> </number:text>{_CLOCK}'
    "</number:date-style>"
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="moment" style:family="table-cell" style:data-style-name="N2"/>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
_MANIFEST = (
    f'{_DECLARATION}<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0" '
    'manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


Row = Sequence[str | int | float | date | None]


@dataclass(frozen=True)
class OdsSheet:
    """`head`: lines above the headings; `widths` in letters, one for each heading."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Row]
    widths: Sequence[int]
    head: Sequence[str] = ()


def write_ods(*, file: IO[bytes], sheets: Sequence[OdsSheet]) -> None:
    """Write no text as a formula: formulas stand in an attribute of their own."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        # First and unpacked: programs look for it at the start of the file.
        archive.writestr("mimetype", _MIME, ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("settings.xml", _settings(sheets))
        with (
            archive.open("content.xml", "w", force_zip64=True) as part,
            TextIOWrapper(part, encoding="utf-8", write_through=True) as text,
        ):
            text.writelines(_content(sheets))


def _content(sheets: Sequence[OdsSheet]) -> Iterator[str]:
    columns = [
        f'<style:style style:name="c{number}_{place}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _CM_PER_LETTER:.2f}cm"/>'
        "</style:style>"
        for number, sheet in enumerate(sheets)
        for place, width in enumerate(sheet.widths)
    ]
    yield (
        f"{_DECLARATION}<office:document-content {_NAMESPACES}><office:automatic-styles>"
        f"{''.join(columns)}{_STYLES}</office:automatic-styles>"
        "<office:body><office:spreadsheet>"
    )
    areas = []
    for number, sheet in enumerate(sheets):
        last = yield from _table(sheet, number)
        areas.append(_area(sheet, number, last))
    yield (
        f"<table:database-ranges>{''.join(areas)}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def _table(sheet: OdsSheet, number: int) -> Generator[str, None, int]:
    """Yield one sheet; return the number of its last row."""
    yield f"<table:table table:name={quoteattr(sheet.title)}>"
    for place in range(len(sheet.widths)):
        yield f'<table:table-column table:style-name="c{number}_{place}"/>'
    for line in sheet.head:
        yield f"<table:table-row>{_text(line)}</table:table-row>"
    heads = "".join(_text(heading, ' table:style-name="head"') for heading in sheet.headings)
    yield (
        f"<table:table-header-rows><table:table-row>{heads}</table:table-row>"
        "</table:table-header-rows>"
    )
    last = len(sheet.head) + 1
    for cells in sheet.rows:
        last += 1
        yield f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>\n"
    yield "</table:table>"
    return last


def _area(sheet: OdsSheet, number: int, last: int) -> str:
    """Return the headings and the rows, which the program filters."""
    title = _quoted(sheet.title)
    end = f"{title}.{_letters(len(sheet.headings))}{last}"
    area = quoteattr(f"{title}.A{len(sheet.head) + 1}:{end}")
    return (
        f'<table:database-range table:name="list{number or ""}" '
        f'table:target-range-address={area} table:display-filter-buttons="true"/>'
    )


def _cell(value: str | int | float | date | None) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        style = "moment" if isinstance(value, datetime) else "day"
        shown = f"{value:%d/%m/%Y %H:%M}" if style == "moment" else f"{value:%d/%m/%Y}"
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="date" '
            f'office:date-value="{value.isoformat()}"><text:p>{shown}</text:p></table:table-cell>'
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def _text(value: str, style: str = "") -> str:
    lines = value.translate(_NOT_XML).splitlines() or [""]
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    return f'<table:table-cell{style} office:value-type="string">{paragraphs}</table:table-cell>'


def _quoted(title: str) -> str:
    return f"'{title}'"


def _letters(count: int) -> str:
    """Return the name of the last of so many columns: A, B, … Z, AA."""
    name = ""
    while count:
        count, rest = divmod(count - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _settings(sheets: Sequence[OdsSheet]) -> str:
    """Keep the headings in sight."""
    return (
        f"{_DECLARATION}<office:document-settings {_NAMESPACES}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item-map-named config:name="Tables">'
        f"{''.join(map(_frozen, sheets))}"
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set></office:settings>"
        "</office:document-settings>"
    )


def _frozen(sheet: OdsSheet) -> str:
    above = len(sheet.head) + 1
    items = {"VerticalSplitMode": ("short", 2), "VerticalSplitPosition": ("int", above)}
    items |= {"PositionBottom": ("int", above), "ActiveSplitRange": ("short", 2)}
    frozen = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}'
        "</config:config-item>"
        for name, (kind, value) in items.items()
    )
    return (
        f"<config:config-item-map-entry config:name={quoteattr(sheet.title)}>{frozen}"
        "</config:config-item-map-entry>"
    )
