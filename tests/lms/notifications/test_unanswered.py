"""Reminders that changed nothing are told to the focal point, and then to the coordinator."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.accounts.enums import Role
from lms.geography.models import UnitCover
from lms.notifications.enums import ReminderState
from lms.notifications.reminders import NEXT_STAGE, Unanswered
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory, make_official
from tests.factories.geography import merge_kim_bang, unit
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.factories.rows import set_fields
from tests.reminding import planned, said

KIND = Unanswered()
DAY = timedelta(days=1)


@pytest.fixture
def told(kind, edition):
    """A person of Đức Lý who was told twice, and two in charge of the commune and the district."""
    person = PostingFactory(unit=unit("13387")).user
    focal_point = make_official(Role.FOCAL_POINT, "13387")
    coordinator = make_official(Role.COORDINATOR, "350")
    make_official(Role.FOCAL_POINT, "13591")
    rule = ReminderRuleFactory(repeat_times=1)
    for occurrence in (0, 1):
        reminder = ReminderFactory(user=person, rule=rule, occurrence=occurrence, run_title="Lớp")
        set_fields(reminder, state=ReminderState.SENT)
    return reminder, focal_point, coordinator


def test_focal_point_first_and_the_coordinator_a_week_later_read_whom_to_call(told):
    reminder, focal_point, coordinator = told
    now = timezone.now()
    items = planned(KIND, now)

    first = reminder.state_since + 3 * DAY
    due = {focal_point.pk: first, coordinator.pk: first + NEXT_STAGE}
    assert {one.user_id: one.due_at for one in items} == due
    messages = said(KIND, items, now)
    assert messages.keys() == due.keys()
    assert all(reminder.user.full_name in one.body for one in messages.values())
    assert all("Lớp" in one.body for one in messages.values())


def test_moot_for_who_is_in_charge_no_more_for_what_is_moot_itself_and_for_kinds_taken_out(
    told, kind
):
    reminder, focal_point, coordinator = told
    now = timezone.now()
    items = planned(KIND, now)
    focal_point.role_assignments.all().delete()
    assert said(KIND, items, now).keys() == {coordinator.pk}

    kind.unwanted = {reminder.unique_key}
    assert said(KIND, items, now) == {}
    kind.unwanted = set()
    set_fields(reminder.rule, kind="gone.note")
    assert said(KIND, items, now) == {}


def test_said_once_and_never_again_is_nothing_to_escalate(told):
    reminder, *_rest = told
    set_fields(reminder.rule, repeat_times=2)

    assert planned(KIND, timezone.now()) == []


def test_in_charge_are_those_of_the_map_that_holds_now_and_of_the_tier_above(kind, edition):
    """The person's post stands on a commune of 2025, into which two old ones went; no district is left.
    One officer was appointed on the new map, one on the old, one for the whole province.
    """
    merged = merge_kim_bang()
    focal_point, elsewhere = (
        RoleAssignmentFactory(role=Role.FOCAL_POINT, unit=place).user
        for place in (merged, unit("13591"))
    )
    coordinators = [make_official(Role.COORDINATOR, code) for code in ("350", "35")]
    other = make_official(Role.COORDINATOR, "353")
    person = PostingFactory(unit=merged).user
    UnitCover.objects.create(unit=unit("35", "2025-07-01"), covered=unit("35"))
    UnitCover.objects.create(unit=unit("35"), covered=unit("35", "2025-07-01"))
    rule = ReminderRuleFactory(repeat_times=1)
    ReminderFactory(user=person, rule=rule, occurrence=1, state=ReminderState.SENT)

    found = {one.user_id for one in planned(KIND, timezone.now())}

    assert found == {focal_point.pk, *(one.pk for one in coordinators)}
    assert not found & {elsewhere.pk, other.pk}


def test_whoever_holds_both_roles_is_told_once_and_first(told):
    reminder, focal_point, coordinator = told
    RoleAssignmentFactory(user=focal_point, role=Role.COORDINATOR, unit=unit("350"))

    found = [(one.user_id, one.due_at) for one in planned(KIND, timezone.now())]

    first = reminder.state_since + 3 * DAY
    assert found == [(focal_point.pk, first), (coordinator.pk, first + NEXT_STAGE)]
