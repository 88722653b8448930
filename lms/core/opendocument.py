"""OpenDocument spreadsheets, written row by row: typed cells, fixed header, filter, widths.

As much of ODF 1.3 as a list needs; docs/decisions says why no library does it.
"""

from collections.abc import Iterable, Iterator, Sequence
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


def write_ods(
    *,
    file: IO[bytes],
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str | int | float | date | None]],
    widths: Sequence[int],
) -> None:
    """One sheet; a text is never a formula, since formulas stand in an attribute of their own."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        # First and unpacked: programs look for it at the start of the file.
        archive.writestr("mimetype", _MIME, ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("settings.xml", _settings(title))
        with (
            archive.open("content.xml", "w", force_zip64=True) as part,
            TextIOWrapper(part, encoding="utf-8", write_through=True) as text,
        ):
            text.writelines(_content(title, headings, rows, widths))


def _content(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str | int | float | date | None]],
    widths: Sequence[int],
) -> Iterator[str]:
    columns = [
        f'<style:style style:name="c{place}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _CM_PER_LETTER:.2f}cm"/>'
        "</style:style>"
        for place, width in enumerate(widths)
    ]
    yield (
        f"{_DECLARATION}<office:document-content {_NAMESPACES}><office:automatic-styles>"
        f"{''.join(columns)}{_STYLES}</office:automatic-styles>"
        f"<office:body><office:spreadsheet><table:table table:name={quoteattr(title)}>"
    )
    for place in range(len(widths)):
        yield f'<table:table-column table:style-name="c{place}"/>'
    heads = "".join(_text(heading, ' table:style-name="head"') for heading in headings)
    yield (
        f"<table:table-header-rows><table:table-row>{heads}</table:table-row>"
        "</table:table-header-rows>"
    )
    last = 1
    for cells in rows:
        last += 1
        yield f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>\n"
    end = f"{_quoted(title)}.{_letters(len(headings))}{last}"
    area = quoteattr(f"{_quoted(title)}.A1:{end}")
    yield (
        "</table:table><table:database-ranges>"
        f'<table:database-range table:name="list" table:target-range-address={area} '
        'table:display-filter-buttons="true"/></table:database-ranges>'
        "</office:spreadsheet></office:body></office:document-content>"
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
    """The name of the last of so many columns: A, B, … Z, AA."""
    name = ""
    while count:
        count, rest = divmod(count - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _settings(title: str) -> str:
    """The first row stays in sight."""
    items = {"VerticalSplitMode": ("short", 2), "VerticalSplitPosition": ("int", 1)}
    items |= {"PositionBottom": ("int", 1), "ActiveSplitRange": ("short", 2)}
    frozen = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}'
        "</config:config-item>"
        for name, (kind, value) in items.items()
    )
    return (
        f"{_DECLARATION}<office:document-settings {_NAMESPACES}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item-map-named config:name="Tables">'
        f"<config:config-item-map-entry config:name={quoteattr(title)}>{frozen}"
        "</config:config-item-map-entry></config:config-item-map-named>"
        "</config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
