"""Vietnamese unless chosen otherwise, whatever the phone was set to by its maker."""

from datetime import date, datetime

import pytest
from django import forms
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, translation

from tests.reading import html_of

pytestmark = pytest.mark.django_db


def test_page_speaks_vietnamese_to_an_english_phone(client):
    response = client.get("/", headers={"Accept-Language": "en-US,en"})

    assert response["Content-Language"] == "vi"
    assert '<html lang="vi"' in html_of(response)


def test_page_speaks_english_to_those_who_chose_it_even_when_rendered_late(client):
    client.cookies["django_language"] = "en"

    response, late = client.get("/"), client.get(reverse("account_login"))

    assert response["Content-Language"] == "en"
    assert isinstance(late, TemplateResponse)
    for page in (response, late):
        assert '<html lang="en"' in html_of(page)
    assert "<h1>Log in</h1>" in html_of(late)
    assert translation.get_language() == "vi"


@pytest.mark.parametrize("cookie", ["fr", "", "../../etc", "vi-VN"])
def test_unknown_language_falls_back_to_vietnamese(client, cookie):
    client.cookies["django_language"] = cookie

    assert client.get("/")["Content-Language"] == "vi"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_days_are_written_day_first_in_both_languages(language):
    with translation.override(language):
        assert formats.date_format(date(2014, 3, 1)) == "01/03/2014"
        assert (
            formats.date_format(datetime(2014, 3, 1, 8, 5), "DATETIME_FORMAT")  # noqa: DTZ001
            == "08:05 01/03/2014"
        )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["01/03/2014", "1/3/2014", "2014-03-01", "01-03-2014", "1/3/14"])
def test_days_are_read_day_first_in_both_languages(language, typed):
    with translation.override(language):
        assert forms.DateField().clean(typed) == date(2014, 3, 1)


def test_figures_are_written_as_the_language_has_it():
    with translation.override("vi"):
        assert formats.number_format(1234567.5, 1, force_grouping=True) == "1.234.567,5"
    with translation.override("en"):
        assert formats.number_format(1234567.5, 1, force_grouping=True) == "1,234,567.5"
