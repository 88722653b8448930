"""One rule, however it is asked: one by one, all at once, only looked at, or read afterwards."""

from datetime import datetime
from itertools import product

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.completion import evaluate, evaluate_many, find_progress
from courses.domain.progress import by_key, facts_of, kept_progress, progress_of
from courses.domain.requirements_met import is_met
from courses.enums import EnrolmentStatus
from courses.models import Enrolment, LessonCompletion, LessonPage, QuizAttempt
from tests.chance import fewer_examples
from tests.factories.courses import (
    HANOI,
    EnrolmentFactory,
    ask,
    make_course,
    make_quiz,
    make_run,
)
from tests.factories.geography import unit
from tests.shared import shared

AT = datetime(2014, 5, 7, 17, 0, tzinfo=HANOI)
PEOPLE, LESSONS = 3, 4


@shared
def world(edition):
    """A class over two modules of two lessons and a quiz each, with three trainees."""
    course = make_course(modules=2, lessons=2)
    run = make_run(course, unit("350"))
    quizzes = [make_quiz(module.specific) for module in course.get_children()]
    people = [EnrolmentFactory(run=run, unit=unit("13384")) for _ in range(PEOPLE)]
    lessons = list(LessonPage.objects.descendant_of(course).order_by("path"))
    return run, people, lessons, quizzes


read = st.sets(st.sampled_from(list(product(range(PEOPLE), range(LESSONS)))))
# (person, quiz) > percent of each attempt
attempts = st.dictionaries(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 1)),
    st.lists(st.integers(0, 100), max_size=2),
)
statuses = st.tuples(*[st.sampled_from(EnrolmentStatus)] * PEOPLE)


@fewer_examples(40)
@given(
    read=read,
    attempts=attempts,
    statuses=statuses,
    percent=st.integers(1, 100),
    pass_percent=st.integers(1, 100),
)
def test_the_rule_is_the_same_however_it_is_asked(
    world, read, attempts, statuses, percent, pass_percent
):
    run, people, _lessons, _quizzes = world
    with transaction.atomic():
        ask(run, lessons={"percent": percent}, quizzes={"pass_percent": pass_percent})
        _lay_out(world, read, attempts, statuses)
        expected = [
            _by_hand(place, read, attempts, percent, pass_percent) for place in range(PEOPLE)
        ]

        ids = [person.pk for person in people]
        found = find_progress(run=run, enrolment_ids=ids)
        all_at_once = _after(lambda: evaluate_many(run=run, enrolment_ids=ids, at=AT), run)
        one_by_one = _after(lambda: [evaluate(enrolment_id=pk, at=AT) for pk in ids], run)

        met = [all(row.met for row in found if row.enrolment_id == pk) for pk in ids]
        assert met == expected
        assert all_at_once == [
            (_settled(status, met), met) for status, met in zip(statuses, expected, strict=True)
        ]
        assert one_by_one == all_at_once
        transaction.set_rollback(True)


@fewer_examples(40)
@given(read=read, later=read, attempts=attempts, statuses=statuses, percent=st.integers(1, 100))
def test_judging_what_changed_alone_comes_to_the_same(
    world, read, later, attempts, statuses, percent
):
    run, people, lessons, _quizzes = world
    ids = [person.pk for person in people]
    with transaction.atomic():
        ask(run, lessons={"percent": percent}, quizzes={"pass_percent": 50})
        _lay_out(world, read, attempts, statuses)
        evaluate_many(run=run, enrolment_ids=ids, at=AT)
        LessonCompletion.objects.filter(enrolment__in=ids).delete()
        for person, lesson in later:
            LessonCompletion.objects.create(
                enrolment=people[person], lesson=lessons[lesson], completed_at=AT
            )

        in_full = _after(lambda: evaluate_many(run=run, enrolment_ids=ids, at=AT), run)
        evaluate_many(run=run, enrolment_ids=ids, at=AT, changed=("lessons",))

        assert _after(lambda: None, run) == in_full
        wanted = by_key(find_progress(run=run, enrolment_ids=ids))
        assert facts_of(kept_progress(enrolment_ids=ids)) == facts_of(wanted)
        transaction.set_rollback(True)


def _lay_out(world, read, attempts, statuses):
    _run, people, lessons, quizzes = world
    for person, status in zip(people, statuses, strict=True):
        completed_at = AT if status == EnrolmentStatus.COMPLETED else None
        Enrolment.objects.filter(pk=person.pk).update(status=status, completed_at=completed_at)
    for person, lesson in read:
        LessonCompletion.objects.create(
            enrolment=people[person], lesson=lessons[lesson], completed_at=AT
        )
    for (person, quiz), percents in attempts.items():
        for number, value in enumerate(percents, start=1):
            QuizAttempt.objects.create(
                enrolment=people[person],
                quiz=quizzes[quiz],
                number=number,
                started_at=AT,
                submitted_at=AT,
                score=0,
                max_score=2,
                percent=value,
            )


def _settled(status, met):
    if status == EnrolmentStatus.WITHDRAWN:
        return status
    return EnrolmentStatus.COMPLETED if met else EnrolmentStatus.ACTIVE


def _by_hand(person, read, attempts, percent, pass_percent):
    """The rule said once more, in Python."""
    lessons_read = sum(1 for reader, _lesson in read if reader == person)
    best = [max(attempts.get((person, quiz), []), default=-1) for quiz in range(2)]
    return lessons_read * 100 >= LESSONS * percent and min(best) >= pass_percent


def _after(act, run):
    """The status of each person, and whether the rows say that all is met."""
    with transaction.atomic():
        act()
        statuses = dict(run.enrolments.order_by("pk").values_list("pk", "status"))
        progress = progress_of(enrolment_ids=list(statuses))
        found = [(status, is_met(progress[pk])) for pk, status in statuses.items()]
        transaction.set_rollback(True)
    return found
