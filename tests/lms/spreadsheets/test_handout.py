"""What a file says of itself, and the buttons that lead to it."""

import pytest
from django.urls import reverse

from lms.accounts.enums import Cadre
from tests.factories.files import content_of, head_of
from tests.reading import html_of


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_file_says_above_its_headings_what_it_holds(as_coordinator, coordinator, ending):
    asked = {"export": ending, "cadre": "collaborator", "q": "lan"}
    response = as_coordinator.get(reverse("wagtailusers_users:index"), asked)

    title, area, chosen, taken = head_of(content_of(response), ending)

    assert title == "Cán bộ, học viên"
    assert area.endswith("huyện Kim Bảng")
    assert str(Cadre.COLLABORATOR.label) in chosen
    assert chosen.endswith(": lan")
    assert coordinator.full_name in taken
    assert taken.endswith(" 0")


def test_list_shows_a_button_for_each_format(as_administrator):
    page = html_of(as_administrator.get(reverse("wagtailusers_users:index")))

    for ending in ("xlsx", "ods", "csv"):
        assert f"?export={ending}" in page
        assert f"Tải {ending.upper()}" in page
