"""A new page whose form is sent more than once: by itself while one types, and by the button."""

import re
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Comment

from courses.models import ModulePage
from tests.courses.page_forms import PUBLISH, add, posted
from tests.factories.accounts import UserFactory, browse
from tests.factories.courses import make_course
from tests.reading import html_of
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def author():
    return UserFactory(is_superuser=True, is_staff=True)


@shared
def course():
    return make_course()


@pytest.fixture
def key():
    return str(uuid4())


def new_ones(course):
    return ModulePage.objects.child_of(course).filter(title__startswith="Mới")


def written(course):
    """The title that was written last of the one new page."""
    return new_ones(course).get().get_latest_revision_as_object().title


@pytest.mark.parametrize("published", [PUBLISH, {}], ids=["published", "saved"])
def test_new_page_that_has_saved_itself_takes_what_was_typed_since(author, course, key, published):
    add(author, course, "Mớ", "application/json", creation_key=key)
    answer = add(author, course, "Mới", "text/html", creation_key=key, **published)

    page = ModulePage.objects.child_of(course).exclude(title="Chuyên đề 1").get()
    assert answer.status_code == 302
    assert page.get_latest_revision_as_object().title == "Mới"
    assert page.live is bool(published)


def test_new_page_whose_answer_was_lost_is_saved_once_more(author, course, key):
    first, again = (
        add(author, course, title, "application/json", creation_key=key).json()
        for title in ("Mới", "Mới hơn")
    )

    page = new_ones(course).get()
    assert (again["pk"], again["url"], again["hydrate_url"]) == (
        first["pk"],
        first["url"],
        first["hydrate_url"],
    )
    assert again["revision_id"] == page.get_latest_revision().pk
    assert page.get_latest_revision_as_object().title == "Mới hơn"


@pytest.mark.parametrize("before", [[], ["M"]], ids=["first", "second"])
@pytest.mark.parametrize("pressed", [PUBLISH, {}], ids=["published", "saved"])
def test_automatic_save_that_comes_late_changes_nothing(author, course, key, pressed, before):
    for title in before:
        add(author, course, title, "application/json", creation_key=key)
    add(author, course, "Mới", "text/html", creation_key=key, **pressed)
    late = add(author, course, "Mớ", "application/json", creation_key=key)

    page = ModulePage.objects.child_of(course).exclude(title="Chuyên đề 1").get()
    assert (late.status_code, late.json()["error_code"]) == (400, "invalid_revision")
    assert page.live is bool(pressed)
    assert page.get_latest_revision_as_object().title == "Mới"
    add(author, course, "Mới hơn", "text/html", creation_key=key, **pressed)
    assert written(course) == "Mới hơn"


def test_new_page_is_refused_what_it_may_not_be_and_keeps_its_key(author, course, key):
    wrong = add(author, course, "", "text/html", creation_key=key)
    assert wrong.context["form"]["creation_key"].value() == key

    add(author, course, "Mới", "application/json", creation_key=key)
    again = add(author, course, "", "application/json", creation_key=key)
    assert (again.status_code, again.json()["error_code"]) == (400, "validation_error")
    assert new_ones(course).count() == 1


def test_automatic_save_does_not_go_over_what_somebody_else_has_written(author, course, key):
    add(author, course, "Mới", "application/json", creation_key=key)
    page, other = new_ones(course).get(), UserFactory(is_superuser=True, is_staff=True)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    posted(other, url, "Mới của người khác", "application/json", slug=page.slug)
    late = add(author, course, "Mới nữa", "application/json", creation_key=key)

    assert (late.status_code, late.json()["error_code"]) == (400, "invalid_revision")
    assert written(course) == "Mới của người khác"
    add(author, course, "Mới nữa", "text/html", creation_key=key)
    assert written(course) == "Mới nữa"


def commented(*texts):
    """The comments on the title of a page as its form sends them, none saved before."""
    said = {"comments-TOTAL_FORMS": len(texts), "comments-INITIAL_FORMS": 0}
    for number, text in enumerate(texts):
        told = {"contentpath": "title", "text": text, "position": "", "id": ""}
        told |= {"replies-TOTAL_FORMS": 0, "replies-INITIAL_FORMS": 0}
        said |= {f"comments-{number}-{name}": value for name, value in told.items()}
    return said


def test_comments_on_a_new_page_are_made_once(author, course, key):
    add(author, course, "Mới", "application/json", creation_key=key, **commented("Một", "Một"))
    more = commented("Một", "Hai", "Một")
    again = add(author, course, "Mới", "application/json", creation_key=key, **more).json()

    comments = Comment.objects.filter(page=new_ones(course).get())
    ids = [again["field_updates"][f"comments-{number}-id"] for number in range(3)]
    assert again["field_updates"]["comments-INITIAL_FORMS"] == "3"
    assert [comments.get(pk=pk).text for pk in ids] == ["Một", "Hai", "Một"]
    gone = commented("Một", "Hai", "Một") | {"comments-0-DELETE": "on"}
    add(author, course, "Mới", "text/html", creation_key=key, **gone, **PUBLISH)
    assert sorted(comments.values_list("text", flat=True)) == ["Hai", "Một"]


def test_form_without_a_key_makes_a_page_each_time(author, course):
    for title, key in (("Mới", ""), ("Mới nữa", ""), ("Mới hơn", "x"), ("Mới nhất", "x")):
        add(author, course, title, "text/html", creation_key=key)

    assert new_ones(course).count() == 4


def test_key_of_somebody_elses_page_opens_nothing(author, course, key):
    add(author, course, "Mới", "text/html", creation_key=key)
    other = UserFactory(is_superuser=True, is_staff=True)
    add(other, course, "Mới của người khác", "text/html", creation_key=key)

    first, second = new_ones(course).order_by("path")
    assert (first.title, second.owner) == ("Mới", other)
    assert first.translation_key != second.translation_key


def test_next_step_is_offered_once_and_by_the_name_that_the_page_has_got(author, course, key):
    add(author, course, "Mớ", "application/json", creation_key=key)
    answer = add(author, course, "Mới", "text/html", creation_key=key, **PUBLISH)

    said = [str(one) for one in get_messages(answer.wsgi_request)]
    add_lesson = reverse(
        "wagtailadmin_pages:add", args=["courses", "lessonpage", new_ones(course).get().pk]
    )
    assert len([text for text in said if add_lesson in text]) == 1
    assert not any("“Mớ”" in text for text in said)


def test_page_with_something_in_it_offers_no_first_step(author, course):
    module = ModulePage.objects.child_of(course).get()
    url = reverse("wagtailadmin_pages:edit", args=[module.pk])
    answer = posted(author, url, "Mới", "text/html", **PUBLISH)

    add_lesson = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", module.pk])
    assert answer.status_code == 302
    assert not any(add_lesson in str(one) for one in get_messages(answer.wsgi_request))


def test_each_form_of_a_new_page_has_a_key_of_its_own(author, course):
    url = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", course.pk])
    hidden = re.compile(r'<input type="hidden" name="creation_key" value="([0-9a-f-]{36})"')

    keys = [hidden.findall(html_of(browse(author).get(url))) for _form in range(2)]
    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]


def test_page_that_was_moved_before_its_answer_came_is_the_same_page(author, course, key):
    add(author, course, "Mới", "application/json", creation_key=key)
    elsewhere = make_course("KH-2")
    page = new_ones(course).get()
    page.move(elsewhere, pos="last-child")

    answer = add(author, course, "Mới hơn", "text/html", creation_key=key, **PUBLISH)

    assert answer.status_code == 302
    assert not new_ones(course).exists()
    assert [one.title for one in new_ones(elsewhere)] == ["Mới hơn"]
