from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from courses.domain.enrolling import (
    Intake,
    candidates,
    enrol_many,
    free_for,
    posted_in,
    preview_intake,
    withdraw,
)
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import Cadre, Role
from tests.factories.accounts import (
    PostingFactory,
    RoleAssignmentFactory,
    UserFactory,
    make_official,
)
from tests.factories.courses import HANOI, EnrolmentFactory, ask, enrol, make_run, read_lessons
from tests.factories.geography import make_map, unit
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal

on_sqlite_too = pytest.mark.sqlite("what a constraint refuses; days and paths in sub-queries")

AT = datetime(2014, 5, 5, 8, 0, tzinfo=HANOI)


def person(code="13384", **posting):
    user = UserFactory()
    PostingFactory(user=user, unit=unit(code), **posting)
    return user


def test_enrol_stamps_the_post_held_on_that_day(run):
    user = person("13591", valid_from=date(2013, 1, 1), valid_to=date(2014, 5, 4))
    now = PostingFactory(
        user=user, unit=unit("13384"), cadre=Cadre.COMMUNE_OFFICER, valid_from=date(2014, 5, 5)
    )

    enrolment = enrol(run=run, user=user, at=AT)

    enrolment.refresh_from_db()
    assert (enrolment.posting, enrolment.unit, enrolment.cadre, enrolment.enrolled_at) == (
        now,
        unit("13384"),
        Cadre.COMMUNE_OFFICER,
        AT,
    )
    assert enrolment.status == EnrolmentStatus.ACTIVE


def test_enrol_reads_the_day_in_viet_nam(run):
    # Seven in the evening of the 4th in UTC is the 5th in Hà Nam.
    user = person(valid_from=date(2014, 5, 5))

    at = datetime.fromisoformat("2014-05-04T19:00:00+00:00")

    assert enrol(run=run, user=user, at=at).user == user


@pytest.mark.parametrize(
    ("earlier", "later", "taken"),
    [("13384", "13591", "13384"), ("13591", "13588", "13588")],
    ids=["in the host district", "later of two elsewhere"],
)
def test_enrol_with_two_posts_takes_one(run, earlier, later, taken):
    user = person(earlier, valid_from=date(2013, 1, 1))
    PostingFactory(user=user, unit=unit(later), valid_from=date(2014, 1, 1))

    assert enrol(run=run, user=user, at=AT).unit == unit(taken)


@on_sqlite_too
def test_enrol_many_twice_enrols_once(run):
    users = [person(), person()]
    first = enrol_many(run=run, users=[*users, users[0]], at=AT)

    again = enrol_many(run=run, users=users, at=AT)

    assert [enrolment.user for enrolment in first] == users
    assert again == first
    assert run.enrolments.count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_enrol_many_query_count_is_constant(run, django_assert_num_queries, count):
    users = [person() for _ in range(count)]
    run = CourseRun.objects.get(pk=run.pk)

    # Two of the savepoint, the class and its host, who is in, their posts, one insert, another of
    # the moment; the lock, what the class asks, what they have, and their rows.
    with django_assert_num_queries(12):
        enrol_many(run=run, users=users, at=AT)


def test_enrol_without_post_names_the_person_and_the_day_or_counts_many(run):
    user = UserFactory(full_name="Trần Văn Mẫu")
    with raises_refusal("posting_missing") as refusal:
        enrol(run=run, user=user, at=AT)
    assert "Trần Văn Mẫu" in refusal.value.message
    assert "05/05/2014" in refusal.value.message

    with raises_refusal("posting_missing") as refusal:
        enrol_many(run=run, users=[user, person(), UserFactory()], at=AT)
    assert "2" in refusal.value.message
    assert run.enrolments.count() == 0


@pytest.mark.parametrize("status", [RunStatus.CLOSED, RunStatus.CANCELLED])
def test_enrol_into_a_class_that_is_over_is_refused(run, status):
    CourseRun.objects.update(status=status)

    with raises_refusal("run_not_enrolling"):
        enrol(run=run, user=person(), at=AT)


@on_sqlite_too
def test_enrol_again_after_withdrawal_is_active_with_a_new_stamp(run):
    user = person("13591", valid_to=date(2014, 4, 30))
    withdrawn = EnrolmentFactory(
        run=run, user=user, unit=unit("13591"), status=EnrolmentStatus.WITHDRAWN
    )
    PostingFactory(user=user, unit=unit("13384"), valid_from=date(2014, 5, 1))

    enrolment = enrol(run=run, user=user, at=AT)

    enrolment.refresh_from_db()
    assert enrolment.pk == withdrawn.pk
    assert (enrolment.status, enrolment.unit, enrolment.enrolled_at) == (
        EnrolmentStatus.ACTIVE,
        unit("13384"),
        AT,
    )


def test_enrol_again_who_had_done_everything_is_complete(run, lessons):
    ask(run, lessons={"percent": 100})
    user = person()
    withdrawn = EnrolmentFactory(
        run=run, user=user, unit=unit("13384"), status=EnrolmentStatus.WITHDRAWN
    )
    read_lessons(withdrawn, *lessons)

    enrolment = enrol(run=run, user=user, at=AT)

    assert (enrolment.status, enrolment.completed_at) == (EnrolmentStatus.COMPLETED, AT)


@on_sqlite_too
def test_posted_in_finds_the_cadres_of_a_unit_and_below_on_a_day_once(edition):
    inside = person("13384")
    PostingFactory(user=inside, unit=unit("13387"))
    person("13384", cadre=Cadre.COMMUNE_OFFICER)
    person("13591")
    person("13387", valid_to=date(2014, 5, 4))
    gone = person("13387")
    set_fields(gone, is_active=False)

    found = posted_in(unit=unit("350"), cadres=[Cadre.COLLABORATOR], day=AT.date())

    assert list(found) == [inside]


@on_sqlite_too
def test_preview_intake_counts_who_would_join(run):
    users = [person(), person(), person()]
    enrol(run=run, user=users[0], at=AT)
    EnrolmentFactory(run=run, user=users[1], unit=unit("13384"), status=EnrolmentStatus.WITHDRAWN)

    found = posted_in(unit=unit("350"), cadres=[Cadre.COLLABORATOR], day=AT.date())

    assert preview_intake(run=run, people=found) == Intake(joining=2, enrolled=1)


def test_who_learns_the_course_in_another_class_that_is_not_over_is_left_out(run):
    busy, finished, free, late = person(), person(), person(), person()
    other = make_run(run.course, unit("350"))
    enrol(run=other, user=busy, at=AT)
    enrol(run=other, user=finished, at=AT)
    Enrolment.objects.filter(user=finished).update(
        status=EnrolmentStatus.COMPLETED, completed_at=AT
    )
    over = make_run(run.course, unit("350"), status=RunStatus.CLOSED)
    EnrolmentFactory(run=over, user=late, unit=unit("13384"))
    people = posted_in(unit=unit("350"), cadres=[Cadre.COLLABORATOR], day=AT.date())

    assert preview_intake(run=run, people=people) == Intake(joining=3, enrolled=0, elsewhere=1)
    assert set(free_for(run=run, people=people)) == {finished, free, late}


def test_candidates_are_those_with_a_post_in_the_own_area_on_that_day(run):
    inside = [person("13384"), person("13387", cadre=Cadre.COMMUNE_OFFICER)]
    person("13591")
    person("13384", valid_to=date(2014, 5, 4))
    gone = person("13384")
    set_fields(gone, is_active=False)

    found = candidates(run=run, reader=make_official(Role.COORDINATOR, "350"), day=AT.date())

    assert set(found) == set(inside)


@pytest.mark.parametrize(("role", "count"), [(Role.TRAINER, 1), (Role.MONITOR, 0)])
def test_candidates_are_of_the_area_where_one_may_plan_classes(run, role, count):
    person("13384")

    assert candidates(run=run, reader=make_official(role, "350"), day=AT.date()).count() == count


def test_candidates_hold_posts_in_the_own_area_on_whatever_map(run):
    make_map("2020-01-01")
    found = PostingFactory(unit=unit("13384", "2020-01-01")).user
    PostingFactory(unit=unit("13591", "2020-01-01"))
    reader = make_official(Role.COORDINATOR, "350")
    RoleAssignmentFactory(user=reader, role=Role.COORDINATOR, unit=unit("350", "2020-01-01"))

    assert list(candidates(run=run, reader=reader, day=AT.date())) == [found]


@on_sqlite_too
def test_candidates_tell_who_is_in_and_who_learns_elsewhere(run):
    free, inside, left, busy = person(), person(), person(), person()
    enrol(run=run, user=inside, at=AT)
    EnrolmentFactory(run=run, user=left, unit=unit("13384"), status=EnrolmentStatus.WITHDRAWN)
    enrol(run=make_run(run.course, unit("353")), user=busy, at=AT)

    found = candidates(run=run, reader=make_official(Role.COORDINATOR, "350"), day=AT.date())

    assert {one: (one.is_enrolled, one.learns_elsewhere) for one in found} == {
        free: (False, False),
        inside: (True, False),
        left: (False, False),
        busy: (False, True),
    }


def test_withdraw_keeps_the_reason_and_who_gave_it(run):
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    trainer = UserFactory()
    with raises_refusal("reason_missing"):
        withdraw(enrolment=enrolment, by=trainer, reason=" ", at=AT)
    assert status_of(enrolment) == EnrolmentStatus.ACTIVE

    withdraw(enrolment=enrolment, by=trainer, reason=" Chuyển công tác ", at=AT)
    withdraw(enrolment=enrolment, by=trainer, reason="Lần hai", at=AT)

    enrolment.refresh_from_db()
    entry = ModelLogEntry.objects.get(action="courses.withdraw")
    assert enrolment.status == EnrolmentStatus.WITHDRAWN
    kept = (entry.user, entry.data, entry.timestamp)
    assert kept == (trainer, {"reason": "Chuyển công tác"}, AT)


def test_withdraw_who_has_completed_is_refused(run):
    enrolment = EnrolmentFactory(
        run=run, unit=unit("13384"), status=EnrolmentStatus.COMPLETED, completed_at=AT
    )

    with raises_refusal("enrolment_completed"):
        withdraw(enrolment=enrolment, by=UserFactory(), reason="Nhầm", at=AT)

    assert status_of(enrolment) == EnrolmentStatus.COMPLETED


@on_sqlite_too
def test_second_enrolment_in_one_class_is_impossible(run):
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))

    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentFactory(run=run, user=enrolment.user, unit=unit("13384"))

    assert Enrolment.objects.count() == 1
