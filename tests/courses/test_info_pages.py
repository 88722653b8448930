"""Front page, about, help, questions and answers: pages that an editor can change."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.enums import InfoPlace, RunStatus
from courses.models import CourseIndexPage, CoursePage, InfoPage
from courses.models.info import INFO_LINKS
from fixtures.demo.info import PAGES, make_info_pages
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.accounts import UserFactory, browse, log_in, make_official
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

HELP = "/tro-giup/"


@shared
def index(edition):
    make_course()
    page = CourseIndexPage.objects.get()
    ensure_role_groups(course_root=page)
    return page


def write(index, place, live=True):
    body = [("text", "<p>Gọi 111 khi cần.</p>")]
    return index.add_child(
        instance=InfoPage(
            title=f"Trang {place}", slug=place, place=place, intro="Vài câu", body=body, live=live
        )
    )


@pytest.mark.parametrize("place", InfoPlace)
def test_page_answers_at_the_address_of_its_place_to_everybody(index, client, place):
    page = write(index, place)

    shown = client.get(reverse(place.url_name))

    assert shown.status_code == 200
    for said in (page.title, "Vài câu", "Gọi 111 khi cần."):
        assert said in html_of(shown)
    assert page.url == reverse(place.url_name)


def test_page_answers_at_its_address_in_the_tree_too(index, client):
    """Wagtail's lists link to it there."""
    write(index, InfoPlace.HELP)
    write(index, InfoPlace.FAQ, live=False)

    assert client.get("/khoa-hoc/help/").status_code == 200
    assert client.get("/khoa-hoc/faq/").status_code == 404
    assert client.get("/khoa-hoc/khong-co/").status_code == 404


@pytest.mark.parametrize("place", [InfoPlace.ABOUT, InfoPlace.FAQ])
def test_draft_is_not_found_and_not_linked(index, client, place):
    write(index, place, live=False)
    cache.delete(INFO_LINKS)

    assert client.get(reverse(place.url_name)).status_code == 404
    assert reverse(place.url_name) not in html_of(client.get(reverse("home")))


def test_help_and_front_page_that_nobody_wrote_are_those_of_the_suite(index, client):
    for place in (InfoPlace.HELP, InfoPlace.FRONT):
        write(index, place, live=False)
    cache.delete(INFO_LINKS)

    assert "Gọi 111 khi cần." not in html_of(client.get(HELP))
    front = html_of(client.get(reverse("home")))
    assert f'href="{HELP}"' in front
    assert "Vài câu" not in front


@pytest.mark.parametrize("written", [True, False])
def test_help_names_whom_to_call_in_the_own_class(index, client, written):
    if written:
        write(index, InfoPlace.HELP)
    run = make_run(CoursePage.objects.get(), unit("350"))
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    run.trainers.add(make_official(Role.TRAINER, "350", phone="+84900009001"))

    assert "tel:+84900009001" in html_of(browse(enrolment.user).get(HELP))
    assert "tel:+84900009001" not in html_of(client.get(HELP))
    set_fields(run, status=RunStatus.CLOSED)
    assert "tel:+84900009001" not in html_of(browse(enrolment.user).get(HELP))


def test_help_is_one_tap_from_the_pages_of_a_trainee(index):
    client = browse(UserFactory())
    for name in (
        "courses:my_work", "attendance:my_sessions", "courses:profile", "certificates:mine",
    ):  # fmt: skip
        assert f'href="{HELP}"' in html_of(client.get(reverse(name))), name


def test_public_pages_are_linked_from_the_foot_of_each_page(index, client):
    write(index, InfoPlace.HELP)
    cache.delete(INFO_LINKS)

    foot = html_of(client.get(reverse("accessibility")))

    assert f'href="{reverse("courses:help")}"' in foot


@pytest.mark.parametrize(
    ("role", "area", "may"),
    [
        (Role.ADMINISTRATOR, "35", True),
        (Role.ADMINISTRATOR, "350", False),
        (Role.TRAINER, "35", False),
    ],
)
def test_they_are_written_by_administrators_of_the_province(index, role, area, may):
    page = write(index, InfoPlace.HELP)
    person = make_official(role, area)
    rights = page.permissions_for_user(person)
    assert (rights.can_edit(), rights.can_publish(), rights.can_unpublish()) == (may, may, may)

    sent = nested_form_data(
        {
            "title": "Hỏi đáp",
            "slug": "hoi-dap",
            "place": "faq",
            "intro": "",
            "body": streamfield([]),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
        }
    )
    add = reverse("wagtailadmin_pages:add", args=["courses", "infopage", index.pk])
    browse(person).post(add, sent)

    assert InfoPage.objects.filter(place=InfoPlace.FAQ).exists() is may


def test_preview_shows_the_page(index):
    page = write(index, InfoPlace.ABOUT, live=False)
    page.save_revision()

    shown = log_in(Role.ADMINISTRATOR, "35").get(
        reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    )

    assert "Gọi 111 khi cần." in html_of(shown)


def test_pages_of_a_trial_are_made_once_and_can_be_read(index, client):
    for _time in range(2):
        make_info_pages(index=index)

    assert InfoPage.objects.live().count() == len(PAGES)
    for place, title, _intro, _body in PAGES:
        assert title in html_of(client.get(reverse(place.url_name)))
