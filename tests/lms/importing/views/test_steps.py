"""The five steps, as the person who imports meets them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.importing import tasks
from lms.importing.domain.progress import Work, tell
from lms.importing.domain.rehearsing import rehearse
from lms.importing.models import ImportBatch
from tests.factories.accounts import browse
from tests.factories.files import write_hiding
from tests.factories.importing import HEADER, file_of, rehearsed, sheet, upload, write
from tests.lms.importing.views.conftest import address_of, columns_of
from tests.reading import error_codes, html_of, levels_of

pytestmark = pytest.mark.usefixtures("at_once")

NEW = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "0912 345 678", "Quế", "Cộng tác viên")


def send(client, file, **fields):
    data = {"kind": "people", "file": file, "sender": "UBND xã Quế", "edition": "", **fields}
    return client.post(reverse("imports:add"), data)


def test_five_steps_end_with_a_new_person(
    as_coordinator, edition, django_capture_on_commit_callbacks
):
    first = send(as_coordinator, sheet(NEW), edition=edition.pk)
    batch = ImportBatch.objects.get()
    assert first["Location"] == address_of(batch, "columns")

    asked = as_coordinator.get(first["Location"])
    with django_capture_on_commit_callbacks(execute=True):
        as_coordinator.post(first["Location"], columns_of(asked))
    shown = as_coordinator.get(address_of(batch))
    assert "Lê Thị Mới" in html_of(shown)
    assert (shown.context["step"], shown.context["is_written"]) == (3, False)

    assert as_coordinator.get(address_of(batch, "write")).context["writing"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        as_coordinator.post(address_of(batch, "write"))
    assert User.objects.filter(staff_code="KB-9001").exists()
    written = as_coordinator.get(address_of(batch)).context
    assert (written["step"], written["is_written"], written["writing"]) == (5, True, 1)

    with django_capture_on_commit_callbacks(execute=True):
        as_coordinator.post(address_of(batch, "undo"))
    assert not User.objects.filter(staff_code="KB-9001").exists()
    undone = as_coordinator.get(address_of(batch)).context
    assert (undone["batch"].state, undone["left"]) == ("undone", [])


def test_link_chooses_the_list_where_it_is_open_to_the_reader(as_coordinator):
    for named, chosen in (("attendance", ["attendance"]), ("targets", []), ("khong-co", [])):
        page = as_coordinator.get(reverse("imports:add"), {"kind": named})
        kinds = page.context["form"]["kind"].subwidgets
        assert [one.data["value"] for one in kinds if one.data["selected"]] == chosen


def test_empty_file_is_refused_in_the_words_for_one_of_blank_lines(as_coordinator):
    refused = [
        send(as_coordinator, SimpleUploadedFile("a.csv", content)).context["form"].errors
        for content in (b"", b"\n \n")
    ]

    assert refused[0] == refused[1] != {}
    assert not ImportBatch.objects.exists()


def test_wrong_file_is_refused_with_the_reason_and_what_was_typed_is_kept(as_coordinator):
    file = sheet(name="danh-sach.xlsx")

    response = send(as_coordinator, file)

    shown = html_of(response)
    assert ImportBatch.objects.count() == 0
    assert "danh-sach.xlsx" in shown
    assert "UBND xã Quế" in shown


def test_file_without_a_table_says_so_and_keeps_the_import(as_coordinator, coordinator, edition):
    batch = upload(sheet(header=("chỉ một dòng",)), by=coordinator)

    response = as_coordinator.get(address_of(batch, "columns"))

    assert response.status_code == 200
    assert response.context["refusal"]
    assert reverse("imports:add") in html_of(response)


def test_required_column_has_to_be_named(as_coordinator, coordinator):
    batch = upload(sheet(NEW), by=coordinator)

    response = as_coordinator.post(address_of(batch, "columns"), {"column_staff_code": "0"})

    assert error_codes(response.context["form"]) == {"__all__": ["column_missing"]}
    batch.refresh_from_db()
    assert batch.state == "uploaded"


def test_columns_of_a_sender_are_remembered(
    as_coordinator, coordinator, django_capture_on_commit_callbacks
):
    header = ("Mã cán bộ", "Ông bà", "Sinh ra", "Giới tính", "Số điện thoại", "Xã", "Đối tượng")
    first = upload(sheet(NEW, NEW, header=header), by=coordinator, sender="UBND xã Quế")
    chosen = {"column_staff_code": "0", "column_full_name": "1", "column_year_of_birth": "2"}
    with django_capture_on_commit_callbacks(execute=False):
        as_coordinator.post(address_of(first, "columns"), chosen)
    second = upload(sheet(NEW, NEW, header=header), by=coordinator, sender="ubnd xa que")

    columns = columns_of(as_coordinator.get(address_of(second, "columns")))

    assert {name: f"{columns[name]}" for name in chosen} == chosen


def test_person_joins_the_columns_of_a_name(as_coordinator, coordinator):
    header = ("STT", "Tên riêng của người", "Họ và đệm của người", "Năm sinh", "Xã", "Đối tượng")
    person = ("1", "Ái", "Cao Thị Kim", "1980", "Quế", "CTV")
    batch = upload(sheet(person, header=header), by=coordinator)
    address = address_of(batch, "columns")
    proposed = columns_of(as_coordinator.get(address))
    assert proposed["column_full_name_2"] == ""

    as_coordinator.post(address, {**proposed, "column_full_name": 2, "column_full_name_2": 1})
    rehearse(batch_id=batch.pk)

    assert batch.rows.get().cells["full_name"] == "Cao Thị Kim Ái"
    batch.refresh_from_db()
    assert batch.choices["labels"]["full_name"] == HEADER[1]


def test_hidden_rows_are_told_and_left_to_a_choice(as_coordinator, coordinator, tmp_path):
    other = ("KB-9002", "Lê Văn Khuất", "1981", "Nam", "", "Quế", "Cộng tác viên")
    path = write_hiding(tmp_path / "a.xlsx", [HEADER, NEW, other], hidden_rows=[2])
    batch = upload(file_of(path), by=coordinator)
    address = address_of(batch, "columns")

    asked = as_coordinator.get(address)
    assert (asked.context["opened"].hidden_rows, len(asked.context["previewed"])) == (1, 2)
    as_coordinator.post(address, columns_of(asked))
    rehearse(batch_id=batch.pk)
    assert batch.rows.count() == 2
    hidden = as_coordinator.get(address_of(batch)).context["batch"].choices["hidden"]
    assert (hidden["rows"], hidden["left_out"]) == (1, False)

    without = as_coordinator.get(f"{address}?hidden=leave")
    as_coordinator.post(address, {**columns_of(without), "hidden": "leave"})
    rehearse(batch_id=batch.pk)

    batch.refresh_from_db()
    assert batch.rows.get().cells["full_name"] == "Lê Thị Mới"
    assert [(number, reason) for number, reason, *_ in batch.left_out] == [(3, "hidden")]


def test_tables_of_a_sheet_are_offered_and_those_not_read_named(as_coordinator, coordinator):
    rows = [NEW, (), ("STT", "Họ và tên", "Năm sinh"), ("1", "Lê Văn Khác", "1981")]
    batch = upload(sheet(*rows), by=coordinator)
    address = address_of(batch, "columns")

    asked = as_coordinator.get(address)
    (first,), (second,) = (group.names for group in asked.context["opened"].groups)
    assert asked.context["opened"].read == [first]
    assert asked.context["opened"].others == ((second, 1),)
    other = as_coordinator.get(address, {"sheet": second})
    as_coordinator.post(address, {**columns_of(other), "sheet": second})
    rehearse(batch_id=batch.pk)

    assert [row.cells["full_name"] for row in batch.rows.all()] == ["Lê Văn Khác"]
    assert first in html_of(as_coordinator.get(address_of(batch)))


def test_columns_that_nobody_mapped_are_named_until_the_end(as_coordinator, coordinator):
    batch = rehearsed(sheet((*NEW, "nghỉ sinh"), header=(*HEADER, "Ghi chú")), by=coordinator)
    assert "nghỉ sinh" in html_of(as_coordinator.get(address_of(batch)))

    write(batch)

    assert "nghỉ sinh" in html_of(as_coordinator.get(address_of(batch)))


def working(batch, state):
    ImportBatch.objects.filter(pk=batch.pk).update(state=state, confirmed_at=None)
    return batch


def test_page_of_a_working_import_asks_again_and_is_told_how_far_it_is(as_coordinator, coordinator):
    batch = working(rehearsed(sheet(NEW), by=coordinator), "confirming")

    shown = html_of(as_coordinator.get(address_of(batch)))
    tell(batch_id=batch.pk, work=Work.WRITING, done=1000, total=3000)
    told = as_coordinator.get(address_of(batch), headers={"HX-Request": "true"})

    assert f'role="status" hx-get="{address_of(batch)}" hx-trigger="every 2s"' in shown
    assert f'<a href="{address_of(batch)}">' in shown
    progress = told.context["progress"]
    assert (progress.work, progress.done, progress.total) == (Work.WRITING, 1000, 3000)
    assert 'value="1000" max="3000"></progress>' in html_of(told)


def test_open_page_is_loaded_anew_once_the_work_is_done(as_coordinator, coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)

    response = as_coordinator.get(address_of(batch), headers={"HX-Request": "true"})

    assert (response["HX-Refresh"], response.content) == ("true", b"")


def test_second_click_writes_nothing_twice(
    as_coordinator, coordinator, django_capture_on_commit_callbacks
):
    batch = rehearsed(sheet(NEW), by=coordinator)
    for _click in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            answer = as_coordinator.post(address_of(batch, "write"))

    assert User.objects.filter(staff_code="KB-9001").count() == 1
    assert levels_of(as_coordinator.get(answer.url)) == ["error"]


def test_list_shows_the_import_that_was_left(as_coordinator, coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)

    shown = html_of(as_coordinator.get(reverse("imports:index")))

    assert "danh-sach.csv" in shown
    assert batch.get_state_display() in shown


def test_import_of_another_district_is_a_404(coordinator, make_official):
    batch = rehearsed(sheet(NEW), by=coordinator)
    stranger = browse(make_official(Role.COORDINATOR, "353"))

    for name in ("inspect", "columns", "write", "undo", "again", "marked"):
        for ask in (stranger.get, stranger.post):
            assert ask(address_of(batch, name)).status_code in (404, 405), name


def test_colleague_of_the_area_may_look_and_not_go_on(coordinator, make_official):
    batch = rehearsed(sheet(NEW), by=coordinator)
    colleague = browse(make_official(Role.COORDINATOR, "350"))

    shown = colleague.get(address_of(batch))

    assert shown.status_code == 200
    assert address_of(batch, "write") not in html_of(shown)
    assert colleague.post(address_of(batch, "write")).status_code == 404


def test_rows_cost_the_same_queries_however_many(
    as_coordinator, coordinator, django_assert_num_queries
):
    names = ["KB-1", "KB-2", "KB-3"]
    one = rehearsed(sheet(NEW), by=coordinator)
    three = rehearsed(
        sheet(*[(code, f"Người {code}", "1980", "Nữ", "", "Quế", "CTV") for code in names]),
        by=coordinator,
    )
    as_coordinator.get(address_of(one))
    with django_assert_num_queries(15) as first:
        as_coordinator.get(address_of(one))
    with django_assert_num_queries(len(first)):
        as_coordinator.get(address_of(three))


def test_lost_message_is_made_up_for(coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state="rehearsing", state_since=timezone.now() - timedelta(minutes=2)
    )

    tasks.take_up()

    batch.refresh_from_db()
    assert batch.state == "rehearsed"
    assert rehearse(batch_id=batch.pk) is False
