"""What the page of a rehearsal shows and gives out, and how twins are decided on it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from lms.importing.domain.confirming import ask_to_confirm, confirm
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.files import without_head, write_xlsx
from tests.factories.importing import HEADER, rehearsed, sheet, upload, write
from tests.lms.importing.views.conftest import address_of

NEW = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "0912 345 678", "Quế", "CTV")


def marked(client, batch):
    response = client.get(address_of(batch, "marked"))
    return without_head(load_workbook(BytesIO(b"".join(response.streaming_content))).active)


def test_marked_list_has_the_reasons_in_the_cells_and_is_logged(as_coordinator, coordinator):
    batch = rehearsed(
        sheet(NEW, ("KB-9002", "Tên", "1980", "", "", "Quế", "Thợ mộc")), by=coordinator
    )

    found = marked(as_coordinator, batch)

    header = [cell.value for cell in found[1]]
    cadre = found.cell(3, header.index("Đối tượng") + 1)
    assert set(header) == {*HEADER, "Kết quả kiểm tra"}
    assert cadre.fill.fgColor.rgb == "FFF8D7DA"
    assert found.cell(2, header.index("Đối tượng") + 1).comment is None
    assert cadre.value == "Thợ mộc"
    assert "“Thợ mộc”" in cadre.comment.text
    assert found.cell(2, len(header)).value == "Mới"
    entry = ModelLogEntry.objects.get(action=EXPORT_ACTION)
    assert (entry.user, entry.data["rows"]) == (coordinator, 2)


def test_formulas_in_the_list_come_back_as_text(as_coordinator, coordinator):
    row = ("KB-9002", "=cmd|' /C calc'!A0", "1980", "", "", "@SUM(A1)", "CTV")

    found = marked(as_coordinator, rehearsed(sheet(row), by=coordinator))

    cells = [cell.value for cell in found[2]]
    assert "'=cmd|' /C calc'!A0" in cells
    assert "'@SUM(A1)" in cells
    assert "f" not in {cell.data_type for cell in found[2]}


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
    shown = as_coordinator.get(address_of(batch), {"outcome": "twin"}).content.decode()
    assert known.staff_code in shown
    assert "thị trấn Quế, huyện Kim Bảng" in shown

    who = address_of(batch, "who", row.pk)
    as_coordinator.post(who, {"who": str(known.pk)})
    row.refresh_from_db()
    assert (row.outcome, row.target) == ("changed", known.pk)
    assert "Chọn lại" in as_coordinator.get(address_of(batch)).content.decode()

    as_coordinator.post(who, {"who": ""})
    row.refresh_from_db()
    assert row.outcome == "twin"


@pytest.mark.parametrize("who", ["999999", "-1", "x"])
def test_nobody_else_can_be_chosen(as_coordinator, coordinator, make_person, who):
    make_person("Lê Thị Mới", year_of_birth=1980)
    batch = rehearsed(sheet(NEW), by=coordinator)
    row = batch.rows.get()

    as_coordinator.post(address_of(batch, "who", row.pk), {"who": who})

    row.refresh_from_db()
    assert row.outcome == "twin"


def test_row_of_another_import_cannot_be_decided_through_ones_own(
    as_coordinator, coordinator, administrator
):
    foreign = rehearsed(sheet(NEW), by=administrator).rows.get()
    own = rehearsed(sheet(NEW), by=coordinator)

    assert as_coordinator.post(address_of(own, "who", foreign.pk), {"who": "0"}).status_code == 404


def test_tab_shows_the_rows_of_its_outcome_alone(as_coordinator, coordinator):
    batch = rehearsed(sheet(NEW, ("KB-9002", "Trần Lỗi", "", "", "1", "", "")), by=coordinator)

    shown = as_coordinator.get(address_of(batch), {"outcome": "error"}).content.decode()

    assert "Trần Lỗi" in shown
    assert "Lê Thị Mới" not in shown
    assert "Lỗi (1)" in shown


def test_rows_are_shown_page_by_page(as_coordinator, coordinator):
    rows = [(f"KB-{n}", f"Người {n}", "1980", "Nữ", "", "Quế", "CTV") for n in range(60)]
    batch = rehearsed(sheet(*rows), by=coordinator)

    second = as_coordinator.get(address_of(batch), {"p": "2"}).content.decode()

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

    as_it_came = as_coordinator.get(address_of(batch, "columns")).content.decode()
    converted = as_coordinator.get(address_of(batch, "columns"), {"convert": "1"}).content.decode()

    assert "Trần Văn Đức" not in as_it_came
    assert "Chuyển chữ rồi xem" in as_it_came
    assert "Trần Văn Đức" in converted


def test_rows_with_a_warning_are_counted_shown_alone_and_marked_in_the_list(
    as_coordinator, coordinator
):
    old = ("KB-9002", "Trần Số Cũ", "1980", "Nữ", "0168 123 4567", "Quế", "CTV")
    batch = rehearsed(sheet(old, NEW), by=coordinator)

    shown = as_coordinator.get(address_of(batch), {"outcome": "warned"}).content.decode()
    found = marked(as_coordinator, batch)

    assert "Cần lưu ý (1)" in shown
    assert "Số được giữ như trong danh sách: “0168 123 4567”." in shown
    assert "Lê Thị Mới" not in shown
    assert found.cell(2, len(HEADER) + 1).value.endswith("“0168 123 4567”.")


def test_result_shows_the_code_that_was_given(as_coordinator, coordinator):
    batch = rehearsed(sheet(("", *NEW[1:])), by=coordinator)
    before = as_coordinator.get(address_of(batch)).content.decode()
    assert "Sẽ được cấp mã cán bộ." in before
    ask_to_confirm(batch=batch)
    confirm(batch_id=batch.pk)

    after = as_coordinator.get(address_of(batch)).content.decode()

    assert "Mã cán bộ: CB13384-001" in after
    assert "Sẽ được cấp mã cán bộ." not in after


def test_each_row_says_in_a_sentence_what_is_written(as_coordinator, coordinator, make_person):
    known = make_person("Trần Văn Nhà", year_of_birth=1970)
    rows = [
        ("KB-9001", "Lê Thị Mới", "1980", "", "", "Quế", "CTV"),
        (known.staff_code, known.full_name, "1971", "", "", "Quế", ""),
        (known.staff_code, "Ai Đó", "x", "", "", "", ""),
        ("", "Lê Thị Mới", "1980", "", "", "Quế", "CTV"),
    ]
    batch = rehearsed(sheet(*rows), by=coordinator)

    page = as_coordinator.get(address_of(batch))

    said = [line["sentence"] for line in page.context["table"]["lines"]]
    assert said[0].startswith("Sẽ thêm: Họ và tên: Lê Thị Mới; Mã cán bộ: KB-9001")
    assert said[1] == "Sẽ sửa: Năm sinh: 1970 → 1971."
    assert said[2:] == ["Không ghi vì có lỗi ở: Mã cán bộ.", "Chưa ghi vì chưa chọn đây là ai."]
    shown = page.context["outcomes"]
    assert sum(count for _label, count in shown) == page.context["total"] == len(rows)
    write(batch)
    lines = as_coordinator.get(address_of(batch)).context["table"]["lines"]
    assert lines[0]["sentence"].startswith("Đã thêm: ")


def test_rows_are_searched_by_folded_words_beside_the_outcomes(as_coordinator, coordinator):
    rows = [
        ("KB-9001", "Lê Thị Mới", "1980", "", "0912 345 678", "Quế", "CTV"),
        ("KB-9002", "Lê Văn Mới", "abc", "", "", "Quế", "CTV"),
        ("KB-9003", "Trần Đình Xuân", "1981", "", "", "Quế", "CTV"),
    ]
    batch = rehearsed(sheet(*rows), by=coordinator)

    def found(**asked):
        context = as_coordinator.get(address_of(batch), asked).context
        names = [line["row"].cells["full_name"] for line in context["table"]["lines"]]
        return names, [tab["count"] for tab in context["asked"].tabs], context["total"]

    assert found(q="moi LE") == (["Lê Thị Mới", "Lê Văn Mới"], [2, 2, 1], 3)
    assert found(q="dinh")[0] == ["Trần Đình Xuân"]
    for phone in ("0912345678", "0912 345 678", "+84912345678"):
        assert found(q=phone)[0] == ["Lê Thị Mới"], phone
    assert found(q="le", outcome="warned")[0] == ["Lê Văn Mới"]
    assert found(q="không ai")[0] == []


def test_tab_of_an_outcome_keeps_the_words(as_coordinator, coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)

    context = as_coordinator.get(address_of(batch), {"q": "mới", "outcome": "new"}).context

    tabs = {tab["key"]: tab for tab in context["asked"].tabs}
    assert tabs["new"]["is_chosen"]
    assert tabs["new"]["url"].endswith("?outcome=new&q=m%E1%BB%9Bi")


def test_name_alone_in_a_row_is_told_above_the_rows(as_coordinator, coordinator):
    alone = ("", "Mai Văn Riêng", "", "", "", "", "")

    batch = rehearsed(sheet(NEW, alone), by=coordinator)

    page = as_coordinator.get(address_of(batch)).content.decode()
    assert "Dòng 3 chỉ có họ tên" in page
    assert "Mai Văn Riêng" in page
