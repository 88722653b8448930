"""Outlines that a process keeps are those of now, whoever changed a title and wherever."""

from uuid import uuid4

import pytest
from django.db import transaction
from wagtail.models import Page

from courses.domain.gains import FirstTry
from courses.domain.outlines import KEPT, _keep_edition, _read_edition, edition_outline
from courses.domain.own_marks import QuizMarks, annotate_marks, carried_marks, marks_of
from courses.domain.quizzes import start_attempt, submit_attempt
from courses.domain.tree_queries import tree_of
from courses.models import ContentStamp, CoursePage, Enrolment, LessonOpening, LessonPage
from tests.factories.courses import EVENING, make_course, read_lessons, refreeze

on_sqlite_too = pytest.mark.sqlite("lists in JSON")


def kept(run):
    stamp = ContentStamp.objects.get().value
    return edition_outline(edition_id=run.edition_id, stamp=stamp)


def publish_title(course, lesson, quiz):
    lesson.title = "Bài viết lại"
    lesson.save_revision().publish()


def change_slug(course, lesson, quiz):
    course.slug = "doi-ten"
    course.save()


def move_module(course, lesson, quiz):
    lesson.get_parent().move(make_course(code="khac", modules=0), pos="last-child")


def save_without_its_class(course, lesson, quiz):
    page = Page.objects.get(pk=lesson.pk)
    page.title = "Bài viết lại"
    page.save(update_fields=["title"])


def rename_quiz(course, lesson, quiz):
    quiz.title = "Kiểm tra viết lại"
    quiz.save()


@on_sqlite_too
@pytest.mark.parametrize(
    "change", [publish_title, change_slug, move_module, save_without_its_class, rename_quiz]
)
def test_change_of_a_title_or_an_address_is_seen_at_once(run, course, lessons, quiz, change):
    before = kept(run)
    change(CoursePage.objects.get(pk=course.pk), LessonPage.objects.get(pk=lessons[0].pk), quiz)

    assert kept(run) == _read_edition(run.edition_id) != before


def test_change_made_by_another_process_is_seen(run, lessons):
    """Here nobody hears a signal: only the stamp in the database tells."""
    before = kept(run)
    Page.objects.filter(pk=lessons[0].pk).update(title="Bài viết lại")
    assert kept(run) == before

    ContentStamp.objects.update(value=uuid4())
    assert kept(run) == _read_edition(run.edition_id) != before


@on_sqlite_too
def test_change_that_is_rolled_back_leaves_nothing_behind(run, lessons):
    before = kept(run)
    lesson = LessonPage.objects.get(pk=lessons[0].pk)
    for title in ("Bài bị bỏ", "Bài ở lại"):
        with transaction.atomic():
            lesson.title = title
            lesson.save()
            assert title in {row.lesson_title for row in kept(run)}
            transaction.set_rollback(title == "Bài bị bỏ")
        if title == "Bài bị bỏ":
            assert kept(run) == before

    assert "Bài ở lại" in {row.lesson_title for row in kept(run)}


def test_draft_lets_processes_keep_what_they_have(run, lessons):
    stamp = ContentStamp.objects.get()
    lesson = LessonPage.objects.get(pk=lessons[0].pk)
    lesson.title = "Nháp"
    lesson.save_revision()

    assert ContentStamp.objects.get().value == stamp.value


@on_sqlite_too
def test_outline_is_read_once(enrolment, lessons, django_assert_num_queries):
    marked = annotate_marks(Enrolment.objects.select_related("run")).get(pk=enrolment.pk)
    marks = carried_marks(marked)
    first = tree_of(enrolment=marked, marks=marks)

    with django_assert_num_queries(0):
        assert tree_of(enrolment=marked, marks=marks) == first


@on_sqlite_too
def test_marks_tell_what_was_read_opened_and_begun(enrolment, lessons, quiz):
    read_lessons(enrolment, lessons[0])
    LessonOpening.objects.create(enrolment=enrolment, lesson=lessons[1], opened_at=EVENING)
    handed_in = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    submit_attempt(attempt=handed_in, at=EVENING)
    start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)

    marks = marks_of(enrolment)

    assert (marks.read, marks.opened) == ({lessons[0].pk}, {lessons[1].pk: EVENING})
    first = FirstTry(handed_in.pk, 0)
    assert marks.quizzes == {
        quiz.pk: QuizMarks(best=0, submitted=1, has_open_attempt=True, first=first)
    }


def test_outline_is_not_kept_until_a_change_makes_a_stamp(run, lessons):
    ContentStamp.objects.all().delete()
    for title in ("Một", "Hai"):
        Page.objects.filter(pk=lessons[0].pk).update(title=title)
        found = edition_outline(edition_id=run.edition_id, stamp=None)
    assert found[0].lesson_title == "Hai"

    LessonPage.objects.get(pk=lessons[0].pk).save()
    assert ContentStamp.objects.count() == 1


def test_process_keeps_no_more_than_it_should(run):
    for _ in range(KEPT + 1):
        refreeze()
        kept(run)

    assert _keep_edition.cache_info().currsize == KEPT
