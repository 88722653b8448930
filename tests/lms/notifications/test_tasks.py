from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.extensions import PlannedReminder
from lms.notifications.tasks import plan_reminders_task, send_due_reminders_task
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory


@pytest.mark.django_db
def test_the_two_ticks_under_the_names_of_the_schedule(settings, kind, sink):
    now = timezone.now()
    user = UserFactory(email="mau@example.vn")
    kind.planned = [PlannedReminder("tests.note:1", user.pk, now, now + timedelta(days=1))]
    ticks = {task.name: task for task in (plan_reminders_task, send_due_reminders_task)}

    for entry in ("notifications.plan", "notifications.send"):
        ticks[settings.CELERY_BEAT_SCHEDULE[entry]["task"]]()

    assert sink.recipients == ["mau@example.vn"]


@pytest.mark.django_db
def test_ticks_of_the_other_ways(settings, kind, tmp_path):
    settings.SUITE_SMS_FOLDER = tmp_path
    ReminderFactory(user__email=None, user__phone="+84912345678", way="sms")
    called = ReminderFactory(user__email=None, way=PEOPLE)

    for entry in ("notifications.send_sms", "notifications.follow_up"):
        tick = settings.CELERY_BEAT_SCHEDULE[entry]
        current_app.tasks[tick["task"]](*tick.get("args", ()))
    send_due_reminders_task("gone")

    assert len(list(tmp_path.iterdir())) == 1
    called.refresh_from_db()
    assert called.state == ReminderState.UNREACHABLE
