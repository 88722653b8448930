"""The empty list of each kind: what stands in it, and that it comes back."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.importing.domain.mapping import suggest
from lms.importing.domain.sheets import open_file
from lms.importing.extensions import import_kinds
from lms.importing.reading.tables import LeftOutReason
from tests.factories.accounts import browse
from tests.factories.importing import upload


@pytest.fixture
def root(root, edition):
    return root


def blank(client, kind):
    answer = client.get(reverse("imports:blank", args=(kind,)))
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    return openpyxl.load_workbook(io.BytesIO(content))


def sent_back(book, kind, by):
    content = io.BytesIO()
    book.save(content)
    return upload(SimpleUploadedFile("mau.xlsx", content.getvalue()), by=by, kind=kind)


@pytest.mark.parametrize("key", [kind.key for kind in import_kinds])
def test_filled_in_list_is_understood_and_the_made_up_rows_stay_out(root, key):
    client = browse(root)
    kind = import_kinds.get(key)
    book = blank(client, key)
    page = book.worksheets[0]
    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["Ví dụ"] * 2
    labels = [row[0].value for row in book.worksheets[1].iter_rows()]
    assert [str(field.label) for field in kind.fields] == labels[-len(kind.fields) :]
    # What somebody fills in is a row like the first of the examples.
    page.append([1, *(cell.value for cell in page[2][1:])])

    batch = sent_back(book, key, root)
    table = open_file(batch=batch).table

    assert [row.cells[0] for row in table.rows] == [1]
    assert [one.reason for one in table.left_out].count(LeftOutReason.EXAMPLE) == 2
    mapped = suggest(batch=batch, kind=kind, table=table)
    told = {name for row in kind.examples for name in row}
    assert told <= mapped.keys()
    assert {field.key for field in kind.fields if field.required} <= mapped.keys()


def test_made_up_rows_alone_are_no_list(root):
    batch = sent_back(blank(browse(root), "people"), "people", root)

    read = open_file(batch=batch)

    assert not any("Nguyễn Thị Ví Dụ" in row.cells for row in read.table.rows)
    assert (import_kinds.get("people").label, 0) in read.others


def test_upload_links_the_empty_lists_of_kinds_that_are_open_alone(as_coordinator):
    people, targets, unknown = (
        reverse("imports:blank", args=(key,)) for key in ("people", "targets", "khong-co")
    )
    page = as_coordinator.get(reverse("imports:add")).text

    assert (people in page, targets in page) == (True, False)
    assert as_coordinator.get(targets).status_code == 404
    assert as_coordinator.get(unknown).status_code == 404
    assert blank(as_coordinator, "people").worksheets
