"""The list of an edition in the five steps, and the edition in its own page afterwards."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.accounts.enums import Role
from lms.accounts.models import Posting
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.importing import tasks
from lms.importing.models import ImportBatch
from tests.factories.accounts import PostingFactory, browse
from tests.factories.boundaries import NEW, exported, listed, new_rows
from tests.factories.files import sheet_rows
from tests.factories.geography import unit
from tests.factories.importing import rehearsed
from tests.lms.importing.reading.test_encodings import as_tcvn3
from tests.lms.importing.views.conftest import address_of, columns_of
from tests.reading import html_of

pytestmark = pytest.mark.usefixtures("at_once")


def send(client, file, edition=""):
    data = {"kind": "boundaries", "file": file, "sender": "", "edition": edition}
    return client.post(reverse("imports:add"), data)


def name_columns(client, batch, **said):
    address = address_of(batch, "columns")
    chosen = columns_of(client.get(address, said))
    client.post(address, {**chosen, **said})


def test_edition_goes_in_by_the_five_steps_and_takes_effect_on_its_page(
    as_administrator, django_capture_on_commit_callbacks
):
    post = PostingFactory(unit=unit("13588"), valid_from=date(2014, 1, 1))
    send(as_administrator, listed(*new_rows()), edition=post.unit.edition_id)
    batch = ImportBatch.objects.get()
    assert batch.edition is None
    with django_capture_on_commit_callbacks(execute=True):
        name_columns(as_administrator, batch)
    with django_capture_on_commit_callbacks(execute=True):
        as_administrator.post(address_of(batch, "write"))
    assert "Đã ghi 6 dòng." in html_of(as_administrator.get(address_of(batch)))

    edition = BoundaryEdition.objects.get(code=NEW)
    assert NEW in html_of(as_administrator.get(reverse("editions:index")))
    told = as_administrator.get(reverse("editions:inspect", args=(edition.pk,))).context["told"]
    assert (told.posts, told.waiting) == (1, [])
    with django_capture_on_commit_callbacks(execute=True):
        as_administrator.post(reverse("editions:use", args=(edition.pk,)), {"on": "2020-01-01"})

    assert Posting.objects.get(user=post.user, valid_to=None).unit == unit("13591", NEW)
    edition.refresh_from_db()
    assert edition.in_use_from == date(2020, 1, 1)


def test_undo_tells_once_why_an_edition_in_use_stays(
    as_administrator, django_capture_on_commit_callbacks, administrator
):
    batch = rehearsed(listed(*new_rows()), by=administrator, kind="boundaries")
    with django_capture_on_commit_callbacks(execute=True):
        as_administrator.post(address_of(batch, "write"))
    PostingFactory(unit=unit("13384", NEW), valid_from=date(2020, 1, 1))
    with django_capture_on_commit_callbacks(execute=True):
        as_administrator.post(address_of(batch, "undo"))

    left = as_administrator.get(address_of(batch)).context["left"]

    assert [one["rows"] for one in left] == ["2–7"]
    assert "Chức danh" in left[0]["reasons"]


def test_list_with_an_error_offers_no_writing(as_administrator, administrator):
    rows = new_rows()
    rows[3]["whole"] = "13999"
    batch = rehearsed(listed(*rows), by=administrator, kind="boundaries")

    shown = as_administrator.get(address_of(batch))

    assert shown.context["blocked"]
    assert address_of(batch, "write") not in html_of(shown)
    as_administrator.post(address_of(batch, "write"))
    batch.refresh_from_db()
    assert batch.state == "rehearsed"


def test_names_in_old_letters_are_stored_converted(
    as_administrator, django_capture_on_commit_callbacks
):
    text = as_tcvn3(listed(*new_rows()).read().decode())
    send(as_administrator, SimpleUploadedFile("dia-gioi.csv", text.encode()))
    batch = ImportBatch.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        name_columns(as_administrator, batch, convert="1")
    with django_capture_on_commit_callbacks(execute=True):
        as_administrator.post(address_of(batch, "write"))

    stored = AdministrativeUnit.objects.filter(edition__code=NEW).values_list("name", flat=True)
    assert list(stored) == ["Hà Nam", "Kim Bảng", "Quế", "Nguyễn Úy", "Lý Nhân", "Đức Lý"]


STRANGERS = [
    (Role.ADMINISTRATOR, "350"),
    (Role.COORDINATOR, "35"),
    (Role.MONITOR, "35"),
    (Role.TRAINER, "35"),
    (Role.FOCAL_POINT, "13384"),
]


def test_list_is_for_administrators_of_the_province_alone(make_official):
    for stranger in STRANGERS:
        other = browse(make_official(*stranger))
        send(other, listed(*new_rows()))
        assert not ImportBatch.objects.exists(), stranger
        shown = other.get(reverse("imports:add"))
        if shown.status_code == 200:
            assert "boundaries" not in dict(shown.context["form"].fields["kind"].choices)


def test_steps_of_such_a_list_are_nobody_elses(make_official, administrator):
    batch = rehearsed(listed(*new_rows()), by=administrator, kind="boundaries")
    led_to = ("/quan-tri/", "/quan-tri/login/", reverse("home"))

    for stranger in STRANGERS:
        other = browse(make_official(*stranger))
        for step in ("columns", "write", "undo", "marked"):
            answer = other.get(address_of(batch, step))
            assert answer.status_code == 404 or answer["Location"] in led_to, (stranger, step)
            assert b"Nguy\xe1\xbb\x85n" not in answer.content


def test_files_of_places_say_all_that_a_list_needs(as_administrator, administrator):
    batch = rehearsed(listed(*new_rows()), by=administrator, kind="boundaries")
    as_administrator.post(address_of(batch, "write"))
    tasks.confirm(batch.pk)

    lines = sheet_rows(exported(as_administrator, NEW, "csv").read(), "csv")

    days = ["Hiệu lực từ ngày", "Hiệu lực đến ngày"]
    assert lines[0][:4] == ["Mã bản địa giới", *days, "Căn cứ pháp lý"]
    edition = ["2020-01-01", "2020-01-01", "", "Nghị quyết 829"]
    province = [*edition, "2", "3", "Tỉnh", "35", "tỉnh", "Hà Nam", "", "", ""]
    assert lines[1][:14] == [*province, "tỉnh Hà Nam"]
    commune = [*edition, "", "", "Xã, phường, thị trấn", "13591", "xã", "Đức Lý", "353"]
    assert lines[-1][:14] == [*commune, "13588; 13591", "", "xã Đức Lý, huyện Lý Nhân"]


def test_file_of_places_takes_the_same_queries_for_any_number(
    as_administrator, edition, django_assert_num_queries
):
    exported(as_administrator, edition.code, "csv")
    for code in ("13384", "350"):
        at = {"edition": edition.pk, "export": "csv", "q": "que" if code == "13384" else ""}
        # One of them for the area of the reader, which the head tells.
        with django_assert_num_queries(14):
            b"".join(as_administrator.get(reverse("units:index"), at).streaming_content)
