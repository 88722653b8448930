"""The page tree in the Wagtail admin."""

import unicodedata

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import CourseIndexPage, CoursePage, ModulePage
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.accounts import UserFactory, browse, log_in
from tests.factories.courses import make_course
from tests.factories.rows import set_fields
from tests.reading import html_of

TITLE, SLUG = "Đường dây nóng 111: đừng im lặng", "duong-day-nong-111-dung-im-lang"


@pytest.fixture
def author(edition):
    """Rights on pages come from the groups of an installed site; a superuser needs none."""
    return browse(UserFactory(is_superuser=True, is_staff=True))


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


def test_module_leads_to_its_lessons_and_a_lesson_to_a_question_about_it(
    author, course, module, lessons
):
    modules, shown = (html_of(listed(author, page)) for page in (course, module))

    def explores(page):
        return f'href="{reverse("wagtailadmin_explore", args=[page.pk])}"'

    assert f"“{module.title}”" in modules
    assert explores(module) in modules
    assert lessons[0].title in shown
    assert explores(lessons[0]) not in shown
    assert f"{reverse('questions:add')}?lesson={lessons[0].pk}" in shown


@pytest.mark.parametrize(
    "address",
    [
        "wagtailadmin_explore",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_pages:move",
        "wagtailadmin_pages:usage",
    ],
)
def test_pages_of_wagtail_show_the_title_in_the_language_of_the_interface(
    author, course, module, address
):
    set_fields(module, title_en="Module one")
    author.cookies["django_language"] = "en"
    row = module if address.startswith("wagtailadmin_pages:") else course

    shown = author.get(reverse(address, args=[row.pk]))

    assert "Module one" in html_of(shown)


# --- The address of a page


def typed(title, **fields):
    values = {"title": title, "slug": "", "code": "M09", "as_of": "2014", "summary": ""}
    values |= {"outcomes": "", "cover": streamfield([]), "action-publish": "1"}
    return nested_form_data(values | fields)


def added(author, course, *titles, **fields):
    """The addresses of modules made in the form without its script."""
    url = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", course.pk])
    for title in titles:
        author.post(url, typed(title, **fields))
    pages = ModulePage.objects.child_of(course).filter(title__in=titles, live=True)
    return list(pages.order_by("path").values_list("slug", flat=True))


def test_address_is_made_of_the_title_without_a_script(author, course):
    assert added(author, course, TITLE) == [SLUG]
    assert added(author, course, "???", "!!!") == ["trang", "trang-2"]


def test_address_is_made_of_the_title_from_code(course):
    titles = (TITLE, "???", unicodedata.normalize("NFD", "???"))
    pages = [ModulePage(title=title, code="M9", as_of="2014") for title in titles]

    assert [course.add_child(instance=page).slug for page in pages] == [SLUG, "trang", "trang-2"]
    decomposed = ModulePage(title=unicodedata.normalize("NFD", TITLE), code="M9", as_of="2014")
    assert course.add_child(instance=decomposed).slug == f"{SLUG}-2"


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.TRAINER, True), (Role.ADMINISTRATOR, True), (Role.REVIEWER, False)]
)
def test_empty_course_offers_its_first_module_in_words(course, role, offered):
    ensure_role_groups(course_root=CourseIndexPage.objects.get())
    empty = course.get_parent().add_child(
        instance=CoursePage(title="Khoá mới", slug="moi", code="moi", as_of="2014")
    )
    add = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", empty.pk])

    above = html_of(listed(log_in(role, "35"), empty.get_parent()))

    assert (f'href="{add}"' in above) is offered


def test_explorer_says_what_is_added_below_a_page(author, course, module):
    labels = {
        listed(author, page).context["header_action_label"]
        for page in (course.get_parent(), course, module)
    }

    assert len(labels) == 3


def test_status_of_a_page_says_who_can_read_it(author, course, lessons):
    def status(page):
        return html_of(author.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))

    of_lesson, of_course = status(lessons[0]), status(course)

    for shown in (of_lesson, of_course):
        assert _("Visible to all") not in shown
    assert _("Visible to those enrolled") in of_lesson
    assert _("Visible to all who log in") in of_course


def test_empty_course_offers_its_first_module_on_its_own_page(author, course):
    empty = course.get_parent().add_child(
        instance=CoursePage(title="Khoá mới", slug="moi", code="moi", as_of="2014")
    )
    add = f'href="{reverse("wagtailadmin_pages:add_subpage", args=[empty.pk])}"'
    button = f'class="button" {add}'

    assert button in html_of(listed(author, empty))
    assert button not in html_of(listed(author, course))


def test_copy_of_a_course_has_a_code_of_its_own(author, course):
    url = reverse("wagtailadmin_pages:copy", args=[course.pk])
    parent = {"new_title": "Bản sao", "new_parent_page": course.get_parent().pk, "alias": "on"}
    for slug in ("ban-sao", "P2-moi"):
        author.post(url, parent | {"new_slug": slug, "copy_subpages": "on"})
    course.copy(update_attrs={"slug": "p2-MOI-x"})

    codes = CoursePage.objects.exclude(pk=course.pk).order_by("path")
    assert list(codes.values_list("code", flat=True)) == ["ban-sao", "P2-moi", "p2-MOI-x"]
    assert not CoursePage.objects.exclude(alias_of=None).exists()


def test_drafts_without_a_code_do_not_collide(course):
    CoursePage.objects.filter(pk=course.pk).update(code="NHAP-1")
    index = course.get_parent()
    drafts = [
        index.add_child(instance=CoursePage(title=title, slug=slug, as_of="2014", live=False))
        for title, slug in (("Nháp", "nhap-1"), ("Nháp", "nhap-2"))
    ]

    assert [draft.code for draft in drafts] == ["nhap-1-2", "nhap-2"]
