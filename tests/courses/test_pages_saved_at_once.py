"""A page that is saved by its open form, by itself, at the moment in which somebody publishes it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import reverse
from wagtail.admin.views.pages.edit import EditView
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import ModulePage
from tests.at_once import ON_REAL_CONNECTIONS, alone, waits_for_us
from tests.factories.accounts import UserFactory, browse
from tests.factories.courses import make_course
from tests.factories.rows import set_fields

pytestmark = ON_REAL_CONNECTIONS


@pytest.fixture
def author():
    return UserFactory(is_superuser=True, is_staff=True)


@pytest.fixture
def draft():
    page = ModulePage.objects.child_of(make_course()).get()
    set_fields(page, live=False, has_unpublished_changes=True)
    page.save_revision()
    return page


def sent(author, page, title, accept, **button):
    """What comes of the form of the page, sent with this title."""
    values = {"title": title, "slug": page.slug, "code": "M01", "as_of": "2014", "summary": ""}
    values |= {"outcomes": "", "cover": streamfield([])} | button
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return browse(author).post(url, nested_form_data(values), headers={"accept": accept})


def test_page_that_is_published_beside_an_automatic_save_stays_so(author, draft, monkeypatch):
    save, others = EditView.save_action, []

    def save_beside_others(view):
        others.append(pool.submit(alone, publish))
        while not waits_for_us():
            if others[0].done():
                break
        return save(view)

    def publish():
        return sent(author, draft, "Chuyên đề mới", "text/html", **{"action-publish": "1"})

    monkeypatch.setattr(EditView, "save_action", save_beside_others)
    with ThreadPoolExecutor(1) as pool:
        saved = sent(author, draft, "Chuyên đề", "application/json")
        published = others[0].result(timeout=20)

    draft.refresh_from_db()
    assert (saved.status_code, published.status_code) == (200, 302)
    assert (draft.live, draft.title) == (True, "Chuyên đề mới")
    assert not draft.has_unpublished_changes


def test_what_is_sent_for_a_page_that_there_is_not_is_no_error(author):
    url = reverse("wagtailadmin_pages:edit", args=[999_999])

    assert browse(author).post(url, {}).status_code == 404
