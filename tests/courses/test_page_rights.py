"""Who may do what to a page: role × act × page, asked of the addresses themselves."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from courses.models import CourseIndexPage, CoursePage, LessonPage, ModulePage
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from lms.core.models import change_site_details
from tests.factories.accounts import browse, make_official
from tests.factories.courses import ProgrammeFactory, make_course
from tests.factories.geography import unit
from tests.reading import html_of
from tests.shared import shared


def url(name, *args):
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def bulk(action, *pages):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return address + "?" + "&".join(f"id={page.pk}" for page in pages)


def now(page):
    return LessonPage.objects.filter(pk=page.pk).first()


def form_of(page, **values):
    """What the form of a lesson sends."""
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": "",
            "as_of": page.as_of,
            "sources": "",
            "minutes": page.minutes,
            "is_required": "on",
            "body": streamfield([("text", rich_text("<p>Mới</p>"))]),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
        }
        | values
    )


def course_form(**values):
    """What the form of a course sends."""
    comments = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    plain = {"as_of": "2014", "summary": "", "unit": "", "comments": comments}
    return nested_form_data(plain | values)


def unpublish(client, page):
    client.post(url("unpublish", page.pk), {"include_descendants": "on"})
    return not now(page).live


def unpublish_course(client, page):
    """The course, with all below it."""
    course = page.get_parent().get_parent()
    client.post(url("unpublish", course.pk), {"include_descendants": "on"})
    return not CoursePage.objects.get(pk=course.pk).live or not now(page).live


def unpublish_in_bulk(client, page):
    client.post(bulk("unpublish", page), {"include_descendants": "on"})
    return not now(page).live


def expire(client, page):
    """Publish with a day on which the page goes offline."""
    later = (timezone.now() + timedelta(days=1)).strftime("%d/%m/%Y %H:%M")
    client.post(url("edit", page.pk), form_of(page, expire_at=later) | {"action-publish": "1"})
    return now(page).expire_at is not None


def postpone(client, page):
    """Publish later: what no revision published goes offline until then."""
    later = (timezone.now() + timedelta(days=1)).strftime("%d/%m/%Y %H:%M")
    client.post(url("edit", page.pk), form_of(page, go_live_at=later) | {"action-publish": "1"})
    return not now(page).live


def move(client, page):
    aim = page.get_parent().get_siblings().exclude(pk=page.get_parent().pk).get()
    client.post(url("move_confirm", page.pk, aim.pk))
    return now(page).is_child_of(aim)


def move_in_bulk(client, page):
    aim = page.get_parent().get_siblings().exclude(pk=page.get_parent().pk).get()
    client.post(bulk("move", page), {"chooser": aim.pk})
    return now(page).is_child_of(aim)


def reorder(client, page):
    client.post(url("set_page_position", page.pk) + "?position=1")
    return now(page).path > page.path


def delete(client, page):
    client.post(url("delete", page.pk))
    return now(page) is None


def delete_in_bulk(client, page):
    client.post(bulk("delete", page))
    return now(page) is None


def lock(client, page):
    client.post(url("lock", page.pk))
    return now(page).locked


def hide(client, page):
    client.post(url("set_privacy", page.pk), {"restriction_type": "login"})
    return PageViewRestriction.objects.filter(page=page).exists()


TAKING_DOWN = (
    unpublish, unpublish_course, unpublish_in_bulk, expire, postpone, move, move_in_bulk,
    reorder, delete, delete_in_bulk, lock, hide,
)  # fmt: skip


def write(client, page):
    client.post(url("edit", page.pk), form_of(page))
    return now(page).has_unpublished_changes


def publish(client, page):
    client.post(url("edit", page.pk), form_of(page) | {"action-publish": "1"})
    return "Mới" in str(now(page).body)


def publish_in_bulk(client, page):
    page.save_revision()
    client.post(bulk("publish", page), {"include_descendants": "on"})
    return not now(page).has_unpublished_changes


PUBLISHING = (publish, publish_in_bulk)
ALL = (*TAKING_DOWN, write, *PUBLISHING)
WRITING = (write, *PUBLISHING)
PROVINCE, DISTRICT, OTHER = "35", "350", "353"


def names(acts):
    return sorted(act.__name__ for act in acts)


def succeeds(act, client, page):
    """Whether the act changes the page; what it did is taken back."""
    with transaction.atomic():
        done = act(client, now(page))
        transaction.set_rollback(True)
    return done


@shared
def lessons(edition):
    """The first lesson of a course of the province, and of a course of Kim Bảng."""
    of_province, of_district = make_course("tinh", modules=2), make_course("huyen", modules=2)
    of_district.unit = unit(DISTRICT)
    of_district.save()
    # So that a first lesson has room in the second module.
    for lesson in LessonPage.objects.filter(title="Bài 2.1"):
        lesson.slug = "bai-moi"
        lesson.save()
    ensure_role_groups(course_root=CourseIndexPage.objects.get())
    return {
        PROVINCE: LessonPage.objects.descendant_of(of_province).first(),
        DISTRICT: LessonPage.objects.descendant_of(of_district).first(),
    }


@pytest.mark.parametrize(
    ("role", "area", "in_province", "in_district", "acts"),
    [
        (Role.ADMINISTRATOR, PROVINCE, ALL, ALL, ALL),
        (Role.ADMINISTRATOR, DISTRICT, WRITING, ALL, ALL),
        (Role.ADMINISTRATOR, OTHER, WRITING, (), ALL),
        (Role.TRAINER, PROVINCE, WRITING, ALL, ALL),
        (Role.TRAINER, DISTRICT, WRITING, ALL, ALL),
        (Role.TRAINER, OTHER, WRITING, (), ALL),
        (Role.REVIEWER, PROVINCE, (), (), ALL),
        (Role.REVIEWER, DISTRICT, (), (), ALL),
        (Role.COORDINATOR, DISTRICT, (), (), ALL),
        (Role.MONITOR, PROVINCE, (), (), ALL),
        # Where the site asks for approval, only administrators publish by themselves.
        (Role.ADMINISTRATOR, PROVINCE, PUBLISHING, PUBLISHING, PUBLISHING),
        (Role.ADMINISTRATOR, DISTRICT, (), PUBLISHING, PUBLISHING),
        (Role.TRAINER, PROVINCE, (), (), PUBLISHING),
        (Role.TRAINER, DISTRICT, (), (), PUBLISHING),
    ],
)
def test_each_role_does_to_a_page_what_it_may_and_nothing_else(
    lessons, role, area, in_province, in_district, acts
):
    change_site_details(asks_approval=acts is PUBLISHING)
    client = browse(make_official(role, area))

    done = {
        place: names(act for act in acts if succeeds(act, client, page))
        for place, page in lessons.items()
    }

    assert done == {PROVINCE: names(in_province), DISTRICT: names(in_district)}


def test_trainer_is_offered_to_submit_where_the_site_asks_for_approval(lessons):
    client = browse(make_official(Role.TRAINER, DISTRICT))
    address = url("edit", lessons[PROVINCE].pk)
    before = html_of(client.get(address))
    change_site_details(asks_approval=True)
    after = html_of(client.get(address))

    assert 'name="action-publish"' in before
    assert 'name="action-publish"' not in after
    assert 'name="action-submit"' in after


@pytest.mark.parametrize(
    ("role", "area", "approves"),
    [
        (Role.REVIEWER, PROVINCE, {PROVINCE, DISTRICT}),
        (Role.REVIEWER, DISTRICT, {DISTRICT}),
        (Role.REVIEWER, OTHER, set()),
        (Role.ADMINISTRATOR, DISTRICT, {DISTRICT}),
        (Role.TRAINER, DISTRICT, set()),
    ],
)
def test_submitted_page_is_approved_by_whose_area_it_is(lessons, role, area, approves):
    author, person = make_official(Role.TRAINER, PROVINCE), make_official(role, area)
    client = browse(person)
    for page in lessons.values():
        page.save_revision()
        page.get_workflow().start(page, author)
        task = page.current_workflow_task_state
        client.post(url("workflow_action", page.pk, "approve", task.pk))

    approved = {place for place, page in lessons.items() if not now(page).has_unpublished_changes}

    assert approved == approves


def test_reviewer_of_a_page_that_waits_neither_locks_it_nor_publishes_past_the_approval(lessons):
    page = lessons[PROVINCE]
    page.save_revision()
    page.get_workflow().start(page, make_official(Role.TRAINER, PROVINCE))
    client = browse(make_official(Role.REVIEWER, PROVINCE))

    menu = client.get(url("edit", page.pk)).context["action_menu"]

    assert menu.default_item.name == "approve"
    assert "action-publish" not in {item.name for item in menu.menu_items}
    assert not succeeds(lock, client, page)
    assert not succeeds(publish, client, page)


def test_course_without_a_unit_is_made_by_whoever_has_a_role_on_the_province(lessons):
    ProgrammeFactory(edition=unit(DISTRICT).edition)
    index = CourseIndexPage.objects.get()
    address = url("add", "courses", "coursepage", index.pk)
    sent = course_form(title="Khoá mới", slug="khoa-moi", code="moi")
    district = browse(make_official(Role.TRAINER, DISTRICT))

    for of_whom in ("", unit(OTHER).pk):
        refused = district.post(address, sent | {"unit": of_whom})
        assert set(refused.context["form"].errors) == {"unit"}

    district.post(address, sent | {"unit": unit(DISTRICT).pk})
    assert CoursePage.objects.get(code="moi").unit == unit(DISTRICT)

    browse(make_official(Role.TRAINER, PROVINCE)).post(address, sent | {"slug": "x", "code": "x"})
    assert CoursePage.objects.get(code="x").unit is None


def test_writing_for_a_course_of_others_does_not_make_it_the_own_one(lessons):
    course = CoursePage.objects.get(code="tinh")
    sent = course_form(title="Tên mới", slug="tinh", code="tinh", unit=unit(DISTRICT).pk)

    client = browse(make_official(Role.TRAINER, DISTRICT))
    client.post(url("edit", course.pk), sent | {"action-publish": "1"})

    course.refresh_from_db()
    assert (course.title, course.unit) == ("Tên mới", None)


def test_whole_course_of_the_province_is_not_copied_by_a_district(lessons):
    course = CoursePage.objects.get(code="tinh")
    index = course.get_parent()

    assert not course.permissions_for_user(make_official(Role.TRAINER, DISTRICT)).can_copy_to(index)
    assert course.permissions_for_user(make_official(Role.TRAINER, PROVINCE)).can_copy_to(index)


def test_rights_on_many_pages_are_one_more_query(lessons, django_assert_num_queries):
    person = make_official(Role.TRAINER, DISTRICT)
    pages = list(Page.objects.type(ModulePage, LessonPage))
    pages[0].permissions_for_user(person).can_unpublish()

    with django_assert_num_queries(0):
        assert not any(page.permissions_for_user(person).can_unpublish() for page in pages[:2])


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        (Role.ADMINISTRATOR, PROVINCE, 200),
        (Role.ADMINISTRATOR, DISTRICT, 302),
        (Role.TRAINER, PROVINCE, 302),
    ],
)
def test_name_and_publishing_are_set_by_administrators_of_the_province(lessons, role, area, status):
    address = reverse("wagtailsettings:edit", args=["core", "sitedetails"])
    client = browse(make_official(role, area))

    assert client.get(address, follow=status == 200).status_code == status
