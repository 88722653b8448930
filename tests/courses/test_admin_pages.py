"""The page tree in the Wagtail admin."""

import pytest
from django.urls import reverse

from courses.models import ModulePage
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client, edition):
    """Rights on pages come from the groups of an installed site; a superuser needs none."""
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def listed(client, page):
    return client.get(reverse("wagtailadmin_explore", args=[page.pk]))


def test_modules_and_lessons_are_listed_in_the_order_in_which_they_are_taught(author):
    course = make_course(modules=3, lessons=2)
    first, second, third = ModulePage.objects.child_of(course).order_by("path")
    # Whatever was written last does not come first, and what was moved stays where it is.
    first.save_revision().publish()
    third.move(second, pos="left")

    titles = [page.title for page in listed(author, course).context["pages"]]
    lessons = [page.title for page in listed(author, first).context["pages"]]

    assert titles == ["Chuyên đề 1", "Chuyên đề 3", "Chuyên đề 2"]
    assert lessons == ["Bài 1.1", "Bài 1.2"]


def test_module_leads_to_its_lessons_by_a_button_with_words(author, course, module):
    shown = listed(author, course).content.decode()

    assert "Xem bên trong" in shown
    assert f'aria-label="Xem bên trong “{module.title}”"' in shown
    assert f'href="{reverse("wagtailadmin_explore", args=[module.pk])}"' in shown


def test_lesson_has_nothing_below(author, module, lessons):
    shown = listed(author, module).content.decode()

    assert lessons[0].title in shown
    assert "Xem bên trong" not in shown
