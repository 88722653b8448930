"""Old addresses, the search, and the way from a page to its form."""

import pytest
from django.urls import reverse
from wagtail.search.backends import get_search_backend

from courses.models import CourseIndexPage, LessonPage
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from lms.core.models import change_site_details
from tests.factories.accounts import browse, log_in, make_official
from tests.reading import html_of


def test_old_address_of_a_lesson_leads_to_the_new_one(
    client, lessons, django_capture_on_commit_callbacks
):
    lesson = LessonPage.objects.get(pk=lessons[0].pk)
    old = lesson.get_url()
    lesson.slug = "ten-moi"
    with django_capture_on_commit_callbacks(execute=True):
        lesson.save_revision().publish()

    answer = client.get(old)

    assert client.get("/khoa-hoc/p2/m01/khong-co/").status_code == 404

    assert (answer.status_code, answer["Location"]) == (
        301,
        LessonPage.objects.get(pk=lesson.pk).url,
    )


@pytest.mark.sqlite("each database has its own search")
def test_search_finds_the_text_of_a_lesson_with_and_without_marks(lessons):
    lesson = LessonPage.objects.get(pk=lessons[1].pk)
    lesson.body = [("text", "<p>Trẻ bị <b>xao nhãng</b> nhiều ngày.</p>")]
    lesson.save()

    for typed in ("xao nhãng", "xao nhang", "Xao Nhãng"):
        found = get_search_backend().search(typed, LessonPage.objects.all())
        assert [page.pk for page in found] == [lesson.pk], typed


@pytest.mark.parametrize(
    ("role", "area", "offered"),
    [(Role.TRAINER, "350", True), (Role.ADMINISTRATOR, "35", True), (Role.MONITOR, "35", False)],
)
def test_pages_lead_whoever_may_to_their_form(course, module, lessons, role, area, offered):
    ensure_role_groups(course_root=CourseIndexPage.objects.get())
    client = log_in(role, area)

    for page in (course, module, lessons[0]):
        shown = html_of(client.get(page.url))
        assert (reverse("wagtailadmin_pages:edit", args=[page.pk]) in shown) is offered


def test_trainee_sees_no_way_to_the_form(enrolment, lessons):
    shown = html_of(browse(enrolment.user).get(lessons[0].url))

    assert "/edit/" not in shown


def test_new_template_starts_with_the_issuer_of_the_site(lessons):
    change_site_details(issuer="SỞ MẪU")
    client = browse(make_official(Role.ADMINISTRATOR, "35"))

    assert "SỞ MẪU" in html_of(client.get(reverse("certificate_templates:add")))


@pytest.mark.parametrize(
    ("role", "area", "status"), [(Role.ADMINISTRATOR, "35", 200), (Role.ADMINISTRATOR, "350", 302)]
)
def test_redirects_are_kept_by_administrators_of_the_province(edition, role, area, status):
    client = log_in(role, area)

    for name in ("index", "add"):
        assert client.get(reverse(f"wagtailredirects:{name}")).status_code == status
