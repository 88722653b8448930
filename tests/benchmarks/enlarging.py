"""What the demo is too small for: big classes; and the people who look at pages."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import cycle, islice

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendance.models import Session
from courses.domain.completion import evaluate_class
from courses.domain.enrolling import enrol_many
from courses.domain.runs import open_run
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment, LessonPage
from fixtures.demo.study import read_syllabus, study
from lms.accounts.models import User
from tests.benchmarks.load import Visit

SESSIONS = 64
CODE = "BENCH-"
# One to look at and one for each round that notes attendance.
MEETINGS = 4
SEED = 500


def make_class(size: int) -> CourseRun:
    """Return a class of so many people with meetings that are over and no attendance yet."""
    if made := CourseRun.objects.filter(code=f"{CODE}{size}").first():
        return made
    today, like = timezone.localdate(), CourseRun.objects.filter(status=RunStatus.OPEN).first()
    days = [today - timedelta(days=back) for back in range(MEETINGS, 0, -1)]
    run = CourseRun.objects.create(
        programme=like.programme,
        course=like.course,
        code=f"{CODE}{size}",
        title=f"Lớp {size} người",
        unit=like.unit,
        place=like.place,
        starts_on=days[0],
        ends_on=today + timedelta(days=10),
    )
    run.trainers.add(User.objects.get(staff_code="GV001"))
    Session.objects.bulk_create(
        Session(run=run, title=f"Buổi {day}", starts_at=_at(day, 8), ends_at=_at(day, 11))
        for day in days
    )
    open_run(run=run, at=timezone.now())
    busy = Enrolment.objects.filter(run__status=RunStatus.OPEN).exclude(run__code__startswith=CODE)
    free = User.objects.filter(staff_code__startswith="HN").exclude(pk__in=busy.values("user"))
    people = list(free.order_by("staff_code")[:size])
    enrolments = enrol_many(run=run, users=people, at=timezone.now())
    if len(enrolments) != size:
        raise RuntimeError(f"only {len(enrolments)} of {size} are enrolled")
    syllabus, chance = read_syllabus(course=run.course), random.Random(SEED)
    study(enrolments=enrolments, syllabus=syllabus, since=_at(days[0], 0), chance=chance)
    evaluate_class(run=run, at=timezone.now())
    return run


def longest_lesson() -> LessonPage:
    return max(LessonPage.objects.live(), key=lambda page: len(str(page.body)))


def trainees() -> Sequence[User]:
    """Return as many people as there are browser sessions, each learning in an open class."""
    active = Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE, run__status=RunStatus.OPEN)
    learning = active.exclude(run__code__startswith=CODE)
    people = User.objects.filter(pk__in=learning.values("user")).order_by("staff_code")
    return list(people[:SESSIONS])


def staff(login: str) -> Sequence[User]:
    return [User.objects.get(staff_code=login)]


def log_in(person: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(person)
    return client


def open_sessions(people: Iterable[User]) -> list[Visit]:
    """Log these people in until there are 64 browser sessions, whoever is behind them."""
    name = settings.SESSION_COOKIE_NAME
    return [
        Visit(cookies=f"{name}={log_in(person).cookies[name].value}")
        for person in islice(cycle(people), SESSIONS)
    ]


def count_queries(person: User, url: str) -> int:
    """Return how many queries a page takes that this person has looked at before. As where tests count them,
    the begin and the end of a transaction are none.
    """
    client = log_in(person)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        status = client.get(url).status_code
    if status != 200:
        raise AssertionError(f"{url}: {status}")
    return sum(one["sql"] not in {"BEGIN", "COMMIT"} for one in captured)


def _at(day: object, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
