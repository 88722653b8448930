"""The page that asks what spellings mean, as the person who imports meets it."""

import pytest

from lms.importing.models import RememberedSpelling
from tests.factories.importing import outcomes, rehearsed, sheet
from tests.lms.importing.views.conftest import address_of
from tests.reading import html_of

pytestmark = pytest.mark.usefixtures("at_once")

HEADER = ("Họ và tên", "Năm sinh", "Xã", "Chức danh")
ROWS = [("Lê Thị Mới", "1980", "Quế mới", "CTV"), ("Lê Thị Hai", "1980", "Quế", "Trưởng xóm")]


def by_kind(batch):
    return sorted(batch.spellings, key=lambda one: one["kind"], reverse=True)


def test_answers_on_the_page_take_the_rows_in(
    as_coordinator, coordinator, django_capture_on_commit_callbacks
):
    batch = rehearsed(sheet(*ROWS, header=HEADER), by=coordinator)
    assert address_of(batch, "spellings") in html_of(as_coordinator.get(address_of(batch)))
    page = as_coordinator.get(address_of(batch, "spellings"))
    form = page.context["form"]
    assert [field.help_text for field in form.fields.values()] == ["1 dòng", "1 dòng"]
    place, title = (f"spelling_{batch.spellings.index(one)}" for one in by_kind(batch))
    groups = dict(form.fields[place].choices)
    assert groups["Gần giống"] == [("13384", "thị trấn Quế, huyện Kim Bảng")]

    with django_capture_on_commit_callbacks(execute=True):
        answered = as_coordinator.post(
            address_of(batch, "spellings"), {place: "13384", title: "collaborator"}
        )

    assert answered["Location"] == address_of(batch)
    batch.refresh_from_db()
    assert outcomes(batch) == ["new", "new"]
    assert as_coordinator.get(address_of(batch, "spellings"))["Location"] == address_of(batch)


def test_what_is_left_open_stays_and_nothing_at_all_is_told(as_coordinator, coordinator):
    batch = rehearsed(sheet(*ROWS, header=HEADER), by=coordinator)

    shown = as_coordinator.post(address_of(batch, "spellings"), {"spelling_0": ""})

    assert (shown.status_code, len(shown.context["form"].non_field_errors())) == (200, 1)
    assert not RememberedSpelling.objects.exists()
