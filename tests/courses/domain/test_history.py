"""When enrolments and classes became what they are."""

from datetime import date, datetime, timedelta

from django.core.cache import cache

from courses.domain.enrolling import enrol_many, withdraw
from courses.domain.history import kept_since, record_enrolments, record_missing, runs_at
from courses.domain.runs import announce_change, cancel_run, create_run, open_run
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment, EnrolmentChange, RunChange
from courses.tasks import record_missing_changes
from tests.factories.accounts import PostingFactory
from tests.factories.courses import HANOI, EnrolmentFactory
from tests.factories.geography import unit
from tests.factories.rows import set_fields

MORNING = datetime(2014, 5, 6, 8, 0, tzinfo=HANOI)
NOON = MORNING + timedelta(hours=4)


def told(enrolment):
    rows = EnrolmentChange.objects.filter(enrolment=enrolment).order_by("pk")
    return list(rows.values_list("status", "unit", "at"))


def test_joining_leaving_and_coming_back_keep_their_moments(run):
    person = PostingFactory(unit=unit("13384")).user
    [enrolment] = enrol_many(run=run, users=[person], at=MORNING)
    withdraw(enrolment=enrolment, by=None, reason="Ốm", at=NOON)
    person.postings.update(unit=unit("13387"))
    evening = NOON + timedelta(hours=8)
    enrol_many(run=run, users=[person], at=evening)
    assert told(enrolment) == [
        (EnrolmentStatus.ACTIVE, unit("13384").pk, MORNING),
        (EnrolmentStatus.WITHDRAWN, unit("13384").pk, NOON),
        (EnrolmentStatus.ACTIVE, unit("13387").pk, evening),
    ]


def test_class_keeps_when_it_was_opened_put_off_and_cancelled(run):
    plan = CourseRun(
        programme=run.programme,
        course=run.course,
        code="LOP-KE-HOACH",
        title="Lớp",
        unit=run.unit,
        place="Hội trường",
        starts_on=date(2014, 6, 1),
        ends_on=date(2014, 6, 1),
    )
    create_run(run=plan, trainers=[])
    open_run(run=plan, at=MORNING)
    set_fields(plan, starts_on=date(2014, 6, 2), ends_on=date(2014, 6, 2))
    announce_change(run=plan, before={"starts_on": None}, by=None, at=NOON)
    announce_change(run=plan, before={"place": ""}, by=None, at=NOON)
    cancel_run(run=plan, reason="Bão", at=NOON)
    rows = RunChange.objects.filter(run=plan).order_by("pk")
    planned = rows.first()
    assert (planned.status, planned.starts_on) == (RunStatus.PLANNED, date(2014, 6, 1))
    assert list(rows.values_list("status", "starts_on", "at"))[1:] == [
        (RunStatus.OPEN, date(2014, 6, 1), MORNING),
        (RunStatus.OPEN, date(2014, 6, 2), NOON),
        (RunStatus.CANCELLED, date(2014, 6, 2), NOON),
    ]
    [before] = [
        one
        for pk, one in runs_at(before=NOON, programme_id=run.programme_id).items()
        if pk == plan.pk
    ]
    assert (before.status, before.starts_on) == (RunStatus.OPEN, date(2014, 6, 1))


def test_what_was_written_past_the_rules_is_found_once(run):
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    assert record_missing(at=MORNING) == 2
    assert record_missing(at=NOON) == 0
    Enrolment.objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.WITHDRAWN)
    record_missing_changes()
    assert [status for status, *_rest in told(enrolment)] == ["active", "withdrawn"]


def test_history_is_whole_unless_some_of_it_was_worked_out_afterwards(run):
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    record_enrolments(enrolments=[enrolment], at=MORNING)
    assert kept_since() is None
    # A migration writes such rows, before the site is started.
    cache.clear()
    EnrolmentChange.objects.update(is_inferred=True, recorded_at=NOON)
    assert kept_since() == NOON
