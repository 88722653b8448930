"""A report as a document of Word: the texts of the PDF in the same form, to be worked on."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_FONT = "Times New Roman"
# Millimetres between the margins, and of them the column of the places.
_WIDTH, _PLACE = 165, 46
#: What a cell keeps free at either side.
_MARGIN_OF_CELL = 2
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_RIGHT = WD_ALIGN_PARAGRAPH.RIGHT


def write_docx(*, paper: dict[str, Any], at: datetime) -> bytes:
    """Return the document of what `compose_paper` has composed; `at` is the day in its properties."""
    document = Document()
    _set_up(document, paper, at)
    _head(document, paper)
    _add(document, paper["kind"], size=14, bold=True, align=_CENTRE, before=14)
    _add(document, paper["title"], size=14, bold=True, align=_CENTRE)
    _rule(document, width=30, within=_WIDTH)
    if paper["notice"]:
        _add(document, paper["notice"], bold=True, align=_CENTRE)
    for paragraph in paper["paragraphs"]:
        _add(document, paragraph, align=WD_ALIGN_PARAGRAPH.JUSTIFY, indent=True)
    for number, table in enumerate(paper["tables"], start=1):
        _add(document, f"{number}. {table['title']}", bold=True, before=10, keep=True)
        _table(document, [table["head"], *paper["headings"]], table["rows"])
    if paper["rules"]:
        _add(
            document,
            "Yêu cầu của chương trình khi lập báo cáo",
            bold=True,
            before=10,
            keep=True,
        )
        for line in paper["rules"]:
            _add(document, f"- {line}", size=11)
    _add(document, "Ý nghĩa các số liệu", bold=True, before=10, keep=True)
    for one in paper["definitions"]:
        paragraph = _add(document, f"{one['label']}: ", size=10.5, bold=True)
        _run(paragraph, one["definition"], size=10.5)
        # The signature never stands alone on the last page.
        paragraph.paragraph_format.keep_with_next = one is paper["definitions"][-1]
    _foot(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Any, paper: dict[str, Any], at: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.author = paper["title"], paper["office"]
    properties.comments, properties.language = "", "vi-VN"
    properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(15)
    _number_pages(page)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(3)


def _number_pages(page: Any) -> None:
    """Put the number above each page but the first, as offices do."""
    page.different_first_page_header_footer = True
    paragraph = page.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 (python-docx has no name for it)


def _head(document: Any, paper: dict[str, Any]) -> None:
    left, right = _two_columns(document, widths=(66, 99))
    _fill(left, [(paper["parent"], 12, False), (paper["office"], 12, True)])
    _rule(left, width=22, within=66)
    _run(_centred(left), paper["number"])
    _fill(right, [(paper["nation"], 12, True), (paper["motto"], 13, True)])
    _rule(right, width=44, within=99)
    _run(_centred(right), paper["place_date"], italic=True)


def _foot(document: Any, paper: dict[str, Any]) -> None:
    _add(document, "", keep=True)
    left, right = _two_columns(document, widths=(82, 83))
    first, *recipients = paper["recipients"]
    _run(left.paragraphs[0], first, size=12, bold=True, italic=True)
    for line in recipients:
        _run(left.add_paragraph(), f"- {line}", size=11)
    lines = [(line, 13, True) for line in paper["signer_position"]]
    _fill(right, [*lines, *[("", 13, False)] * 4, (paper["signer_name"], 13, True)])


def _two_columns(document: Any, *, widths: tuple[int, int]) -> Sequence[Any]:
    table = document.add_table(rows=0, cols=2)
    _lay(table, widths)
    row = table.add_row()
    _mark(row, "w:cantSplit")
    return row.cells


def _lay(table: Any, widths: Sequence[float]) -> None:
    """Fix the columns before any row is added: rows take their widths from them, and so do programs other
    than Word.
    """
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _fill(cell: Any, lines: Sequence[tuple[str, int, bool]]) -> None:
    """Write centred lines (text, size, bold) into a cell, whose first paragraph is there."""
    for place, (text, size, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.alignment = _CENTRE
        _run(paragraph, text, size=size, bold=bold)


def _rule(place: Any, *, width: float, within: float) -> None:
    """Draw the short line that papers of offices have: a paragraph without words, indented at both ends."""
    paragraph = _centred(place)
    _run(paragraph, "", size=1)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm((within - width) / 2 - _MARGIN_OF_CELL)
    form.space_after, form.line_spacing = Pt(4), Pt(3)
    border = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        border.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(border)
    # Word asks for the parts of a paragraph's form in this order.
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 (python-docx has no name for it)
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _centred(cell: Any) -> Any:
    paragraph = cell.add_paragraph()
    paragraph.alignment = _CENTRE
    return paragraph


def _table(document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=len(headings), style="Table Grid")
    figures = len(headings) - 1
    _lay(table, [_PLACE, *[(_WIDTH - _PLACE) / figures] * figures])
    _row(table, headings, bold=True, size=9, align=_CENTRE)
    _mark(table.rows[0], "w:tblHeader")
    for place, row in enumerate(rows):
        _row(table, row, bold=len(row) == 1 or place == len(rows) - 1)


def _row(
    table: Any, texts: Sequence[str], *, bold: bool, size: float = 10.5, align: Any = _RIGHT
) -> None:
    row = table.add_row()
    _mark(row, "w:cantSplit")
    cells = row.cells
    if len(texts) == 1:
        cells[0].merge(cells[-1])
    for place, (cell, text) in enumerate(zip(cells, texts, strict=False)):
        paragraph = cell.paragraphs[0]
        if place or align == _CENTRE:
            paragraph.alignment = align
        _run(paragraph, text, size=size, bold=bold)


def _mark(row: Any, name: str) -> None:
    """Say of a row that it is repeated on each page, or that no page ends inside it."""
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 (python-docx has no name for it)


def _add(
    document: Any,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    align: Any = None,
    before: float = 0,
    indent: bool = False,
    keep: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    paragraph.alignment = align
    form.space_before, form.keep_with_next = Pt(before), keep
    if indent:
        form.first_line_indent = Mm(10)
    _run(paragraph, text, size=size, bold=bold)
    return paragraph


def _run(
    paragraph: Any, text: str, *, size: float = 13, bold: bool = False, italic: bool = False
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
