"""The register of people in the admin: who is listed, shown and exported to whom."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from tests.factories.accounts import PostingFactory, browse
from tests.factories.files import sheet_rows
from tests.factories.geography import unit
from tests.lms.accounts.register.views.conftest import url
from tests.reading import html_of, listed_names

on_sqlite_too = pytest.mark.sqlite("search: LIKE, case and order of letters")
INDEX = "wagtailusers_users:index"
TITLE = capfirst(User._meta.verbose_name_plural)


@on_sqlite_too
def test_list_stands_in_the_order_of_a_vietnamese_roster(as_coordinator):
    for name in ("Trần Văn Ân", "Lê Thị Bưởi", "Nguyễn Văn Anh", "Đỗ Thị Ánh"):
        PostingFactory(unit=unit("13384"), user__full_name=name)

    listed = listed_names(as_coordinator.get(reverse(INDEX)))

    in_order = ["Nguyễn Văn Anh", "Đỗ Thị Ánh", "Trần Văn Ân", "Lê Thị Bưởi", "Phạm Văn Huyện"]
    assert listed == in_order
    assert [one.full_name for one in User.objects.in_name_order()] == in_order


@on_sqlite_too
def test_search_finds_by_name_without_marks_and_by_phone(as_administrator, neighbour, stranger):
    for query in ("Trần Văn Nhà", "tran nha", "NHA", "0912 345", "0912345678", "+84912"):
        found = listed_names(as_administrator.get(reverse(INDEX), {"q": query}))
        assert found == ["Trần Văn Nhà"], query


def test_search_and_offered_districts_stay_inside_the_own(as_coordinator, stranger):
    response = as_coordinator.get(reverse(INDEX), {"q": "lạ"})

    assert listed_names(response) == []
    page = html_of(response)
    assert "Lê Thị Lạ" not in page
    assert "huyện Kim Bảng" in page
    assert "huyện Lý Nhân" not in page


@on_sqlite_too
def test_filter_by_district_and_cadre_counts_posts_held_today_only(
    as_administrator, neighbour, stranger
):
    PostingFactory(unit=unit("353"), cadre=Cadre.DISTRICT_OFFICER, user__full_name="Cao Văn Huyện")
    PostingFactory(unit=unit("13591"), valid_to=date(2014, 2, 1), user__full_name="Lý Văn Cũ")

    by_district = as_administrator.get(reverse(INDEX), {"district": unit("353").pk})
    by_cadre = as_administrator.get(reverse(INDEX), {"cadre": "district_officer"})

    assert listed_names(by_district) == ["Cao Văn Huyện", "Lê Thị Lạ"]
    assert listed_names(by_cadre) == ["Cao Văn Huyện"]


def test_list_and_export_take_the_same_queries_for_any_number(
    as_coordinator, django_assert_num_queries
):
    for more in (1, 2):
        PostingFactory.create_batch(more, unit=unit("13384"))
        as_coordinator.get(reverse(INDEX))
        with django_assert_num_queries(14):
            as_coordinator.get(reverse(INDEX))
        # One of them for the area of the reader, which the head tells; three for the columns of
        # the list that comes in.
        with django_assert_num_queries(16):
            take(as_coordinator, export="xlsx")


def test_post_elsewhere_is_told_to_the_province_alone(as_coordinator, as_administrator, neighbour):
    Posting.objects.filter(user=neighbour).update(valid_to=date(2014, 2, 1))
    PostingFactory(user=neighbour, unit=unit("13591"), valid_from=date(2014, 2, 2))

    listed = html_of(as_coordinator.get(reverse(INDEX)))
    inspected = html_of(as_coordinator.get(url("inspect", neighbour)))
    page = html_of(as_administrator.get(url("inspect", neighbour)))

    assert "Trần Văn Nhà" in listed
    assert "thị trấn Quế" in inspected
    assert "Đức Lý" not in listed + inspected
    for posting in neighbour.postings.select_related("unit"):
        assert str(posting) in page
    for told in ("01/01/2014", "01/02/2014", "02/02/2014", "0912 345 678"):
        assert told in page


def test_inspect_speaks_to_people_and_no_page_shows_a_password(as_administrator, neighbour):
    neighbour.set_password("bi-mat-lam")
    neighbour.year_of_birth = 1991
    neighbour.save()

    page, *others = (
        html_of(as_administrator.get(address))
        for address in (url("inspect", neighbour), reverse(INDEX), url("edit", neighbour))
    )

    shown = [text.strip() for text in re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)]
    assert "1991" in shown
    assert _("Yes") in shown
    assert not {"None", "True", ""} & set(shown)
    assert not any(neighbour.password in text for text in (page, *others))


def test_export_holds_the_own_district_and_is_logged(coordinator, neighbour, stranger):
    response = browse(coordinator).get(reverse(INDEX), {"export": "csv"})

    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert "Trần Văn Nhà,HN" in text
    assert "0912 345 678" in text
    assert "Lê Thị Lạ" not in text
    entry = ModelLogEntry.objects.get(action="core.export")
    data = {"list": "danh-sach-can-bo", "title": TITLE, "format": "csv", "filters": {}, "rows": 2}
    assert (entry.user, entry.data) == (coordinator, data)


@on_sqlite_too
@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_export_holds_what_the_filters_show_in_their_order(
    as_administrator, neighbour, stranger, ending
):
    asked = {"q": "văn", "district": unit("350").pk, "ordering": "-full_name", "p": 1}
    other = PostingFactory(unit=unit("13384"), user__full_name="Phạm Văn An").user

    shown = listed_names(as_administrator.get(reverse(INDEX), asked))
    response = as_administrator.get(reverse(INDEX), {**asked, "export": ending})

    rows = sheet_rows(b"".join(response.streaming_content), ending)
    assert [row[0] for row in rows[1:]] == shown == [neighbour.full_name, other.full_name]
    entry = ModelLogEntry.objects.get(action="core.export")
    assert entry.data == {
        "list": "danh-sach-can-bo",
        "title": TITLE,
        "format": ending,
        "filters": {"q": "văn", "district": str(unit("350").pk)},
        "chosen": entry.data["chosen"],
        "rows": 2,
    }
    # In words, as the head of the file tells it.
    assert {*entry.data["chosen"].values()} == {"huyện Kim Bảng", "văn"}


def take(client, **query):
    """Read to the end: only then does the test's client let go of the answer."""
    return b"".join(client.get(reverse(INDEX), query).streaming_content)


def test_exports_are_told_in_the_history_of_the_exporter_as_people_call_them(
    as_administrator, as_coordinator, coordinator
):
    take(as_coordinator, export="xlsx")
    take(as_coordinator, export="ods", q="huyện")

    page = html_of(as_administrator.get(url("history", coordinator)))

    for entry in ModelLogEntry.objects.filter(action="core.export"):
        assert entry.data["rows"] == 1
        assert escape(str(entry.message)) in page
        assert entry.data["title"] in str(entry.message)
    assert "danh-sach-can-bo" not in page
    assert re.search(r"ODS, 1 [^)]*huyện\)", page)


def test_history_tells_what_happened_in_vietnamese(administrator, neighbour):
    browse(administrator).post(url("code", neighbour))

    page = html_of(browse(administrator).get(url("history", neighbour)))

    for entry in ModelLogEntry.objects.for_instance(neighbour):
        assert str(entry.message) in page
