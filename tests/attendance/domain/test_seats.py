"""Seats of a room beside the people who come: told wherever somebody could still do something."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from attendance.domain.sessions.scheduling import SessionPlan
from attendance.domain.sessions.seats import describe_crowd, find_crowds
from attendance.models import MakeUp
from courses.domain.opening import findings_of
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from tests.factories.accounts import PostingFactory
from tests.factories.attendance import SessionFactory, enrol_many, make_class
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, numbers
from tests.shared import shared


@shared
def trainees(run):
    return enrol_many(run, 3)


@shared
def guest(run, session, trainer):
    """Somebody of another class who makes up in the first session of this one."""
    other = make_class("353", course=run.course)
    (person,) = enrol_many(other, 1, commune="13591")
    missed = SessionFactory(run=other, starts_at=session.starts_at - timedelta(days=1))
    return MakeUp.objects.create(
        enrolment=person,
        missed_session=missed,
        session=session,
        agreed_by=trainer,
        agreed_at=session.starts_at - timedelta(hours=1),
    )


def people(run, session, **fields):
    """Whom too few seats were found for; None where there are enough, or nobody knows."""
    found = [one.people for one in find_crowds(run=run, periods=[session], **fields)]
    return found[0] if found else None


@pytest.mark.parametrize(("seats", "crowd"), [(None, None), (2, 3), (3, None), (4, None)])
def test_crowd_is_more_people_than_seats(run, session, trainees, seats, crowd):
    set_fields(session, seats=seats)

    assert people(run, session) == crowd


def test_whoever_withdrew_needs_no_seat(run, session, trainees):
    set_fields(session, seats=2)
    set_fields(trainees[0], status=EnrolmentStatus.WITHDRAWN)

    assert people(run, session) is None


def test_guest_needs_a_seat_until_that_is_taken_back(run, session, trainees, guest, trainer):
    set_fields(session, seats=3)
    crowd = people(run, session)
    set_fields(guest, taken_back_at=guest.agreed_at, taken_back_by=trainer, reason="Ốm")

    assert (crowd, people(run, session)) == (4, None)


def test_new_plan_of_a_session_keeps_its_guests(run, session, trainees, guest):
    plan = SessionPlan("Buổi 1", session.starts_at, session.ends_at, seats=3)

    assert people(run, plan) is None
    assert people(run, plan, planned=session) == 4


def test_whoever_joins_is_counted_once(run, session, trainees):
    set_fields(session, seats=3)
    free = PostingFactory(unit=unit("13384")).user
    joining = User.objects.filter(pk__in=[free.pk, trainees[0].user_id])

    assert people(run, session, joining=joining) == 4


def test_class_that_is_not_saved_yet_has_nobody(trainees):
    plan = SessionPlan("Buổi 1", timezone.now(), timezone.now(), seats=1)

    assert people(CourseRun(), plan) is None


@pytest.mark.parametrize(("seats", "queries"), [(None, 0), (1, 2)])
@pytest.mark.parametrize("count", [1, 4])
def test_seats_cost_the_same_queries_whatever_the_number_of_sessions(
    run, trainees, guest, seats, queries, count, django_assert_num_queries
):
    sessions = [
        SessionFactory(run=run, seats=seats, starts_at=timezone.now() + timedelta(days=day))
        for day in range(count)
    ]

    with django_assert_num_queries(queries):
        found = find_crowds(run=run, periods=sessions)

    assert len(found) == (count if seats else 0)


def test_one_seat_is_told_as_one(run, session, trainees):
    set_fields(session, seats=1)
    (crowd,) = find_crowds(run=run, periods=[session])

    with override("en"):
        told = describe_crowd(crowd)

    assert numbers(told) == [1, 3, 1]
    assert "seats" not in told


def test_database_knows_no_room_without_a_seat(session):
    with pytest.raises(IntegrityError), transaction.atomic():
        set_fields(session, seats=0)


def test_opening_tells_of_it(run, session, trainees, coordinator):
    set_fields(run, status=RunStatus.PLANNED)
    before = findings_of(run=run, reader=coordinator)
    set_fields(session, seats=2)

    new = {one.text for one in findings_of(run=run, reader=coordinator)}

    assert [one for one in new - {one.text for one in before} if "Buổi 1" in one]


@pytest.mark.parametrize(("seats", "told"), [(4, False), (3, True)])
def test_enrolling_an_area_tells_of_whoever_would_have_no_seat(
    as_coordinator, run, session, trainees, seats, told
):
    """Three sit there, one would join."""
    set_fields(session, seats=seats)
    PostingFactory(unit=unit("13384"), cadre=Cadre.COLLABORATOR)
    chosen = {"unit": unit("13384").pk, "cadres": [Cadre.COLLABORATOR]}

    page = as_coordinator.get(reverse("runs:enrol", args=[run.pk]), chosen)

    crowds = page.context.get("crowds", [])
    assert [seats in numbers(crowd) for crowd in crowds] == [True] * told
    assert all(crowd in html_of(page) for crowd in crowds)


def test_enrolling_by_name_tells_of_those_who_have_none_already(
    as_coordinator, run, session, trainees
):
    set_fields(session, seats=2)

    page = as_coordinator.get(reverse("runs:enrol_by_name", args=[run.pk]))

    (crowd,) = page.context["crowds"]
    assert 2 in numbers(crowd)
    assert crowd in html_of(page)


@pytest.mark.parametrize(("days", "told"), [(1, True), (-1, False)])
def test_class_tells_of_it_until_the_session_is_over(as_trainer, run, trainees, days, told):
    SessionFactory(run=run, seats=2, starts_at=timezone.now() + timedelta(days=days))

    page = as_trainer.get(reverse("courses:run_detail", args=[run.pk]))

    (line,) = page.context["lines"]
    assert (2 in numbers(line["crowd"])) == told
    assert line["crowd"] in html_of(page)
