"""Two people at work on one enrolment, or one class, at the same moment."""

from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError

from django.db import transaction

from courses.domain.completion import evaluate
from courses.domain.runs import requirements_in_force, set_requirements
from courses.enums import EnrolmentStatus
from courses.models import LessonCompletion, LessonPage
from courses.signals import enrolment_completed
from tests.at_once import ON_REAL_CONNECTIONS, at_once, codes_of
from tests.factories.courses import EVENING, EnrolmentFactory, ask, make_course, make_run
from tests.factories.geography import make_map, unit
from tests.factories.rows import status_of

pytestmark = ON_REAL_CONNECTIONS


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
        with transaction.atomic():
            LessonCompletion.objects.create(
                enrolment=enrolment, lesson=lesson, completed_at=EVENING
            )
            both_wrote.wait()
            evaluate(enrolment_id=enrolment.pk, at=EVENING)
            # Never met: the second waits for the lock until the first has committed.
            with suppress(BrokenBarrierError):
                both_judged.wait()

    enrolment_completed.connect(heard)
    try:
        at_once(*(partial(read, one) for one in LessonPage.objects.descendant_of(course)))
    finally:
        enrolment_completed.disconnect(heard)

    assert status_of(enrolment) == EnrolmentStatus.COMPLETED
    assert completed == [enrolment.pk]
    # Whoever wrote last counted what the other had written.
    row = enrolment.progress.get()
    assert (row.achieved, row.required, row.met) == (2, 2, True)


def test_two_who_set_requirements_from_one_page_are_not_both_heard():
    make_map()
    run = make_run(make_course(), unit("350"))
    both_looked = Barrier(2, timeout=10)

    def save(percent):
        requirements_in_force(run=run)
        both_looked.wait()
        asked = {"lessons": {"percent": percent}}
        set_requirements(run=run, requirements=asked, at=EVENING, seen_version=0)
        return {"percent": percent}

    outcomes = at_once(partial(save, 50), partial(save, 100))

    assert codes_of(outcomes) == ["requirements_overtaken"]
    [kept] = requirements_in_force(run=run)
    assert kept.params in outcomes
