"""The official list in the admin: to look at."""

import pytest
from django.urls import NoReverseMatch, reverse

from lms.accounts.enums import Role
from lms.geography.enums import Level
from tests.factories.accounts import log_in
from tests.factories.files import content_of, sheet_rows

pytestmark = pytest.mark.django_db


def names(response):
    return [one.display_name for one in response.context["object_list"]]


def test_list_shows_the_tree_from_the_top_and_is_filtered_by_level(as_monitor):
    whole = names(as_monitor.get(reverse("units:index")))
    districts = as_monitor.get(reverse("units:index"), {"level": Level.DISTRICT})

    assert whole[:3] == ["tỉnh Hà Nam", "huyện Kim Bảng", "thị trấn Quế, huyện Kim Bảng"]
    assert len(whole) == 7
    assert names(districts) == ["huyện Kim Bảng", "huyện Lý Nhân"]


def test_search_needs_no_marks(as_monitor):
    for query in ("duc ly", "Đức Lý", "LY NHAN DUC"):
        response = as_monitor.get(reverse("units:index"), {"q": query})
        assert names(response) == ["xã Đức Lý, huyện Lý Nhân"], query


@pytest.mark.parametrize("code", ["13384", "350"])
def test_list_takes_the_same_queries_for_any_number(edition, django_assert_num_queries, code):
    client = log_in(Role.COORDINATOR, code)
    client.get(reverse("units:index"))

    with django_assert_num_queries(12):
        client.get(reverse("units:index"))


@pytest.mark.parametrize("view", ["add", "edit", "delete", "history"])
def test_nobody_edits_the_official_list(view):
    with pytest.raises(NoReverseMatch):
        reverse(f"units:{view}", args=[] if view == "add" else [1])


def test_export_holds_edition_and_code(edition):
    response = log_in(Role.COORDINATOR, "13384").get(reverse("units:index"), {"export": "csv"})

    _heading, row = sheet_rows(content_of(response), "csv")
    assert row[:14] == [
        *("2013-07-24", "2013-07-24", "", "Nghị quyết 89/NQ-CP ngày 23/07/2013", "", ""),
        *("Xã, phường, thị trấn", "13384", "thị trấn", "Quế", "350", "", ""),
        "thị trấn Quế, huyện Kim Bảng",
    ]
