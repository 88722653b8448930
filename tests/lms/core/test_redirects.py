"""Addresses that pages had before."""

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

pytestmark = pytest.mark.django_db


def lead(old_path, **fields):
    Redirect.add_redirect(old_path, redirect_to="/tro-giup/", **fields)


@pytest.mark.parametrize(
    ("old_path", "asked"),
    [
        ("/khoa-cu", "/khoa-cu/"),
        ("/khoa-cu", "/khoa-cu/?trang=2"),
        ("/khoa-cu/?trang=2", "/khoa-cu/?trang=2"),
        ("/khóa-cũ", "/kh%C3%B3a-c%C5%A9/"),
        ("/khóa-cũ", "/kh%C3%B3a-c%C5%A9/?trang=2"),
    ],
)
def test_old_address_leads_to_the_new_one_however_it_is_written(edition, old_path, asked):
    lead(old_path)

    assert Client().get(asked)["Location"] == "/tro-giup/"


@pytest.mark.parametrize("asked", ["/khac/", "/khac/%00/", "/khoa-cu/%FF/"])
def test_other_address_is_not_found(edition, asked):
    lead("/khoa-cu")

    assert Client().get(asked).status_code == 404


def test_redirect_of_another_site_leads_nowhere(edition):
    other = Site.objects.create(hostname="khac.example", root_page=Site.objects.get().root_page)
    lead("/khoa-cu", site=other)

    assert Client().get("/khoa-cu/").status_code == 404
    assert Client().get("/khoa-cu/", headers={"host": "khac.example"}).status_code == 301
