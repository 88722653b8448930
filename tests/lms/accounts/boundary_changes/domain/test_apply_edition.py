"""An edition takes effect: who goes over, who waits, and that nobody is lost from sight."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from hypothesis import given, strategies
from wagtail.models import ModelLogEntry

from courses.models import Enrolment
from lms.accounts.boundary_changes.domain import apply_edition as rules
from lms.accounts.boundary_changes.domain.apply_edition import (
    rehearse_edition,
    take_effect,
    usual_day,
)
from lms.accounts.enums import OVERSIGHT_ROLES, Cadre, Role
from lms.accounts.models import Posting, RoleAssignment, User
from lms.geography.models import AdministrativeUnit
from tests.chance import fewer_examples
from tests.factories.accounts import (
    PostingFactory,
    RoleAssignmentFactory,
    UserFactory,
    make_official,
)
from tests.factories.courses import EnrolmentFactory
from tests.factories.geography import unit
from tests.factories.reporting import make_world
from tests.lms.accounts.boundary_changes.domain.conftest import history, split_commune
from tests.refusing import raises_refusal

CODES = ["2013-07-24", "2020-01-01", "2025-01-01", "2025-07-01"]
OLD, NEW, LATER, LAST = CODES
TODAY = date(2026, 1, 5)


def test_post_ends_the_day_before_and_goes_on_in_the_successor(editions):
    post = PostingFactory(unit=unit("13384"), cadre=Cadre.COLLABORATOR)

    result = take_effect(edition=editions[NEW], today=TODAY)

    assert (result.posts, result.posts_waiting) == (1, 0)
    assert history(post.user) == [
        (OLD, "13384", date(2014, 1, 1), date(2019, 12, 31)),
        (NEW, "13384", date(2020, 1, 1), None),
    ]


@pytest.mark.parametrize("steps", [[LATER], [NEW, LATER]], ids=["passed over", "one by one"])
def test_post_goes_on_in_each_edition_that_took_effect(editions, steps):
    post = PostingFactory(unit=unit("13384"))

    for code in steps:
        take_effect(edition=editions[code], today=TODAY)

    assert [row[0] for row in history(post.user)] == [OLD, *steps]


def test_second_run_changes_nothing(editions):
    PostingFactory(unit=unit("13384"))
    RoleAssignmentFactory(role=Role.COORDINATOR, unit=unit("350"))
    take_effect(edition=editions[NEW], today=TODAY)
    before = list(Posting.objects.values()), list(RoleAssignment.objects.values())

    result = take_effect(edition=editions[NEW], today=TODAY)

    assert (result.posts, result.roles) == (0, 0)
    assert (list(Posting.objects.values()), list(RoleAssignment.objects.values())) == before
    assert ModelLogEntry.objects.filter(action="accounts.edition_used").count() == 1


def test_run_that_was_killed_is_finished_by_the_next(editions, monkeypatch):
    people = [PostingFactory(unit=unit("13384")).user for _number in range(5)]
    monkeypatch.setattr(rules, "_AT_ONCE", 2)
    portions = iter([2])
    moving = rules._move_portion

    def killed(*args):
        next(portions)
        return moving(*args)

    monkeypatch.setattr(rules, "_move_portion", killed)
    with pytest.raises(StopIteration):
        take_effect(edition=editions[NEW], today=TODAY)
    monkeypatch.setattr(rules, "_move_portion", moving)
    assert Posting.objects.filter(valid_to=None, unit__edition=editions[NEW]).count() == 2

    result = take_effect(edition=editions[NEW], today=TODAY)

    assert result.posts == 3
    assert {len(history(person)) for person in people} == {2}


def test_portions_cost_the_same_whatever_they_hold(editions, django_assert_num_queries):
    targets = rules.wholly_succeeded(edition=editions[NEW])
    for count in (1, 30):
        for _number in range(count):
            PostingFactory(unit=unit("13384"))
        targets = rules.wholly_succeeded(edition=editions[NEW])
        # Savepoint and release, who is next, the people, their posts, what is held, three updates
        # without those that would change nothing, one insert.
        with django_assert_num_queries(8):
            moved = rules._move_portion(editions[NEW], targets, date(2020, 1, 1))
        assert moved == count


def test_two_posts_in_communes_that_were_merged_are_one(editions):
    merged = AdministrativeUnit.objects.filter(edition=editions[NEW])
    target = merged.annotate(sources=Count("predecessors")).filter(sources=2).first()
    first, second = (one.from_unit for one in target.predecessors.select_related("from_unit"))
    user = UserFactory()
    for place in (first, second):
        PostingFactory(user=user, unit=place, valid_from=date(2014, 1, 1))

    take_effect(edition=editions[NEW], today=TODAY)

    assert Posting.objects.filter(user=user, valid_to=None).count() == 1
    assert Posting.objects.filter(user=user, valid_to=date(2019, 12, 31)).count() == 2


def test_post_that_began_after_that_day_is_put_right_or_ends_beside_its_successor(editions):
    post = PostingFactory(unit=unit("13384"), valid_from=date(2021, 3, 1))
    held = PostingFactory(unit=unit("13384", NEW), valid_from=date(2020, 5, 1))
    double = PostingFactory(user=held.user, unit=unit("13384"), valid_from=date(2021, 3, 1))

    take_effect(edition=editions[NEW], today=TODAY)

    assert history(post.user) == [(NEW, "13384", date(2021, 3, 1), None)]
    double.refresh_from_db()
    assert double.valid_to == date(2021, 3, 1)


def test_enrolment_keeps_the_unit_of_its_day(editions):
    world = make_world(editions[OLD])
    post = PostingFactory(unit=unit("13384"))
    enrolment = EnrolmentFactory(
        user=post.user, run=world.runs["350"], unit=post.unit, posting=post
    )

    take_effect(edition=editions[NEW], today=TODAY)

    enrolment.refresh_from_db()
    assert (enrolment.unit, enrolment.posting) == (unit("13384"), post)


@pytest.mark.parametrize(
    ("day", "code"), [(date(2019, 12, 31), "too_early"), (date(2026, 1, 6), "too_late")]
)
def test_day_outside_the_edition_or_ahead_is_refused(editions, day, code):
    with raises_refusal(code):
        take_effect(edition=editions[NEW], today=TODAY, on=day)


def test_edition_in_use_keeps_its_day_and_an_earlier_one_does_not_come_back(editions):
    take_effect(edition=editions[NEW], today=TODAY, on=date(2020, 2, 1))

    assert usual_day(edition=editions[NEW]) == date(2020, 2, 1)
    with raises_refusal("other_day"):
        take_effect(edition=editions[NEW], today=TODAY, on=date(2020, 3, 1))
    take_effect(edition=editions[LATER], today=TODAY)
    with raises_refusal("older"):
        take_effect(edition=editions[NEW], today=TODAY)


def test_role_goes_on_in_the_same_area_and_waits_where_that_is_gone(editions):
    role = RoleAssignmentFactory(role=Role.ADMINISTRATOR, unit=unit("35"))
    of_district = RoleAssignmentFactory(role=Role.COORDINATOR, unit=unit("350"))

    result = take_effect(edition=editions[LAST], today=TODAY)

    role.refresh_from_db()
    assert role.unit == unit("37", LAST)
    logged = ModelLogEntry.objects.get(action="accounts.role_followed")
    assert logged.data["previous"] == "tỉnh Hà Nam"
    assert result.waiting_roles == [of_district]


def test_role_that_is_held_in_the_successor_already_is_not_doubled(editions):
    role = RoleAssignmentFactory(role=Role.ADMINISTRATOR, unit=unit("35"))
    RoleAssignmentFactory(user=role.user, role=Role.ADMINISTRATOR, unit=unit("37", LAST))

    take_effect(edition=editions[LAST], today=TODAY)

    assert [one.unit for one in role.user.role_assignments.all()] == [unit("37", LAST)]


def test_rehearsal_tells_what_taking_effect_does_and_writes_nothing(editions):
    PostingFactory(unit=unit("13384"))
    PostingFactory(unit=split_commune(), valid_from=date(2025, 2, 1))
    RoleAssignmentFactory(role=Role.COORDINATOR, unit=unit("350"))
    before = list(Posting.objects.values())

    told = rehearse_edition(edition=editions[LAST])

    assert list(Posting.objects.values()) == before
    assert told == take_effect(edition=editions[LAST], today=TODAY)


PLACES = strategies.lists(
    strategies.tuples(strategies.integers(0, 400), strategies.booleans()), max_size=12
)
ROLES = strategies.lists(
    strategies.tuples(strategies.sampled_from(OVERSIGHT_ROLES), strategies.integers(0, 400)),
    min_size=1,
    max_size=4,
)


@fewer_examples(8)
@given(places=PLACES, roles=ROLES, steps=strategies.sampled_from([CODES[1:], [NEW], [LAST]]))
def test_readers_see_the_same_people_before_and_after(editions, places, roles, steps):
    with transaction.atomic():
        units = list(editions[OLD].units.order_by("path"))
        world = make_world(editions[OLD])
        for place, is_enrolled in places:
            post = PostingFactory(unit=units[place % len(units)])
            if is_enrolled:
                EnrolmentFactory(user=post.user, run=world.runs["350"], unit=post.unit)
        readers = [make_official(role, units[at % len(units)].code) for role, at in roles]
        before = [seen_by(reader) for reader in readers]

        for code in steps:
            take_effect(edition=editions[code], today=TODAY)

        assert [seen_by(reader) for reader in readers] == before
        transaction.set_rollback(True)


def seen_by(reader):
    fresh = User.objects.get(pk=reader.pk)
    return (
        set(User.objects.visible_to(fresh).values_list("pk", flat=True)),
        set(Enrolment.objects.visible_to(fresh).values_list("pk", flat=True)),
    )


def test_coordinator_of_a_new_unit_sees_the_enrolments_of_what_it_was_made_of(editions):
    world = make_world(editions[OLD])
    mine = EnrolmentFactory(run=world.runs["350"], unit=unit("13384"))
    EnrolmentFactory(run=world.runs["353"], unit=unit("13591"))
    reader = UserFactory()
    RoleAssignmentFactory(user=reader, role=Role.COORDINATOR, unit=unit("350", NEW))

    assert list(Enrolment.objects.visible_to(reader)) == [mine]


# --- The command ------------------------------------------------------------


def test_command_rehearses_then_does(editions):
    post = PostingFactory(unit=unit("13384"))
    PostingFactory(unit=split_commune(), valid_from=date(2025, 2, 1))

    told, done = StringIO(), StringIO()
    call_command("use_edition", LAST, "--rehearse", stdout=told)
    assert len(history(post.user)) == 1
    call_command("use_edition", LAST, stdout=done)

    assert told.getvalue() == done.getvalue()
    assert str(split_commune()) in done.getvalue()


def test_command_says_why_not(editions):
    with pytest.raises(CommandError):
        call_command("use_edition", "1997-01-01")
    with pytest.raises(CommandError):
        call_command("use_edition", NEW, "--on", "2019-01-01")
