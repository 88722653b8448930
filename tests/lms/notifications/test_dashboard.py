"""The panel of the admin's front page about reminders that did not arrive."""

import pytest
from django.urls import reverse

from lms.notifications.dashboard import UndeliveredReminders
from lms.notifications.enums import ReminderState
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory
from tests.reading import panel_html


def reminder(state, commune="13384"):
    return ReminderFactory(user=PostingFactory(unit=unit(commune)).user, state=state)


def test_each_kind_of_failure_in_the_own_district_is_counted_and_one_tap_away(coordinator):
    reminder(ReminderState.FAILED, commune="13591")
    assert UndeliveredReminders().context(coordinator)["any"] is False
    assert 'class="suite-empty"' in panel_html(UndeliveredReminders, coordinator)

    for state in ReminderState:
        reminder(state)
    reminder(ReminderState.FAILED)

    assert UndeliveredReminders().context(coordinator) == {
        "failed": 2,
        "uncertain": 1,
        "unreachable": 1,
        "any": True,
        "pause": None,
    }
    page = panel_html(UndeliveredReminders, coordinator)
    assert f"{reverse('reminders:index')}?state=failed" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_constant(coordinator, django_assert_num_queries, rows):
    for _ in range(rows):
        reminder(ReminderState.FAILED)
    assert coordinator.scope

    with django_assert_num_queries(2):
        assert UndeliveredReminders().context(coordinator)["failed"] == rows
