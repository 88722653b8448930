"""Pages that are saved by their open form, by itself, at the moment in which somebody publishes them."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.urls import reverse
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView

from courses.models import ModulePage
from tests.at_once import ON_REAL_CONNECTIONS, alone, waits_for_us
from tests.courses.page_forms import PUBLISH, add, posted
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


@pytest.fixture
def beside_its_save(monkeypatch):
    """`beside_its_save(view, save, publish)`: the answers of both; `publish` begins while the view saves."""

    def meet(view, save, publish):
        save_action, others = view.save_action, []

        def save_beside_others(one):
            others.append(pool.submit(alone, publish))
            while not waits_for_us():
                if others[0].done():
                    break
            return save_action(one)

        monkeypatch.setattr(view, "save_action", save_beside_others)
        with ThreadPoolExecutor(1) as pool:
            return save(), others[0].result(timeout=20)

    return meet


def sent(author, page, title, accept, **button):
    """What comes of the form of the page, sent with this title."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return posted(author, url, title, accept, slug=page.slug, **button)


def test_page_that_is_published_beside_an_automatic_save_stays_so(author, draft, beside_its_save):
    saved, published = beside_its_save(
        EditView,
        lambda: sent(author, draft, "Chuyên đề", "application/json"),
        lambda: sent(author, draft, "Chuyên đề mới", "text/html", **PUBLISH),
    )

    draft.refresh_from_db()
    assert (saved.status_code, published.status_code) == (200, 302)
    assert (draft.live, draft.title) == (True, "Chuyên đề mới")
    assert not draft.has_unpublished_changes


def test_what_is_sent_for_a_page_that_there_is_not_is_no_error(author):
    url = reverse("wagtailadmin_pages:edit", args=[999_999])

    assert browse(author).post(url, {}).status_code == 404


def test_new_page_that_is_published_while_its_form_saves_itself_is_one_page(
    author, beside_its_save
):
    course, key = make_course(), str(uuid4())
    saved, published = beside_its_save(
        CreateView,
        lambda: add(author, course, "Mới", "application/json", creation_key=key),
        lambda: add(author, course, "Mới", "text/html", creation_key=key, **PUBLISH),
    )

    assert (saved.status_code, published.status_code) == (200, 302)
    assert [page.live for page in ModulePage.objects.filter(title="Mới")] == [True]
