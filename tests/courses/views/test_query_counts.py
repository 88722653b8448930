"""What the three pages of a trainee ask of the database, however much there is of everything."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import LessonPage
from tests.courses.views.conftest import address_of
from tests.factories.accounts import browse
from tests.factories.attendance import SessionFactory, enrol_many
from tests.factories.courses import ask, make_course, make_quiz, make_run, read_lessons
from tests.factories.geography import unit

# The browser session and the person; then, for a page of a course, the page and the enrolment with
# all that was done; for the work, the enrolments, sessions, what is missing, and certificates.
LESSON, COURSE, MY_WORK = 4, 4, 6


@pytest.mark.parametrize("count", [1, 300])
def test_pages_ask_the_same_of_any_number_of_lessons_blocks_and_trainees(
    edition, django_assert_num_queries, count
):
    course = make_course(modules=1, lessons=count)
    lessons = list(LessonPage.objects.descendant_of(course).order_by("path"))
    lessons[0].body = [("text", f"<p>Đoạn {number}</p>") for number in range(count)]
    lessons[0].save()
    make_quiz(course.get_children().get().specific, questions=count)
    run = make_run(course, unit("350"))
    SessionFactory(run=run, starts_at=timezone.now() + timedelta(days=1))
    ask(
        run,
        lessons={"percent": 100},
        quizzes={"pass_percent": 70},
        attendance_hours={"percent": 100},
    )
    people = enrol_many(run, count)
    read_lessons(people[0], *lessons[1:])
    client = browse(people[0].user)
    pages = {
        address_of(lessons[0]): LESSON,
        reverse("courses:course", args=["p2"]): COURSE,
        reverse("courses:my_work"): MY_WORK,
    }

    for address, queries in pages.items():
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
