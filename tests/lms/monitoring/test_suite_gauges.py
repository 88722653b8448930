"""What an alarm reads is what is there; what cannot be read says so and hides nothing else."""

import errno
import json
import shutil
import time
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from celery import Celery
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from prometheus_client import CollectorRegistry, Metric
from redis import Redis

from lms.core import task_messages
from lms.core.gauges import gauges
from lms.core.models import Heartbeat
from lms.core.task_messages import QUEUED_AT
from lms.importing.enums import BatchState
from lms.importing.models import ImportBatch
from lms.monitoring.suite_gauges import SuiteGauges
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import reminder_kinds
from tests.factories.accounts import UserFactory
from tests.factories.certificates import CertificateTemplateFactory, completed
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory
from tests.services import free_port, valkey_url

# Of an app that is installed; rows of others wait for it to come back.
KIND = next(iter(reminder_kinds)).key
WAY_FIGURES = ("failing_seconds", "accepted_today")


def figures(*names: str) -> dict[tuple[str, ...], float]:
    """The figures of these metrics, by name and value of the label."""
    registry = CollectorRegistry()
    registry.register(SuiteGauges())
    metrics: list[Metric] = list(registry.collect())
    return {
        (sample.name.removeprefix("suite_"), *sample.labels.values()): sample.value
        for metric in metrics
        for sample in metric.samples
        if metric.name.removeprefix("suite_") in names
    }


def test_reminders_imports_and_certificates_that_wait(db, edition):
    run = make_run(make_course(), unit("350"))
    completed(run, unit("13591"))
    soon = timezone.now() + timedelta(hours=1)
    past = timezone.now() - timedelta(minutes=1)
    for state, due in (
        (ReminderState.PLANNED, past),
        (ReminderState.PLANNED, soon),
        (ReminderState.FAILED, past),
    ):
        ReminderFactory(state=state, due_at=due, rule__kind=KIND)
    old = timezone.now() - timedelta(minutes=10)
    for state in (BatchState.REHEARSING, BatchState.REHEARSED):
        ImportBatch.objects.create(state=state, state_since=old, kind="people", by=UserFactory())

    found = figures(*(gauge.key for gauge in gauges))

    assert found.pop(("imports_age_seconds",)) == pytest.approx(600, abs=30)
    assert found == {
        ("reminders_due",): 1,
        ("reminders_failed", "failed"): 1,
        ("reminders_failed", "uncertain"): 0,
        ("reminders_failed", "unreachable"): 0,
        ("imports_waiting",): 1,
        ("certificates_outstanding", "issue"): 0,
        ("certificates_outstanding", "file"): 0,
        ("certificates_outstanding", "template"): 1,
        **{(f"way_{what}", way): 0 for what in WAY_FIGURES for way in ("email", "site", "sms")},
    }

    CertificateTemplateFactory()
    assert figures("certificates_outstanding")["certificates_outstanding", "issue"] == 1


def test_each_figure_costs_one_query(db, edition, django_assert_num_queries):
    # What is due asks besides whether everything is paused.
    with django_assert_num_queries(11):
        figures()


def test_signs_of_life_are_told_by_queue(db):
    now = timezone.now()
    for name, seconds in (("urgent", 1), ("beat", 7), ("pulse bulk", 3), ("backup", 86_400)):
        Heartbeat.objects.create(name=name, ticked_at=now - timedelta(seconds=seconds))

    found = figures("heartbeat_age_seconds", "backup_age_seconds")

    assert {key: round(value, -1) for key, value in found.items()} == {
        ("heartbeat_age_seconds", "urgent"): 0,
        ("heartbeat_age_seconds", "beat"): 10,
        ("backup_age_seconds",): 86_400,
    }


def without_share(folder, usage=shutil.disk_usage):
    """As where one folder lies on a machine that is gone."""
    if folder.name == "private":
        raise OSError(errno.ESTALE, "Stale file handle")
    return usage(folder)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_dead_database_and_disk_are_told_and_the_rest_as_well(db, settings, tmp_path, error):
    settings.DATA_DIR = tmp_path
    for name in ("media", "private"):
        (tmp_path / name).mkdir()

    with (
        patch.object(Heartbeat.objects, "values_list", side_effect=error),
        patch.object(shutil, "disk_usage", without_share),
    ):
        found = figures("database_up", "reminders_due", "disk_free_bytes")

    assert found.pop(("disk_free_bytes", "media")) == pytest.approx(
        shutil.disk_usage(tmp_path).free, rel=0.1
    )
    assert found == {("database_up",): 0}


def test_queue_tells_how_long_its_oldest_message_waits(db, settings):
    with valkey_url() as url:
        settings.CELERY_BROKER_URL = url.rpartition("/")[0] + "/11"
        app = Celery("tests", set_as_current=False)
        with app.connection_for_write(settings.CELERY_BROKER_URL) as connection:
            for seconds in (90, 10):
                then = SimpleNamespace(time=lambda late=seconds: time.time() - late)
                with patch.object(task_messages, "time", then):
                    app.send_task("nothing", queue="bulk", connection=connection)
            found = figures("queue_length", "queue_age_seconds", "broker_up")
            app.control.purge(connection=connection)

    assert found["broker_up",] == 1
    assert found["queue_length", "bulk"] == 2
    assert found["queue_length", "urgent"] == found["queue_age_seconds", "urgent"] == 0
    assert found["queue_age_seconds", "bulk"] == pytest.approx(90, abs=9)


def test_message_that_cannot_be_read_hides_no_figure(db, settings):
    odd = [b"", b"\x00\xff", b"7", b"[]", b"{}", b'{"headers": 1}', b'{"headers": {}}']
    odd += [json.dumps({"headers": {QUEUED_AT: "so"}}), json.dumps({"headers": {QUEUED_AT: None}})]
    with valkey_url() as url:
        settings.CELERY_BROKER_URL = url.rpartition("/")[0] + "/12"
        with Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=10) as broker:
            found = []
            for content in odd:
                broker.rpush("bulk", content)
                found.append(figures("queue_length", "queue_age_seconds", "broker_up"))
            broker.delete("bulk")

    assert {one["broker_up",] for one in found} == {1}
    assert [one["queue_length", "bulk"] for one in found] == list(range(1, len(odd) + 1))
    assert {one["queue_age_seconds", "bulk"] for one in found} == {0}


def test_dead_broker_is_told(db, settings):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert figures("broker_up", "queue_length") == {("broker_up",): 0}
