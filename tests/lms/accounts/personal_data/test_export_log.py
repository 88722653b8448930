"""The log of exports: one page for those who answer for the data of the province."""

import pytest
from django.urls import reverse

from lms.accounts.enums import Role
from tests.factories.accounts import browse, log_in, make_official
from tests.factories.files import content_of
from tests.reading import html_of
from tests.shared import shared

LOG = "exports:index"


@shared
def taker(edition):
    return make_official(Role.COORDINATOR, "350", full_name="Phạm Văn Huyện")


@shared
def two_lists(taker):
    client = browse(taker)
    for name, query in (("wagtailusers_users", {"q": "lan"}), ("units", {"level": "commune"})):
        content_of(client.get(reverse(f"{name}:index"), {**query, "export": "csv"}))


def listed(client, **query):
    return list(client.get(reverse(LOG), query).context["object_list"])


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MONITOR])
def test_province_sees_who_took_which_list(two_lists, taker, role):
    page = html_of(log_in(role, "35").get(reverse(LOG)))

    assert taker.full_name in page
    assert "Cán bộ, học viên" in page
    assert "tìm: lan" in page


def test_log_is_narrowed(two_lists):
    client = log_in(Role.ADMINISTRATOR, "35")
    for query, count in (
        ({"list": "danh-sach-can-bo"}, 1),
        ({"format": "csv"}, 2),
        ({"format": "ods"}, 0),
        ({"taken_on_to": "2099-01-01"}, 2),
        ({"taken_on_from": "2099-01-01"}, 0),
        ({"q": "pham van huyen"}, 2),
        ({"q": "le thi la"}, 0),
    ):
        assert len(listed(client, **query)) == count, query


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MONITOR])
def test_district_sees_no_entry(two_lists, role):
    client = log_in(role, "350")

    page = client.get(reverse(LOG))
    assert list(page.context["object_list"]) == []
    assert [key for key, _label in page.context["filters"].form.fields["list"].choices if key] == []
    assert reverse(LOG) not in html_of(client.get(reverse("wagtailadmin_home")))


def test_coordinator_has_no_such_page(two_lists, taker):
    assert browse(taker).get(reverse(LOG)).status_code == 302


def test_log_takes_the_same_queries_for_any_number(taker, django_assert_num_queries):
    client = log_in(Role.MONITOR, "35")
    # Once before: what the admin keeps is looked up.
    listed(client)
    for count in (1, 3):
        for _number in range(count):
            content_of(browse(taker).get(reverse("units:index"), {"export": "csv"}))
        with django_assert_num_queries(12):
            listed(client)
