"""A message that perhaps arrived waits for somebody who asks."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.notifications.domain.uncertain import SETTLE_ACTION, settle_uncertain
from lms.notifications.enums import ReminderState
from tests.factories.accounts import PostingFactory, browse
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared


@shared
def reminder(edition):
    person = PostingFactory(unit=unit("13387")).user
    return ReminderFactory(user=person, state=ReminderState.UNCERTAIN)


@pytest.mark.parametrize(
    ("arrived", "state"), [(True, ReminderState.SENT), (False, ReminderState.FAILED)]
)
def test_word_of_whoever_asked_is_kept_with_the_name(coordinator, reminder, arrived, state):
    settle_uncertain(reminder=reminder, arrived=arrived, by=coordinator)

    reminder.refresh_from_db()
    entry = ModelLogEntry.objects.get(action=SETTLE_ACTION)
    assert (reminder.state, entry.user, entry.data) == (state, coordinator, {"arrived": arrived})
    with raises_refusal("not_uncertain"):
        settle_uncertain(reminder=reminder, arrived=True, by=coordinator)


def test_page_asks_and_takes_the_answer(coordinator, reminder):
    client, page = browse(coordinator), reverse("reminders:settle", args=[reminder.pk])
    assert page in html_of(client.get(reverse("reminders:inspect", args=[reminder.pk])))
    assert client.get(page).status_code == 200

    client.post(page, {"arrived": "0"})

    reminder.refresh_from_db()
    assert reminder.state == ReminderState.FAILED
