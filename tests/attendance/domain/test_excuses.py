"""Excuses: asked with a reason, decided once by the unit, written as a mark."""

from datetime import timedelta

import pytest

from attendance.domain.excuses.decisions import ask_excuse, decide_excuse, withdraw_excuse
from attendance.domain.excuses.rules import describe_effect, excuses_to_decide
from attendance.domain.hours.rules import rules_of
from attendance.domain.register.sign_off import sign_session
from attendance.enums import ExcuseState, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Excuse
from courses.domain.progress import progress_of
from courses.domain.runs import cancel_run
from courses.enums import EnrolmentStatus
from tests.factories.accounts import UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, entry, take_roll
from tests.factories.courses import ask
from tests.factories.rows import set_fields, status_of
from tests.refusing import refused

DAY_BEFORE = IN_CLASS - timedelta(days=1)
AFTER = IN_CLASS + timedelta(days=1)


def asked(session, person, *, reason="Con ốm", at=DAY_BEFORE, **more):
    return ask_excuse(session=session, enrolment=person, reason=reason, at=at, **more)


def to_decide(by):
    return [one.excuse for one in excuses_to_decide(by=by)]


def test_who_is_refused_before_the_session_may_still_come(session, person, coordinator):
    excuse = asked(session, person)

    decide_excuse(excuse=excuse, grant=False, by=coordinator, at=DAY_BEFORE)

    excuse.refresh_from_db()
    assert excuse.state == ExcuseState.REFUSED
    assert not AttendanceMark.objects.exists()


@pytest.mark.parametrize("grant", [True, False])
@pytest.mark.parametrize(("status", "more"), [("present", {}), ("late", {"minutes_late": 20})])
def test_decision_leaves_whoever_came_as_noted(
    session, person, trainer, coordinator, grant, status, more
):
    excuse = asked(session, person)
    noted = entry(person, status, **more)
    take_roll(session=session, entries=[noted], by=trainer, at=IN_CLASS)

    decide_excuse(excuse=excuse, grant=grant, by=coordinator, at=AFTER)

    excuse.refresh_from_db()
    assert excuse.state == (ExcuseState.GRANTED if grant else ExcuseState.REFUSED)
    assert AttendanceRecord.objects.get().status == status


@pytest.mark.parametrize(
    ("grant", "at", "status"), [(True, DAY_BEFORE, "excused"), (False, AFTER, "absent")]
)
def test_decision_writes_the_mark(session, person, coordinator, grant, at, status):
    excuse = asked(session, person)
    for _time in range(2):
        decide_excuse(excuse=excuse, grant=grant, by=coordinator, at=at)

    mark = AttendanceMark.objects.get()
    assert (mark.status, mark.method, mark.reason) == (status, MarkMethod.EXCUSE_DECIDED, "Con ốm")
    again = {"excuse": excuse, "grant": not grant, "by": coordinator, "at": AFTER}
    assert refused(decide_excuse, **again) == "already_decided"
    assert refused(withdraw_excuse, excuse=excuse) == "already_decided"
    assert asked(session, person) == excuse


@pytest.mark.parametrize("waives", [True, False])
def test_rule_of_the_class_says_whether_the_hours_are_waived(
    run, session, person, coordinator, waives
):
    SessionFactory(run=run, starts_at=session.ends_at + timedelta(hours=2))
    ask(run, attendance_hours={"percent": 100, "excuse_waives_hours": waives})
    told = describe_effect(rules_of(run))
    decide_excuse(excuse=asked(session, person), grant=True, by=coordinator, at=AFTER)

    (result,) = progress_of(enrolment_ids=[person.pk])[person.pk]
    assert result.required == (210 if waives else 420)
    assert told != ""


def test_who_is_excused_from_everything_has_completed_nothing(run, session, person, coordinator):
    ask(run, attendance_hours={"percent": 100, "excuse_waives_hours": True})
    decide_excuse(excuse=asked(session, person), grant=True, by=coordinator, at=AFTER)

    assert status_of(person) == EnrolmentStatus.ACTIVE


def test_what_may_not_be_asked(run, session, person):
    late = session.ends_at + timedelta(days=7, seconds=1)
    assert refused(asked, session, person, at=late) == "excuse_too_late"
    assert refused(asked, session, person, reason=" ") == "reason_required"
    set_fields(person, status=EnrolmentStatus.WITHDRAWN)
    assert refused(asked, session, person) == "withdrawn"
    cancel_run(run=run, at=DAY_BEFORE, reason="Mưa bão")
    assert refused(asked, session, person) == "session_cancelled"


def test_asked_twice_is_one_request_and_taken_back_it_may_be_asked_anew(session, person):
    first = asked(session, person)
    assert asked(session, person, reason="Khác") == first
    for _time in range(2):
        withdraw_excuse(excuse=first)
    assert asked(session, person).pk != first.pk
    assert Excuse.objects.count() == 2


def test_other_words_that_somebody_takes_down_are_not_dropped_silently(
    session, person, trainer, coordinator
):
    excuse = asked(session, person, noted_by=trainer)
    assert asked(session, person, noted_by=trainer) == excuse
    other = {"session": session, "enrolment": person, "at": AFTER, "reason": "Con ốm"}
    assert refused(ask_excuse, **other, noted_by=coordinator) == "already_asked"
    assert refused(ask_excuse, **other | {"reason": "Bão"}, noted_by=trainer) == "already_asked"
    assert Excuse.objects.get().reason == "Con ốm"


def test_only_the_unit_decides(session, person, trainer, other_trainer, coordinator):
    excuse = asked(session, person)
    for by in (trainer, other_trainer):
        call = {"excuse": excuse, "grant": True, "by": by, "at": AFTER}
        assert refused(decide_excuse, **call) == "not_decider"
        assert not to_decide(by)
    assert to_decide(coordinator) == [excuse]


def test_decision_about_a_class_that_was_cancelled_or_left(run, session, person, coordinator):
    excuse = asked(session, person)
    call = {"excuse": excuse, "grant": True, "by": coordinator, "at": AFTER}
    set_fields(person, status=EnrolmentStatus.WITHDRAWN)
    assert refused(decide_excuse, **call) == "withdrawn"
    cancel_run(run=run, at=DAY_BEFORE, reason="Mưa bão")
    assert refused(decide_excuse, **call) == "session_cancelled"
    excuse.refresh_from_db()
    assert excuse.state == ExcuseState.ASKED


def test_excuse_is_decided_although_the_register_was_signed(session, person, trainer, coordinator):
    excuse = asked(session, person, at=AFTER)
    sign_session(session=session, by=trainer, at=AFTER, absent=[person.pk])
    decide_excuse(excuse=excuse, grant=True, by=coordinator, at=AFTER)
    assert person.attendance_records.get().status == "excused"


def test_requests_of_people_whom_one_may_not_see_are_left_to_the_province(
    run, session, person, coordinator
):
    (stranger,) = enrol_many(run, 1, commune="13591")
    seen = asked(session, person)
    hidden = asked(session, stranger)
    province = UserFactory(is_superuser=True)

    assert to_decide(coordinator) == [seen]
    assert set(to_decide(province)) == {seen, hidden}
