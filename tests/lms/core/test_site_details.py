"""What administrators of the province set for the site, and where it is read."""

import pytest
from django.urls import reverse

from lms.accounts.signin.adapter import SuiteMFAAdapter
from lms.accounts.signin.channels import code_letter
from lms.core.models import change_site_details, site_details, suite_name
from lms.core.text import unmarked
from lms.messaging.sms import count_parts
from tests.factories.courses import make_course
from tests.reading import html_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

NAME = "Tập huấn bảo vệ trẻ em Hà Giang"


@shared
def site(edition):
    make_course()


def test_site_has_a_general_name_until_it_is_given_one_which_costs_one_query_a_minute(
    site, django_assert_num_queries
):
    assert suite_name() not in ("", NAME)
    change_site_details(name=NAME)
    with django_assert_num_queries(1):
        assert suite_name() == NAME
    with django_assert_num_queries(0):
        site_details()


def test_pages_tell_name_unit_contact_and_programme(site, client):
    change_site_details(
        name=NAME, unit="Sở mẫu", contact="0219 000 000", programme_line="Tỉnh Hà Giang · Dự án 2"
    )

    page = html_of(client.get(reverse("home")))

    for said in (NAME, "Sở mẫu", "0219 000 000", "Tỉnh Hà Giang · Dự án 2"):
        assert said in page


def test_messages_and_log_in_apps_tell_the_name_and_a_code_fits_one_whatever_it_is(site):
    def letter():
        return code_letter(to="+84912345678", code="123456", language="vi")

    change_site_details(name=NAME)
    assert "Tap huan bao ve tre em Ha Giang" in letter().short
    assert letter().short.isascii()
    assert NAME in letter().subject
    assert SuiteMFAAdapter().get_totp_issuer() == "Tap huan bao ve tre em Ha Giang"
    change_site_details(name="Tên rất dài " * 10)
    assert count_parts(letter().short) == 1


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đường dây nóng", "Duong day nong"),
        ("ĐẠI – 1", "DAI - 1"),
        ("08:00–11:30, lớp Tổ 1… · “Báo tin”", "08:00-11:30, lop To 1... - Bao tin"),
        ("", ""),
    ],
)
def test_unmarked(text, plain):
    assert unmarked(text) == plain
