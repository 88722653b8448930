from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from attendance.domain.excuses.decisions import ask_excuse, decide_excuse
from attendance.domain.session_trainers import trainers_of
from attendance.domain.sessions.scheduling import (
    REMOVED,
    SessionPlan,
    change_session,
    create_session,
    modules_of,
    remove_session,
)
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceRecord, Session
from courses.enums import EnrolmentStatus, RunStatus
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import HANOI, ask, make_course
from tests.factories.rows import set_fields, status_of
from tests.reading import numbers
from tests.refusing import raises_refusal, refused
from tests.shared import shared


def moment(day, hour, minute=0):
    return datetime(2014, 5, day, hour, minute, tzinfo=HANOI)


AFTERNOON = SessionPlan(
    title="Buổi 2", starts_at=moment(6, 13, 30), ends_at=moment(6, 17), place="Phòng 2"
)
MORNING = SessionPlan(title="Buổi 1", starts_at=moment(6, 8), ends_at=moment(6, 11, 30))


def create(run, plan, by):
    return create_session(run=run, plan=plan, by=by, at=IN_CLASS)


def change(session, plan, by, at=IN_CLASS):
    return change_session(session=session, plan=plan, by=by, at=at)


def test_session_is_created_as_planned(run, trainer):
    session = create(run, replace(AFTERNOON, title=" Buổi  2 "), trainer)
    session.refresh_from_db()
    assert (session.run, session.title, session.place) == (run, "Buổi 2", "Phòng 2")
    assert (session.starts_at, session.ends_at) == (AFTERNOON.starts_at, AFTERNOON.ends_at)
    assert session.is_required


def test_creation_is_logged_and_hours_that_count_alone_take_a_completion_back(
    run, attended, trainer
):
    create(run, replace(AFTERNOON, is_required=False), trainer)
    entry_ = ModelLogEntry.objects.get(action="attendance.create_session")
    assert (entry_.user, entry_.timestamp) == (trainer, IN_CLASS)
    assert status_of(attended[0]) == EnrolmentStatus.COMPLETED

    create(run, replace(AFTERNOON, starts_at=moment(7, 8), ends_at=moment(7, 11)), trainer)
    assert status_of(attended[0]) == EnrolmentStatus.ACTIVE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_at": moment(6, 13)}, "ends_before_start"),
        ({"ends_at": moment(6, 13, 44)}, "session_too_short"),
        *(({"break_minutes": breaks}, "session_too_short") for breaks in (196, 210, 300)),
    ],
)
def test_session_of_too_few_minutes_is_refused(run, trainer, changes, code):
    assert refused(create, run, replace(AFTERNOON, **changes), trainer) == code
    assert Session.objects.count() == 0


@pytest.mark.parametrize("day", [5, 8])
def test_day_outside_the_class_is_refused(run, trainer, day):
    plan = replace(AFTERNOON, starts_at=moment(day, 8), ends_at=moment(day, 11))
    with raises_refusal("outside_class_dates") as caught:
        create(run, plan, trainer)
    assert numbers(caught.value.message) == [6, 5, 2014, 7, 5, 2014]


def test_days_of_the_class_are_days_in_viet_nam(run, trainer):
    # 00:30 on 6 May in Hà Nam is still 5 May in UTC.
    plan = replace(AFTERNOON, starts_at=moment(6, 0, 30), ends_at=moment(6, 2))
    assert create(run, plan, trainer).starts_at == moment(6, 0, 30)


def test_overlap_in_the_same_class_is_refused(run, session, trainer):
    plan = replace(AFTERNOON, starts_at=moment(6, 11), ends_at=moment(6, 12))
    with raises_refusal("overlap") as caught:
        create(run, plan, trainer)
    for told in (session.title, "08:00–11:30"):
        assert told in caught.value.message


def test_session_may_begin_when_the_other_ends_and_with_that_of_another_class(
    run, session, trainer
):
    plan = replace(AFTERNOON, starts_at=moment(6, 11, 30), ends_at=moment(6, 12))
    assert create(run, plan, trainer).pk
    other = make_class("353", course=run.course)
    assert create(other, MORNING, trainer).run == other


@shared
def attended(run, session, trainer):
    """A class that asks all hours: one person present, one 200 minutes late, both completed or not."""
    ask(run, attendance_hours={"percent": 100})
    present, late = enrol_many(run, 2)
    entries = [entry(present), entry(late, AttendanceStatus.LATE, minutes_late=200)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    return present, late


def minutes():
    return list(AttendanceRecord.objects.order_by("enrolment").values_list("minutes", flat=True))


@pytest.mark.parametrize(
    ("changes", "after"),
    [({"ends_at": moment(6, 10)}, [120, 0]), ({"break_minutes": 30}, [180, 0])],
)
def test_shorter_session_settles_its_minutes_anew(session, attended, trainer, changes, after):
    assert minutes() == [210, 10]
    change(session, replace(MORNING, **changes), trainer)
    assert minutes() == after


def test_session_that_no_longer_counts_is_judged_anew(session, attended, trainer):
    SessionFactory(run=session.run, starts_at=moment(7, 8))
    change(session, replace(MORNING, is_required=False), trainer)
    attended[0].refresh_from_db()
    assert attended[0].status == EnrolmentStatus.ACTIVE


def test_change_is_logged_with_before_and_after_but_not_to_the_same(session, trainer):
    change(session, replace(MORNING, place=session.place), trainer)
    assert not ModelLogEntry.objects.filter(action__startswith="attendance.").exists()
    change(session, replace(MORNING, place="Phòng 3", title="Buổi 1"), trainer)
    data = ModelLogEntry.objects.get(action="attendance.change_session").data
    assert (data["before"]["place"], data["after"]["place"]) == ("Hội trường huyện", "Phòng 3")


def test_change_collides_with_another_session_and_not_with_itself(session, trainer):
    later = replace(MORNING, starts_at=moment(6, 8, 30))
    assert change(session, later, trainer).starts_at == moment(6, 8, 30)
    SessionFactory(run=session.run, starts_at=moment(6, 13))
    assert refused(change, session, AFTERNOON, trainer) == "overlap"
    # One without marks may move on.
    plan = replace(MORNING, starts_at=moment(7, 8), ends_at=moment(7, 11))
    assert change(session, plan, trainer).starts_at == moment(7, 8)


def test_session_with_marks_stays_in_the_past_and_is_never_removed(session, attended, trainer):
    plan = replace(MORNING, starts_at=moment(7, 8), ends_at=moment(7, 11))
    assert refused(change, session, plan, trainer) == "already_held"
    assert change(session, plan, trainer, at=IN_CLASS + timedelta(days=1)).starts_at == moment(7, 8)
    code = refused(remove_session, session=session, by=trainer, at=IN_CLASS)
    assert code == "session_has_marks"
    assert Session.objects.filter(pk=session.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_change_costs_the_same_queries_for_any_number(
    run, session, trainer, django_assert_num_queries, count
):
    entries = [entry(person) for person in enrol_many(run, count)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    # Asked once a process, by whichever test logs first.
    ContentType.objects.get_for_model(Session)
    with django_assert_num_queries(18):
        change(session, replace(MORNING, ends_at=moment(6, 10)), trainer)


def test_session_without_marks_is_removed_and_hours_no_longer_asked(
    run, session, attended, trainer
):
    second = create(run, AFTERNOON, trainer)
    remove_session(session=second, by=trainer, at=IN_CLASS)
    attended[0].refresh_from_db()
    assert list(Session.objects.all()) == [session]
    assert attended[0].status == EnrolmentStatus.COMPLETED
    assert ModelLogEntry.objects.filter(action=REMOVED).count() == 1


def test_class_of_one_day_names_it_once(run, trainer):
    set_fields(run, ends_on=date(2014, 5, 6))
    plan = replace(AFTERNOON, starts_at=moment(7, 8), ends_at=moment(7, 11))
    with raises_refusal("outside_class_dates") as caught:
        create(run, plan, trainer)
    assert numbers(caught.value.message) == [6, 5, 2014]


# --- Who teaches it, where, which module -----------------------------------------


def test_room_module_and_trainers_are_kept_and_changed(run, trainer):
    module = modules_of(run=run).get()
    plan = replace(
        AFTERNOON, room=" P.2 ", module_id=module.pk, trainer_ids=frozenset({trainer.pk})
    )
    session = create(run, plan, trainer)
    assert (session.where, session.module) == ("Phòng 2, P.2", module)
    assert trainers_of(session=session) == [trainer]

    change(session, replace(plan, trainer_ids=frozenset(), module_id=None), trainer)
    session.refresh_from_db()
    assert (session.module, list(session.trainers.all())) == (None, [])


def test_module_of_another_course_and_any_session_of_a_cancelled_class_are_refused(run, trainer):
    module = modules_of(run=make_class(course=make_course("khac"))).get()
    plan = replace(AFTERNOON, module_id=module.pk)
    assert refused(create, run, plan, trainer) == "module_of_other_course"
    set_fields(run, status=RunStatus.CANCELLED)
    assert refused(create, run, AFTERNOON, trainer) == "run_cancelled"


def test_session_alone_makes_nobody_a_trainer(run, session, trainer, other_trainer):
    plan = replace(AFTERNOON, trainer_ids=frozenset({other_trainer.pk}))
    assert refused(lambda: create(run, plan, trainer)) == "not_trainer_of_class"

    session.trainers.add(other_trainer)
    assert not Session.objects.manageable_by(other_trainer).filter(pk=session.pk).exists()
    assert trainers_of(session=session) == [trainer]


@pytest.mark.parametrize(("breaks", "minutes"), [(0, 210), (15, 195), (195, 15)])
def test_breaks_are_taken_off_the_session(run, trainer, breaks, minutes):
    assert create(run, replace(AFTERNOON, break_minutes=breaks), trainer).minutes == minutes


def test_session_from_which_somebody_was_excused_may_move_on(session, person, coordinator, trainer):
    day_before = IN_CLASS - timedelta(days=1)
    excuse = ask_excuse(session=session, enrolment=person, reason="Con ốm", at=day_before)
    decide_excuse(excuse=excuse, grant=True, by=coordinator, at=day_before)

    plan = replace(MORNING, starts_at=moment(7, 8), ends_at=moment(7, 11))
    assert change(session, plan, trainer, at=day_before).starts_at == moment(7, 8)
    assert session.records.get().status == AttendanceStatus.EXCUSED
