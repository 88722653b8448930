"""Two workers in the same tick."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

from django.db import transaction
from django.utils import timezone

from lms.notifications.domain import sending
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.sending import send_due
from lms.notifications.domain.transitions import claim_due
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import PlannedReminder
from lms.notifications.models import Reminder, ReminderRule
from tests.at_once import ON_REAL_CONNECTIONS, alone, at_once
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory

PEOPLE = 40

pytestmark = ON_REAL_CONNECTIONS


def test_two_workers_at_once_plan_and_send_each_reminder_once(kind, sink, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 3)
    now = timezone.now()
    users = [UserFactory(email=f"nguoi-{number}@example.vn") for number in range(PEOPLE)]
    kind.planned = [
        PlannedReminder(f"tests.note:{user.pk}", user.pk, now, now + timedelta(days=1))
        for user in users
    ]
    together = Barrier(2, timeout=10)

    def work():
        plan_reminders(now=now)
        together.wait()
        return send_due(now=timezone.now()).sent

    sent = at_once(work, work)

    assert sum(sent) == PEOPLE
    assert min(sent) > 0
    assert sorted(sink.recipients) == sorted(user.email for user in users)
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}
    assert ReminderRule.objects.count() == 1


def test_what_is_due_to_one_person_is_not_split_between_two_workers(kind):
    first, other = ReminderFactory.create_batch(2)
    ReminderFactory(user=first.user)

    claim = partial(claim_due, now=timezone.now(), limit=10, way="email")

    # A worker between two statements of its claim, as far as the first person's first reminder.
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        list(Reminder.objects.select_for_update().filter(pk=first.pk))
        claimed = pool.submit(alone, claim).result(timeout=30)

    assert claimed == [other]
    assert len(claim_due(now=timezone.now(), limit=1, way="email")) == 2
