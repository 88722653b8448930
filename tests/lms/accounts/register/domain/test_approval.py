"""Pages that are submitted, approved and then public: who may do which of these."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, Workflow

from courses.models import LessonPage
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import GROUP_NAMES, ensure_role_groups
from tests.factories.accounts import PostingFactory, browse, log_in, make_official
from tests.factories.courses import make_course
from tests.factories.geography import unit
from tests.reading import html_of
from tests.shared import shared


@shared
def lesson(edition):
    """A draft, below a course whose root is the root of the role groups."""
    course = make_course()
    ensure_role_groups(course_root=course.get_parent())
    draft = LessonPage(title="Bài chờ duyệt", slug="bai-cho-duyet", as_of="2014", live=False)
    page = course.get_children().first().add_child(instance=draft)
    page.save_revision()
    return page


def submitted(lesson):
    trainer = make_official(Role.TRAINER, "350")
    return lesson.get_workflow().start(lesson, trainer)


def decide(client, lesson, action="approve"):
    task = lesson.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, action, task.pk])
    return client.post(address)


def is_live(lesson):
    return LessonPage.objects.get(pk=lesson.pk).live


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_approved_page_is_public(lesson, role):
    submitted(lesson)
    assert decide(log_in(role, "35"), lesson).status_code == 302

    assert is_live(lesson)


def test_nobody_else_approves_and_sent_back_it_stays_a_draft(lesson):
    submitted(lesson)

    for role in (Role.TRAINER, Role.MONITOR, Role.COORDINATOR, Role.FOCAL_POINT):
        decide(log_in(role, "35"), lesson)
        assert not is_live(lesson), role
    assert lesson.current_workflow_task_state is not None

    decide(log_in(Role.REVIEWER, "35"), lesson, "reject")
    assert not is_live(lesson)


def test_trainer_submits_from_the_form_and_still_publishes_without_asking(lesson):
    trainer = make_official(Role.TRAINER, "35")
    edit = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    page = html_of(browse(trainer).get(edit))

    assert 'name="action-submit"' in page
    assert 'name="action-publish"' in page
    assert lesson.permissions_for_user(trainer).can_publish()


def test_reviewer_finds_what_waits_on_the_front_page(lesson):
    submitted(lesson)
    client = log_in(Role.REVIEWER, "35")

    page = html_of(client.get(reverse("wagtailadmin_home")))

    assert "Bài chờ duyệt" in page
    assert reverse("wagtailadmin_pages:edit", args=[lesson.pk]) in page
    assert client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).status_code == 200


def test_reviewer_rewrites_nothing_and_sees_no_people(lesson):
    PostingFactory(unit=unit("13384"), user__full_name="Trần Văn Nhà")
    reviewer = make_official(Role.REVIEWER, "35")
    client, rights = browse(reviewer), lesson.permissions_for_user(reviewer)

    assert not rights.can_edit()
    assert not rights.can_add_subpage()
    edit = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert client.get(edit).status_code == 302

    start = client.get(reverse("start"))
    assert (start.status_code, start["Location"]) == (302, reverse("wagtailadmin_home"))
    home = html_of(client.get(reverse("wagtailadmin_home")))
    for name in ("wagtailusers_users:index", "runs:index", "certificate_register:index"):
        assert reverse(name) not in home
        assert client.get(reverse(name)).status_code == 302
    assert client.get(reverse("reporting:completion")).status_code == 404


def test_approval_is_set_up_once_and_leaves_what_people_added(lesson):
    task = GroupApprovalTask.objects.get()
    task.groups.add(Group.objects.create(name="Ban biên tập"))

    ensure_role_groups(course_root=Page.objects.get(slug=lesson.get_parent().get_parent().slug))

    assert Workflow.objects.count() == 1
    assert sorted(task.groups.values_list("name", flat=True)) == [
        "Ban biên tập",
        GROUP_NAMES[Role.REVIEWER],
        GROUP_NAMES[Role.ADMINISTRATOR],
    ]


def test_approval_is_made_where_wagtails_own_was_deleted(edition):
    GroupApprovalTask.objects.all().delete()
    Workflow.objects.all().delete()
    course = make_course()

    ensure_role_groups(course_root=course)

    assert course.get_workflow().tasks.count() == 1
