"""The end of a lesson: say that it is read, and go on."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.domain.lessons import complete_lesson
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import LessonCompletion, LessonOpening
from tests.courses.views.conftest import address_of, take
from tests.factories.courses import EVENING, EnrolmentFactory, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, levels_of

MARK_AS_READ, TO_THE_QUIZ, HOME = (
    _("Done, on to the next lesson"),
    _("Done, on to the quiz"),
    _("Done, back to my work"),
)


def mark(client, lesson, **kwargs):
    return client.post(reverse("courses:complete_lesson", args=[lesson.pk]), **kwargs)


def test_button_says_where_it_leads(as_trainee, enrolment, lessons, quiz):
    def words(lesson):
        body = html_of(as_trainee.get(address_of(lesson)))
        return [one for one in (MARK_AS_READ, TO_THE_QUIZ, HOME) if one in body]

    assert [words(lesson) for lesson in lessons] == [[MARK_AS_READ], [TO_THE_QUIZ]]
    take(enrolment, quiz, EVENING, right=2)
    # Back to the one that was passed over.
    assert words(lessons[1]) == [MARK_AS_READ]
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)
    assert words(lessons[1]) == [HOME]


def onward_of(client, lesson):
    """The address of the one large link behind a lesson."""
    body = html_of(client.get(address_of(lesson)))
    return re.findall(r'<a class="[^"]*button--large[^>]*href="([^"]+)"><span>[^<]+', body)


def test_lesson_that_is_read_leads_on(as_trainee, enrolment, lessons, quiz):
    for lesson in lessons:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)
    start = reverse("courses:quiz_start", args=[quiz.pk])

    assert onward_of(as_trainee, lessons[0]) == [address_of(lessons[1])]
    assert onward_of(as_trainee, lessons[1]) == [start]
    take(enrolment, quiz, EVENING, right=2)
    assert onward_of(as_trainee, lessons[1]) == [reverse("courses:my_work")]


def test_marking_as_read_goes_on_to_the_next_lesson_and_from_the_last_to_the_quiz(
    as_trainee, enrolment, lessons, quiz
):
    first, second = map(address_of, lessons)
    # Nothing but the button leads on from an unread lesson.
    assert 'rel="next"' not in html_of(as_trainee.get(first))
    for _twice in range(2):
        assert mark(as_trainee, lessons[0])["Location"] == second
    read = LessonCompletion.objects.filter(enrolment=enrolment)
    assert [one.lesson_id for one in read] == [lessons[0].pk]

    page = as_trainee.get(first)
    assert page.context["is_read"]
    assert MARK_AS_READ not in html_of(page)
    assert second in html_of(page)
    on = mark(as_trainee, lessons[1])
    assert on["Location"] == reverse("courses:quiz_start", args=[quiz.pk])


def test_marking_the_last_open_lesson_goes_home_and_says_so(as_trainee, enrolment, lessons, quiz):
    take(enrolment, quiz, EVENING, right=2)
    mark(as_trainee, lessons[0])

    response = mark(as_trainee, lessons[1], follow=True)

    assert response.redirect_chain[-1][0] == reverse("courses:my_work")
    # Of both lessons that were marked.
    assert levels_of(response) == ["success", "success"]


def test_nobody_but_a_trainee_marks_as_read(as_stranger, as_trainer, enrolment, lessons):
    for client in (as_stranger, as_trainer):
        assert mark(client, lessons[0]).status_code == 404
    assert not LessonCompletion.objects.exists()


def test_log_in_after_the_button_was_tapped_leads_back_to_the_lesson(as_trainee, lessons):
    address = reverse("courses:complete_lesson", args=[lessons[0].pk])

    assert mark(Client(), lessons[0])["Location"] == f"/tai-khoan/login/?next={address}"
    assert as_trainee.get(address)["Location"] == address_of(lessons[0])
    assert not LessonCompletion.objects.exists()


def test_closed_class_still_reads_but_records_nothing(as_trainee, run, lessons):
    set_fields(run, status=RunStatus.CLOSED)

    body = html_of(as_trainee.get(address_of(lessons[0])))
    response = mark(as_trainee, lessons[0], follow=True)

    assert "Nội dung bài 1.1" in body
    assert MARK_AS_READ not in body
    assert response.redirect_chain[-1][0] == address_of(lessons[0])
    assert not LessonCompletion.objects.exists()


def test_lesson_is_marked_in_the_latest_active_class(as_trainee, enrolment, course, lessons):
    later = EnrolmentFactory(
        run=make_run(course, unit("353")),
        unit=unit("13384"),
        user=enrolment.user,
        enrolled_at=EVENING.replace(year=2015),
        status=EnrolmentStatus.COMPLETED,
        completed_at=EVENING.replace(year=2015),
    )
    mark(as_trainee, lessons[0])
    assert LessonCompletion.objects.get().enrolment == enrolment

    set_fields(later, status=EnrolmentStatus.ACTIVE, completed_at=None)
    mark(as_trainee, lessons[1])
    assert LessonCompletion.objects.get(lesson=lessons[1]).enrolment == later


def test_opened_lesson_is_where_one_goes_on(as_trainee, enrolment, lessons):
    as_trainee.get(address_of(lessons[1]))

    again = as_trainee.get(reverse("courses:continue_course", args=[enrolment.pk]))

    assert again["Location"] == address_of(lessons[1])


@pytest.mark.parametrize("how", ["closed", "staff", "head"])
def test_looking_at_a_lesson_leaves_no_trace_where_nothing_is_recorded(
    as_trainee, as_monitor, run, lessons, how
):
    if how == "closed":
        set_fields(run, status=RunStatus.CLOSED)
    client = as_monitor if how == "staff" else as_trainee

    (client.head if how == "head" else client.get)(address_of(lessons[0]))

    assert not LessonOpening.objects.exists()
