from datetime import timedelta

import pytest
from django.utils import timezone

from lms.notifications.extensions import PlannedReminder
from lms.notifications.tasks import plan_reminders_task, send_due_reminders_task
from tests.factories.accounts import UserFactory


@pytest.mark.django_db
def test_the_two_ticks_under_the_names_of_the_schedule(settings, kind, sink):
    now = timezone.now()
    user = UserFactory(email="mau@example.vn")
    kind.planned = [PlannedReminder("tests.note:1", user.pk, now, now + timedelta(days=1))]
    ticks = {task.name: task for task in (plan_reminders_task, send_due_reminders_task)}

    for entry in ("notifications.plan", "notifications.send"):
        ticks[settings.CELERY_BEAT_SCHEDULE[entry]["task"]]()

    assert sink.recipients == ["mau@example.vn"]
