"""English has no catalogue of ours: readers of English are given the ids, never Vietnamese."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from wagtail.users.models import UserProfile

from lms.catalogues.extraction import ids_of, read_catalogue
from lms.catalogues.messages import LOCALE, ROOTS, SUPPLEMENT, Root
from tests.factories.accounts import UserFactory
from tests.reading import html_of

CATALOGUES = [Root(name).catalogue_path() for name in (*ROOTS, SUPPLEMENT)]


def spoken(context: str | None, ids: list[str], number: int) -> str:
    if context:
        return npgettext(context, *ids, number) if ids[1:] else pgettext(context, *ids)
    return ngettext(*ids, number) if ids[1:] else gettext(*ids)


def test_every_id_is_its_own_english_in_the_singular_and_the_plural():
    messages = [
        (message.context, ids_of(message))
        for path in CATALOGUES
        for message in read_catalogue(path, LOCALE)
        if message.id
    ]
    assert sum(len(ids) > 1 for _context, ids in messages) > 100

    with translation.override("en"):
        changed = [
            (ids, number)
            for context, ids in messages
            for number, expected in ((1, ids[0]), (0, ids[-1]), (2, ids[-1]), (21, ids[-1]))
            if spoken(context, ids, number) != expected
        ]

    assert changed == []


def test_words_of_django_and_of_wagtail_are_english_for_readers_of_english():
    with translation.override("en"):
        assert gettext("This field is required.") == "This field is required."
        assert gettext("Unpublish") == "Unpublish"
        assert ngettext("%(num)d day", "%(num)d days", 1) == "%(num)d day"
        assert ngettext("%(num)d day", "%(num)d days", 2) == "%(num)d days"


@pytest.fixture
def reader(db: None) -> Client:
    """Somebody who may see all and reads the admin in English."""
    client = Client()
    user = UserFactory(is_superuser=True, is_staff=True)
    UserProfile.objects.create(user=user, preferred_language="en")
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("query", "counted"), [("Quế", "There is 1 match"), ("Lý Nhân", "There are 3 matches")]
)
def test_page_of_the_admin_counts_in_english(reader, edition, query, counted):
    page = html_of(reader.get(reverse("units:index"), {"q": query}))

    assert counted in page
    assert "Unit code" in page


@pytest.mark.django_db
def test_scripts_of_the_admin_are_given_no_words_in_english(reader):
    script = html_of(reader.get(reverse("wagtailadmin_javascript_catalog")))

    assert "newcatalog" not in script
    assert "return (count == 1) ? 0 : 1" in script
