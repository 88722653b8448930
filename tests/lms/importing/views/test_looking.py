"""What the page of a rehearsal shows and gives out, and how twins are decided on it."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from lms.importing.enums import RowOutcome
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.files import without_head, write_xlsx
from tests.factories.importing import HEADER, rehearsed, sheet, upload, write
from tests.lms.importing.views.conftest import address_of
from tests.reading import html_of

NEW = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "0912 345 678", "Quế", "CTV")


def context_of(client, batch, name="inspect", **asked):
    return client.get(address_of(batch, name), asked).context


def names_of(context):
    return [line["row"].cells["full_name"] for line in context["table"]["lines"]]


def marked(client, batch):
    response = client.get(address_of(batch, "marked"))
    return without_head(load_workbook(BytesIO(b"".join(response.streaming_content))).active)


def test_marked_list_has_the_reasons_in_the_cells_formulas_as_text_and_is_logged(
    as_coordinator, coordinator
):
    wrong = ("KB-9002", "Tên", "1980", "", "", "Quế", "Thợ mộc")
    formulas = ("KB-9003", "=cmd|' /C calc'!A0", "1980", "", "", "@SUM(A1)", "CTV")
    batch = rehearsed(sheet(NEW, wrong, formulas), by=coordinator)

    found = marked(as_coordinator, batch)

    *header, _outcome = (cell.value for cell in found[1])
    place = header.index(HEADER[-1]) + 1
    cadre = found.cell(3, place)
    assert set(header) == {*HEADER}
    assert cadre.fill.fgColor.rgb == "FFF8D7DA"
    assert found.cell(2, place).comment is None
    assert cadre.value == "Thợ mộc"
    assert "“Thợ mộc”" in cadre.comment.text
    assert found.cell(2, len(header) + 1).value == RowOutcome.NEW.label
    entry = ModelLogEntry.objects.get(action=EXPORT_ACTION)
    assert (entry.user, entry.data["rows"]) == (coordinator, 3)
    assert {"'=cmd|' /C calc'!A0", "'@SUM(A1)"} <= {cell.value for cell in found[4]}
    assert "f" not in {cell.data_type for cell in found[4]}


def test_marked_list_comes_back_with_the_same_columns(as_coordinator, coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)
    content = b"".join(as_coordinator.get(address_of(batch, "marked")).streaming_content)

    again = rehearsed(SimpleUploadedFile("lai.xlsx", content), by=coordinator)

    assert set(again.choices["columns"]) == set(batch.choices["columns"])
    assert again.rows.get().outcome == "new"


def test_twin_is_shown_with_the_candidates_and_decided(as_coordinator, coordinator, make_person):
    known = make_person("Lê Thị Mới", year_of_birth=1980, sex="female")
    batch = rehearsed(sheet(NEW), by=coordinator)
    row = batch.rows.get()
    [line] = context_of(as_coordinator, batch, outcome="twin")["table"]["lines"]
    [candidate] = line["candidates"]
    assert candidate["staff_code"] == known.staff_code
    assert candidate["posts"] == str(known.postings.get())

    who = address_of(batch, "who", row.pk)
    as_coordinator.post(who, {"who": str(known.pk)})
    row.refresh_from_db()
    assert (row.outcome, row.target) == ("changed", known.pk)
    [line] = context_of(as_coordinator, batch)["table"]["lines"]
    assert line["was_chosen"]

    as_coordinator.post(who, {"who": ""})
    row.refresh_from_db()
    assert row.outcome == "twin"


def test_nobody_else_can_be_chosen(as_coordinator, coordinator, make_person):
    make_person("Lê Thị Mới", year_of_birth=1980)
    batch = rehearsed(sheet(NEW), by=coordinator)
    row = batch.rows.get()

    for who in ("999999", "-1", "x"):
        as_coordinator.post(address_of(batch, "who", row.pk), {"who": who})
        row.refresh_from_db()
        assert row.outcome == "twin"


def test_row_of_another_import_cannot_be_decided_through_ones_own(
    as_coordinator, coordinator, administrator
):
    foreign = rehearsed(sheet(NEW), by=administrator).rows.get()
    own = rehearsed(sheet(NEW), by=coordinator)

    assert as_coordinator.post(address_of(own, "who", foreign.pk), {"who": "0"}).status_code == 404


def test_rows_are_shown_page_by_page(as_coordinator, coordinator):
    rows = [(f"KB-{n}", f"Người {n}", "1980", "Nữ", "", "Quế", "CTV") for n in range(60)]
    batch = rehearsed(sheet(*rows), by=coordinator)

    second = names_of(context_of(as_coordinator, batch, p="2"))

    assert "Người 59" in second
    assert "Người 12" not in second


def test_other_sheet_of_the_file_can_be_read(as_coordinator, coordinator, tmp_path):
    path = write_xlsx(tmp_path / "hai.xlsx", [HEADER, NEW])
    batch = upload(SimpleUploadedFile("hai.xlsx", path.read_bytes()), by=coordinator)

    shown = as_coordinator.get(address_of(batch, "columns"), {"sheet": "Danh sách"})

    assert shown.context["opened"].read == ["Danh sách"]


def test_letters_of_old_are_converted_only_when_the_person_says_so(as_coordinator, coordinator):
    names = ["NguyÔn ThÞ H­¬ng", "TrÇn V¨n §øc", "Lª ThÞ Mai Ph­¬ng", "Ph¹m V¨n Th¾ng"]
    rows = [(f"KB-{n}", name, "1980", "", "", "QuÕ", "CTV") for n, name in enumerate(names)]
    batch = upload(sheet(*rows), by=coordinator)

    as_it_came = as_coordinator.get(address_of(batch, "columns"))
    converted = as_coordinator.get(address_of(batch, "columns"), {"convert": "1"})

    assert "Trần Văn Đức" not in html_of(as_it_came)
    assert "convert=1" in html_of(as_it_came)
    assert "Trần Văn Đức" in html_of(converted)


def test_rows_with_a_warning_or_an_error_are_counted_shown_alone_and_marked_in_the_list(
    as_coordinator, coordinator
):
    old = ("KB-9002", "Trần Số Cũ", "1980", "Nữ", "0168 123 4567", "Quế", "CTV")
    wrong = ("KB-9003", "Trần Lỗi", "1980", "", "", "Quế", "Thợ mộc")
    batch = rehearsed(sheet(old, NEW, wrong), by=coordinator)

    shown = context_of(as_coordinator, batch, outcome="warned")
    found = marked(as_coordinator, batch)

    assert names_of(shown) == ["Trần Số Cũ"]
    counts = {tab["key"]: tab["count"] for tab in shown["asked"].tabs}
    assert counts == {"": 3, "new": 2, "error": 1, "warned": 1}
    [warned] = [cell for cell in shown["table"]["lines"][0]["cells"] if cell["warnings"]]
    assert "“0168 123 4567”" in warned["warnings"][0]
    assert names_of(context_of(as_coordinator, batch, outcome="error")) == ["Trần Lỗi"]
    assert found.cell(2, len(HEADER) + 1).value.endswith("“0168 123 4567”.")


def test_result_shows_the_code_that_was_given(as_coordinator, coordinator):
    batch = rehearsed(sheet(("", *NEW[1:])), by=coordinator)

    def notes():
        [line] = context_of(as_coordinator, batch)["table"]["lines"]
        return line["notes"], [cell["note"] for cell in line["cells"] if cell["note"]]

    told, in_cells = notes()
    assert (len(told), len(in_cells)) == (0, 1)
    write(batch)
    (told,), in_cells = notes()
    assert told.endswith(": CB13384-001")
    assert in_cells == []


def test_each_row_says_in_a_sentence_what_is_written(as_coordinator, coordinator, make_person):
    known = make_person("Trần Văn Nhà", year_of_birth=1970)
    rows = [
        ("KB-9001", "Lê Thị Mới", "1980", "", "", "Quế", "CTV"),
        (known.staff_code, known.full_name, "1971", "", "", "Quế", ""),
        (known.staff_code, "Ai Đó", "x", "", "", "", ""),
        ("", "Lê Thị Mới", "1980", "", "", "Quế", "CTV"),
    ]
    batch = rehearsed(sheet(*rows), by=coordinator)

    page = context_of(as_coordinator, batch)

    said = [line["sentence"] for line in page["table"]["lines"]]
    assert "Lê Thị Mới" in said[0]
    assert "KB-9001" in said[0]
    assert "1970 → 1971" in said[1]
    # What was wrong, and that nobody has chosen.
    assert HEADER[0] in said[2]
    assert len(set(said)) == len(rows)
    assert sum(count for _label, count in page["outcomes"]) == page["total"] == len(rows)
    write(batch)
    [after, *_others] = context_of(as_coordinator, batch)["table"]["lines"]
    assert after["sentence"].endswith(said[0].partition(": ")[2])
    assert after["sentence"] != said[0]


def test_rows_are_searched_by_folded_words_beside_the_outcomes(as_coordinator, coordinator):
    rows = [
        ("KB-9001", "Lê Thị Mới", "1980", "", "0912 345 678", "Quế", "CTV"),
        ("KB-9002", "Lê Văn Mới", "abc", "", "", "Quế", "CTV"),
        ("KB-9003", "Trần Đình Xuân", "1981", "", "", "Quế", "CTV"),
    ]
    batch = rehearsed(sheet(*rows), by=coordinator)

    def found(**asked):
        context = context_of(as_coordinator, batch, **asked)
        return names_of(context), [tab["count"] for tab in context["asked"].tabs], context["total"]

    assert found(q="moi LE") == (["Lê Thị Mới", "Lê Văn Mới"], [2, 2, 1], 3)
    assert found(q="dinh")[0] == ["Trần Đình Xuân"]
    for phone in ("0912345678", "0912 345 678", "+84912345678"):
        assert found(q=phone)[0] == ["Lê Thị Mới"], phone
    assert found(q="le", outcome="warned")[0] == ["Lê Văn Mới"]
    assert found(q="không ai")[0] == []
    tabs = context_of(as_coordinator, batch, q="mới", outcome="new")["asked"].tabs
    [chosen] = [tab for tab in tabs if tab["is_chosen"]]
    assert chosen["url"].endswith("?outcome=new&q=m%E1%BB%9Bi")


def test_name_alone_in_a_row_is_told_above_the_rows(as_coordinator, coordinator):
    alone = ("", "Mai Văn Riêng", "", "", "", "", "")

    batch = rehearsed(sheet(NEW, alone), by=coordinator)

    page = as_coordinator.get(address_of(batch))
    [[number, reason, text, _sheet]] = page.context["batch"].left_out
    assert (number, reason, text) == (3, "name", "Mai Văn Riêng")
    # Above the rows, and in the list of what is not data.
    assert html_of(page).count("Mai Văn Riêng") == 2
