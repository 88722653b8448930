"""Content that people learned by stays: by the page, in bulk, and from code."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import Page

from courses.domain.evidence import evidence_of
from courses.models import CourseIndexPage, LessonCompletion, LessonPage, Quiz
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.accounts import log_in
from tests.factories.courses import EVENING, EnrolmentFactory, make_course, read_lessons
from tests.factories.geography import unit
from tests.reading import html_of
from tests.shared import shared


@pytest.fixture
def author(course):
    """The one whose page it is: rights of a superuser would show pages that nobody meets."""
    ensure_role_groups(course_root=CourseIndexPage.objects.get())
    return log_in(Role.ADMINISTRATOR, "35")


@shared
def read(enrolment, lessons):
    """Two people of the class, of whom one has read the first lesson."""
    EnrolmentFactory(run=enrolment.run, unit=unit("13387"))
    read_lessons(enrolment, lessons[0])
    return lessons[0]


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_delete_page_names_the_class_the_people_and_the_way_out(author, run, read, depth):
    page = [read, read.get_parent(), read.get_parent().get_parent()][depth]
    address = reverse("wagtailadmin_pages:delete", args=[page.pk])

    for answer in (author.get(address), author.post(address)):
        assert answer.context["evidence"].people == 2
        assert [one.pk for one in answer.context["evidence"].runs] == [run.pk]
        shown = html_of(answer)
        assert run.code in shown
        assert reverse("wagtailadmin_pages:unpublish", args=[page.pk]) in shown
    assert LessonCompletion.objects.count() == 1


def test_bulk_deletion_is_stopped_as_a_whole(author, read):
    other = LessonPage.objects.descendant_of(make_course(code="khac")).first()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])

    answer = author.post(f"{address}?id={read.pk}&id={other.pk}")

    assert answer.context["evidence"].is_protected
    assert LessonPage.objects.filter(pk__in=[read.pk, other.pk]).count() == 2


def test_code_cannot_delete_what_was_read(read):
    with pytest.raises(ProtectedError):
        read.delete()

    assert LessonPage.objects.filter(pk=read.pk).exists()
    assert Page.objects.get(pk=read.get_parent().pk).numchild == 2


def test_page_without_evidence_is_deleted(author, edition):
    lesson = LessonPage.objects.descendant_of(make_course(code="khac")).first()

    author.post(reverse("wagtailadmin_pages:delete", args=[lesson.pk]))

    assert not LessonPage.objects.filter(pk=lesson.pk).exists()


def test_evidence_counts_every_relation(module, quiz, lessons):
    quiz.quiz_questions.first().question.__class__.objects.update(lesson=lessons[0])

    evidence = evidence_of(pages=[module])

    assert not evidence.is_protected
    assert sorted(use.count for use in evidence.uses) == [1, 2]


def test_quiz_that_was_tried_stays(enrolment, quiz, module):
    enrolment.quiz_attempts.create(quiz=quiz, number=1, started_at=EVENING)

    with pytest.raises(ProtectedError):
        module.delete()

    assert Quiz.objects.filter(pk=quiz.pk).exists()
    assert evidence_of(pages=[module]).is_protected
