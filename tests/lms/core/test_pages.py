"""The front door and the way to one's own first page."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from lms.core import navigation as navigation_module
from lms.core.navigation import NavigationItem
from lms.core.registry import Registry
from lms.core.views import pages
from tests.factories.accounts import UserFactory, browse
from tests.reading import html_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bar(monkeypatch):
    """A bar of its own, so that the apps' entries do not matter."""
    registry = Registry("navigation")
    monkeypatch.setattr(pages, "navigation", registry)
    monkeypatch.setattr("lms.core.context_processors.navigation", registry)
    assert navigation_module.navigation is not registry
    return registry


def item(key, order, visible=True, url_name="styleguide"):
    return NavigationItem(key, key.title(), url_name, "home", order, lambda _user: visible)


def test_front_page_and_accessibility_statement_open_to_everybody_and_tell_a_contact(
    client, settings
):
    places = ("/", reverse("accessibility"))
    front, statement = (client.get(place) for place in places)
    assert (front.status_code, statement.status_code) == (200, 200)
    assert reverse("account_login") in html_of(front)
    assert f'href="{places[1]}"' in html_of(front)
    assert not [page for page in (front, statement) if "0226 000 000" in html_of(page)]
    settings.SUITE_CONTACT = "0226 000 000"
    assert all("0226 000 000" in html_of(client.get(place)) for place in places)


def test_start_leads_to_the_first_entry_of_the_own_bar_or_home(bar):
    client = browse(UserFactory())
    assert client.get(reverse("start"))["Location"] == reverse("home")

    bar.register(item("later", 20, url_name="home"))
    bar.register(item("hidden", 1, visible=False, url_name="home"))
    bar.register(item("first", 10))
    assert client.get(reverse("start"))["Location"] == reverse("styleguide")


def test_bar_shows_the_visible_entries_in_order_and_strangers_none(client, bar):
    bar.register(item("beta", 20))
    bar.register(item("alpha", 10))
    bar.register(item("gamma", 5, visible=False))
    assert list(client.get("/").context["suite"]["navigation"]) == []

    suite = browse(UserFactory()).get("/").context["suite"]

    assert [entry["key"] for entry in suite["navigation"]] == ["alpha", "beta"]
    assert [entry["active"] for entry in suite["navigation"]] == [False, False]


@pytest.mark.parametrize(("is_staff", "status"), [(True, 200), (False, 403)])
def test_style_guide_is_for_staff(is_staff, status):
    assert browse(UserFactory(is_staff=is_staff)).get(reverse("styleguide")).status_code == status


def test_error_page_leads_a_stranger_to_the_front_page_and_a_person_to_the_own_one(client):
    button = '<a class="button button--secondary" href="{}"'
    assert button.format("/") in html_of(client.get("/khong-co/"))

    client = browse(UserFactory())
    assert button.format(reverse("start")) in html_of(client.get("/khong-co/"))


def test_form_that_was_open_too_long_can_be_loaded_again():
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("account_login"), {"login": "GV001"})

    assert response.status_code == 403
    assert '<a class="button" href="">' in html_of(response)


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "404.html", "413.html", "429.html", "500.html"]
)
def test_error_page_needs_nothing_from_the_request(name):
    page = render_to_string(name)

    assert page.count("<h1>") == 1
    assert 'href="/"' in page
