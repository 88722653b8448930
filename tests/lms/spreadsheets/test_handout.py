"""Every list of the admin gives out what it shows, in three formats, and each one is logged."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.scoped_admin.viewsets import registered_scoped_viewsets
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.files import content_of, head_of, sheet_rows

pytestmark = pytest.mark.django_db


def addresses():
    for viewset in registered_scoped_viewsets():
        yield reverse(viewset.get_url_name("index"))


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_every_list_can_be_taken_out_and_is_logged(as_administrator, ending):
    taken = 0
    for address in addresses():
        response = as_administrator.get(address, {"export": ending})
        if response.status_code == 302:
            continue
        heading, *_rows = sheet_rows(b"".join(response.streaming_content), ending)
        assert all(heading), address
        taken += 1

    assert taken > 10
    assert ModelLogEntry.objects.filter(action=EXPORT_ACTION).count() == taken


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_file_says_above_its_headings_what_it_holds(as_coordinator, coordinator, ending):
    asked = {"export": ending, "cadre": "collaborator", "q": "lan"}
    response = as_coordinator.get(reverse("wagtailusers_users:index"), asked)

    title, area, chosen, taken = head_of(content_of(response), ending)

    assert title == "Cán bộ, học viên"
    assert area.endswith("huyện Kim Bảng")
    assert chosen.endswith("Nhóm đối tượng: Cộng tác viên thôn/xóm; tìm: lan")
    assert coordinator.full_name in taken
    assert taken.endswith(" 0")


def test_list_shows_a_button_for_each_format(as_administrator):
    page = as_administrator.get(reverse("wagtailusers_users:index")).content.decode()

    for ending in ("xlsx", "ods", "csv"):
        assert f"?export={ending}" in page
        assert f"Tải {ending.upper()}" in page


def test_choices_are_given_out_in_words_as_on_the_screen(as_administrator, administrator):
    response = as_administrator.get(reverse("roles:index"), {"export": "csv"})

    rows = sheet_rows(b"".join(response.streaming_content), "csv")
    assert rows[1] == ["Vũ Thị Quản", administrator.staff_code, "Quản trị", "tỉnh Hà Nam"]


def test_list_without_columns_of_its_own_gives_out_those_of_the_screen(as_administrator):
    page = as_administrator.get(reverse("reminders:index")).context
    response = as_administrator.get(reverse("reminders:index"), {"export": "csv"})

    (heading,) = sheet_rows(b"".join(response.streaming_content), "csv")
    shown = [str(column.label) for column in page["table"].columns.values() if column.label]
    assert heading == shown
