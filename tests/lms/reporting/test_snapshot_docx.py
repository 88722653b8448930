"""The documents of a frozen report: what its paper says, cell by cell, in the form of offices."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby

from docx import Document

from lms.core.pdf import set_pdf
from lms.reporting.domain.snapshot_docx import write_docx
from lms.reporting.domain.snapshot_files import SOURCE
from tests.reading import faces_of

PAPER = {
    "parent": "ỦY BAN NHÂN DÂN TỈNH MẪU",
    "office": "SỞ MẪU",
    "number": "Số: 7/BC-SM",
    "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "motto": "Độc lập - Tự do - Hạnh phúc",
    "place_date": "Mẫu, ngày 30 tháng 6 năm 2014",
    "kind": "BÁO CÁO",
    "title": "Kết quả tập huấn",
    "notice": "",
    "paragraphs": ["Số người cần tập huấn: 30; đã hoàn thành: *."],
    "headings": ["Số người", "Hoàn thành", "Tỷ lệ"],
    "tables": [
        {
            "title": "Theo xã",
            "head": "Địa bàn",
            "rows": [["Huyện Mẫu"], ["Xã Một", "*", "*", "*"], ["Tổng cộng", "30", "*", "*"]],
        }
    ],
    "rules": ["Cộng tác viên: Khoá một"],
    "definitions": [{"label": "Hoàn thành", "definition": "Đã học xong."}],
    "recipients": ["Nơi nhận:", "Như trên"],
    "signer_position": ["GIÁM ĐỐC"],
    "signer_name": "Nguyễn Văn Mẫu",
}


def cells_of(table):
    """The texts of each row; a cell over all columns stands once."""
    return [
        [next(same).text for _cell, same in groupby(row.cells, key=lambda cell: cell._tc)]
        for row in table.rows
    ]


def test_document_says_what_the_paper_says_in_the_same_order():
    content = write_docx(paper=PAPER, at=datetime(2014, 6, 30, tzinfo=UTC))

    document = Document(BytesIO(content))
    head, table, foot = document.tables
    [[left, right]] = cells_of(head)
    told = PAPER["tables"][0]
    assert [line for line in left.splitlines() if line] == [
        PAPER[name] for name in ("parent", "office", "number")
    ]
    assert [line for line in right.splitlines() if line] == [
        PAPER[name] for name in ("nation", "motto", "place_date")
    ]
    assert cells_of(table) == [[told["head"], *PAPER["headings"]], *told["rows"]]
    [[recipients, signature]] = cells_of(foot)
    assert recipients.splitlines() == ["Nơi nhận:", "- Như trên"]
    assert signature.split() == ["GIÁM", "ĐỐC", "Nguyễn", "Văn", "Mẫu"]
    between = [one.text for one in document.paragraphs if one.text]
    assert between == [
        PAPER["kind"],
        PAPER["title"],
        *PAPER["paragraphs"],
        "1. Theo xã",
        "Yêu cầu của chương trình khi lập báo cáo",
        "- Cộng tác viên: Khoá một",
        "Ý nghĩa các số liệu",
        "Hoàn thành: Đã học xong.",
    ]


def test_lines_stand_below_office_motto_and_title_as_in_the_pdf():
    document = Document(BytesIO(write_docx(paper=PAPER, at=datetime(2014, 6, 30, tzinfo=UTC))))

    lines = [
        [place for place, one in enumerate(cell.paragraphs) if "<w:pBdr>" in one._p.xml]
        for cell in document.tables[0].rows[0].cells
    ]
    in_text = ["<w:pBdr>" in one._p.xml for one in document.paragraphs if one.text != ""]
    ruled = [place for place, one in enumerate(document.paragraphs) if "<w:pBdr>" in one._p.xml]

    assert lines == [[2], [2]]
    assert not any(in_text)
    assert [document.paragraphs[place - 1].text for place in ruled] == [PAPER["title"]]


def test_pdf_is_set_in_the_faces_that_offices_use():
    """The head of the recipients is bold italic; a face that is missing is replaced without a word."""
    faces = faces_of(set_pdf(source=SOURCE, paper=PAPER, timestamp=0))

    expected = {
        "LiberationSerif",
        *(f"LiberationSerif-{face}" for face in ("Bold", "Italic", "BoldItalic")),
    }
    assert faces == expected
