"""Two people at work on one enrolment, or one class, at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, transaction

from courses.domain.completion import evaluate
from courses.domain.runs import requirements_in_force, set_requirements
from courses.enums import EnrolmentStatus
from courses.models import LessonCompletion, LessonPage
from courses.signals import enrolment_completed
from lms.core.refusal import CatchRefusal
from tests.factories.courses import EVENING, EnrolmentFactory, ask, make_course, make_run
from tests.factories.geography import make_map, unit


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing to meet"
)
def test_two_who_both_wrote_complete_the_enrolment_once():
    make_map()
    course = make_course()
    run = make_run(course, unit("350"))
    ask(run, lessons={"percent": 100})
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    both_wrote, both_judged = Barrier(2, timeout=10), Barrier(2, timeout=0.5)
    completed = []

    def heard(sender, enrolment, **_):
        completed.append(enrolment.pk)

    def read(lesson):
        try:
            with transaction.atomic():
                LessonCompletion.objects.create(
                    enrolment=enrolment, lesson=lesson, completed_at=EVENING
                )
                both_wrote.wait()
                evaluate(enrolment_id=enrolment.pk, at=EVENING)
                # Never met: the second waits for the lock until the first has committed.
                with suppress(BrokenBarrierError):
                    both_judged.wait()
        finally:
            connection.close()

    enrolment_completed.connect(heard)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(read, LessonPage.objects.descendant_of(course)))
    finally:
        enrolment_completed.disconnect(heard)

    enrolment.refresh_from_db()
    assert enrolment.status == EnrolmentStatus.COMPLETED
    assert completed == [enrolment.pk]
    # Whoever wrote last counted what the other had written.
    row = enrolment.progress.get()
    assert (row.achieved, row.required, row.met) == (2, 2, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing to meet"
)
def test_two_who_set_requirements_from_one_page_are_not_both_heard():
    make_map()
    run = make_run(make_course(), unit("350"))
    both_looked = Barrier(2, timeout=10)

    def save(percent):
        try:
            requirements_in_force(run=run)
            both_looked.wait()
            with CatchRefusal() as caught:
                set_requirements(
                    run=run,
                    requirements={"lessons": {"percent": percent}},
                    at=EVENING,
                    seen_version=0,
                )
            return caught.refusal and caught.refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(save, (50, 100)))

    assert sorted(told, key=str) == [None, "requirements_overtaken"]
    [kept] = requirements_in_force(run=run)
    assert kept.params == {"percent": (50, 100)[told.index(None)]}
