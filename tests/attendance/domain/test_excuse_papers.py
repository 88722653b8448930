"""Who decides until when; the paper of a request; what happens between asking and deciding."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from attendance.domain.excuses.decisions import attach_paper, decide_excuse, withdraw_excuse
from attendance.domain.excuses.rules import decide_until, describe_decision, excuses_to_decide
from attendance.domain.excuses.waiting import decision_lines
from attendance.domain.hours.rules import AttendanceRules
from attendance.domain.register.sign_off import sign_session
from attendance.domain.sessions.cancelling import cancel_session
from attendance.domain.sessions.scheduling import SessionPlan, change_session, remove_session
from attendance.enums import ExcuseState
from attendance.models import Excuse
from courses.domain.runs import close_run
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.accounts.merging.domain.merge import merge
from lms.accounts.personal_data.domain.retention import purge_personal_data
from lms.accounts.register.domain.roles import assign_role
from tests.attendance.domain.test_excuses import AFTER, DAY_BEFORE, asked, to_decide
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, entry, take_roll
from tests.factories.courses import ask
from tests.factories.geography import unit
from tests.refusing import refused


def paper(text=b"1", name="don.pdf"):
    return ContentFile(text, name=name)


def decision(excuse, by, *, grant=True, at=AFTER):
    return {"excuse": excuse, "grant": grant, "by": by, "at": at}


def let_trainers_decide(run):
    ask(run, attendance_hours={"percent": 100, "trainers_decide_excuses": True})


def test_second_who_decides_is_told_who_decided_what(session, person, coordinator):
    colleague = make_official(Role.COORDINATOR, "350", full_name="Bùi Thị Hai")
    excuse = asked(session, person)
    decide_excuse(**decision(excuse, coordinator))
    for grant in (True, False):
        with pytest.raises(Exception, match=coordinator.full_name) as caught:
            decide_excuse(**decision(excuse, colleague, grant=grant))
        assert caught.value.code == "already_decided"
    assert person.attendance_marks.count() == 1


def test_trainer_decides_where_the_class_says_so_and_until_it_is_signed(
    run, session, person, trainer, other_trainer, coordinator
):
    let_trainers_decide(run)
    excuse = asked(session, person)
    assert to_decide(trainer) == to_decide(coordinator) == [excuse]
    assert to_decide(other_trainer) == []
    sign_session(session=session, by=trainer, at=AFTER, absent=[person.pk])
    assert to_decide(trainer) == []
    assert refused(decide_excuse, **decision(excuse, trainer)) == "not_decider"
    decide_excuse(**decision(excuse, coordinator))
    assert to_decide(coordinator) == []


def test_nobody_decides_about_an_own_request(run, session, person, trainer, coordinator):
    let_trainers_decide(run)
    assign_role(user=person.user, role=Role.COORDINATOR, unit=unit("350"))
    excuse = asked(session, person)
    assert to_decide(person.user) == []
    assert refused(decide_excuse, **decision(excuse, person.user)) == "not_decider"
    assert refused(decide_excuse, **decision(excuse, UserFactory())) == "not_decider"
    decide_excuse(**decision(excuse, trainer, at=IN_CLASS))


def test_day_of_the_decision_counts_from_the_session_or_a_later_request(session):
    ends_at = session.ends_at
    assert decide_until(ends_at=ends_at, asked_at=DAY_BEFORE, days=3) == date(2014, 5, 9)
    late = ends_at + timedelta(days=5)
    assert decide_until(ends_at=ends_at, asked_at=late, days=1) == date(2014, 5, 12)


def test_list_says_what_is_overdue_noted_and_moved(
    run, session, person, trainer, coordinator, django_assert_num_queries
):
    later = SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1))
    ask(run, attendance_hours={"percent": 100, "excuse_days": 1})
    second = asked(later, person)
    first = asked(session, person)
    take_roll(session=session, entries=[entry(person)], by=trainer, at=IN_CLASS)
    plan = {"title": later.title, "starts_at": later.starts_at + timedelta(hours=1)}
    move(later, by=trainer, **plan)

    # The roles of the reader are read once a request.
    assert to_decide(coordinator) == [first, second]
    with django_assert_num_queries(3):
        lines = decision_lines(by=coordinator, now=session.ends_at + timedelta(days=2))
    assert [(line.waiting.excuse, line.is_overdue) for line in lines] == [
        (first, True),
        (second, False),
    ]
    assert [len(line.notes) for line in lines] == [1, 1]
    assert decision_lines(by=trainer, now=AFTER) == []


def move(session, *, by, title, starts_at):
    plan = SessionPlan(
        title=title, starts_at=starts_at, ends_at=session.ends_at, place=session.place
    )
    change_session(session=session, plan=plan, by=by, at=DAY_BEFORE + timedelta(hours=1))


def test_what_can_no_longer_be_decided_is_no_work(run, session, person, trainer, coordinator):
    excuse = asked(session, person)
    assert refused(remove_session, session=session, by=trainer, at=AFTER) == "session_has_excuses"
    cancel_session(session=session, reason="Mưa bão", by=trainer, at=DAY_BEFORE)
    assert to_decide(coordinator) == []
    assert refused(decide_excuse, **decision(excuse, coordinator)) == "session_cancelled"


def test_decided_although_the_class_was_closed(run, session, person, coordinator):
    excuse = asked(session, person)
    close_run(run=run, at=AFTER)
    decide_excuse(**decision(excuse, coordinator))
    assert person.attendance_records.get().status == "excused"


def test_request_moves_with_the_person_who_was_merged(run, session, person, coordinator):
    excuse = asked(session, person)
    keep = enrol_elsewhere(person)
    root = UserFactory(is_superuser=True)
    merge(keep=keep, close=person.user, by=root, at=timezone.now())
    excuse.refresh_from_db()
    assert excuse.enrolment.user == keep
    decide_excuse(**decision(excuse, coordinator))
    assert Enrolment.objects.get(user=keep).attendance_records.get().status == "excused"


def enrol_elsewhere(person):
    return PostingFactory(unit=unit("13387"), user__full_name=person.user.full_name).user


def stored(excuse):
    excuse.refresh_from_db()
    return excuse.paper.name, excuse.paper.storage


def test_paper_is_replaced_and_goes_with_the_request(
    session, person, coordinator, django_capture_on_commit_callbacks
):
    excuse = asked(session, person, paper=paper())
    first, storage = stored(excuse)
    assert storage.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        attach_paper(excuse=excuse, paper=paper(b"2"))
    second, storage = stored(excuse)
    assert (storage.exists(first), storage.exists(second)) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_excuse(excuse=excuse)
    assert not storage.exists(second)
    assert stored(excuse)[0] == ""


def test_paper_is_gone_when_the_reason_is_no_longer_kept(
    session, person, coordinator, django_capture_on_commit_callbacks
):
    excuse = asked(session, person, paper=paper())
    name, storage = stored(excuse)
    decide_excuse(**decision(excuse, coordinator))
    assert refused(attach_paper, excuse=excuse, paper=paper()) == "already_decided"
    with django_capture_on_commit_callbacks(execute=True):
        purge_personal_data(at=AFTER + timedelta(days=400))
    assert not storage.exists(name)
    assert (stored(excuse)[0], Excuse.objects.get().reason) == ("", "–")


def test_only_those_who_take_the_roll_and_the_person_see_a_request(
    run, session, person, trainer, other_trainer, coordinator
):
    asked(session, person)
    monitor = make_official(Role.MONITOR, "350")
    (fellow,) = enrol_many(run, 1)
    seen = {
        who: Excuse.objects.visible_to(one).exists()
        for who, one in {
            "person": person.user,
            "trainer": trainer,
            "coordinator": coordinator,
            "other_trainer": other_trainer,
            "monitor": monitor,
            "fellow": fellow.user,
        }.items()
    }
    assert [who for who, sees in seen.items() if sees] == ["person", "trainer", "coordinator"]


def test_request_taken_back_does_not_wait_and_is_not_decided(session, person, coordinator):
    excuse = asked(session, person)
    assert list(Excuse.objects.waiting()) == [excuse]
    withdraw_excuse(excuse=excuse)
    assert not Excuse.objects.waiting()
    assert excuses_to_decide(by=coordinator) == []
    assert refused(decide_excuse, **decision(excuse, coordinator)) == "already_decided"


@pytest.mark.parametrize("waives", [True, False])
def test_decision_says_the_hours_of_the_session(session, waives):
    rules = AttendanceRules(excuse_waives_hours=waives)
    said = {
        state: describe_decision(Excuse(session=session, state=state), rules=rules)
        for state in (ExcuseState.GRANTED, ExcuseState.REFUSED)
    }
    assert all("3 giờ 30 phút" in text for text in said.values())
    plain = describe_decision(
        Excuse(session=session, state=ExcuseState.GRANTED), rules=AttendanceRules()
    )
    assert (said[ExcuseState.GRANTED] == plain) is not waives
    assert said[ExcuseState.REFUSED] != plain
