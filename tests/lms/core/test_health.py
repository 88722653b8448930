"""The four answers that a load balancer and an operator rely on."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery.utils.timer2 import Timer
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone

from lms.celery import app
from lms.core import heartbeats
from lms.core.heartbeats import TICK, WorkerPulse, note_tick, pulse_of, signs_of_life
from lms.core.models import Heartbeat
from lms.core.queues import BULK_LIMITS, QUEUES
from lms.core.tasks import tick
from lms.core.views import health

pytestmark = pytest.mark.sqlite("raw SQL")


@pytest.fixture(autouse=True)
def _forget_migrations():
    """What one test found out about the migrations is not true in the next."""
    health._require_migrations.cache_clear()
    yield
    health._require_migrations.cache_clear()


def test_live_needs_no_database_and_no_form(client):
    response = client.get(reverse("health_live"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]
    assert client.post(reverse("health_live")).status_code == 405


@pytest.mark.django_db
def test_ready_with_every_migration_which_are_looked_at_once(client, django_assert_num_queries):
    response = client.get(reverse("health_ready"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    with django_assert_num_queries(1):
        client.get(reverse("health_ready"))


@pytest.mark.django_db
def test_ready_with_a_pending_migration(client):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("core")
    MigrationRecorder(connection).record_unapplied(*newest)

    response = client.get(reverse("health_ready"))

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "detail": "Migrations are pending."}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["health_ready", "health_worker", "health_beat"])
def test_health_without_a_database(client, name):
    def refuse(*_args):
        raise OperationalError("the server is gone, its password was secret")

    with connection.execute_wrapper(refuse):
        response = client.get(reverse(name))

    assert response.status_code == 503
    told = response.json()
    assert told["status"] == "unavailable"
    assert "secret" not in told["detail"]


def note(name, seconds=0):
    ticked_at = timezone.now() - timedelta(seconds=seconds)
    Heartbeat.objects.update_or_create(name=name, defaults={"ticked_at": ticked_at})


def status_of(client, name, **queue):
    return client.get(reverse(f"health_{name}", kwargs=queue)).status_code


@pytest.mark.django_db
def test_nothing_was_ever_heard_of(client):
    beat, worker = (client.get(reverse(f"health_{name}")) for name in ("beat", "worker"))

    assert (beat.status_code, beat.json()) == (503, {"status": "stale", "age_seconds": None})
    assert worker.status_code == 503
    assert worker.json()["age_seconds"] == dict.fromkeys(QUEUES)


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status"), [(80, 200), (91, 503)])
def test_beat_by_its_age(client, age, status):
    note("beat", age)

    response = client.get(reverse("health_beat"))

    assert response.status_code == status
    assert response.json()["age_seconds"] == pytest.approx(age, abs=5)


@pytest.mark.django_db
def test_worker_whose_processes_all_hang_is_told_apart_by_its_queue(client):
    for queue in QUEUES:
        tick(queue)
        note(pulse_of(queue))
    note("urgent", 91)

    assert status_of(client, "worker") == 503
    assert status_of(client, "queue", queue="urgent") == 503
    assert status_of(client, "queue", queue="bulk") == 200
    assert client.get("/health/worker/else/").status_code == 404


@pytest.mark.django_db
def test_long_import_leaves_its_worker_healthy(client):
    tick("bulk")
    note("bulk", BULK_LIMITS["time_limit"])

    assert status_of(client, "queue", queue="bulk") == 200


@pytest.mark.django_db
def test_live_workers_beside_a_dead_beat(client):
    for name in ("beat", *QUEUES):
        note(name, 7200)
    for queue in QUEUES:
        note(pulse_of(queue))

    assert [status_of(client, name) for name in ("worker", "beat")] == [200, 503]


@pytest.mark.django_db
def test_tick_writes_for_beat_and_its_queue_in_one_statement(django_assert_num_queries):
    tick("urgent")
    first = dict(Heartbeat.objects.values_list("name", "ticked_at"))

    with django_assert_num_queries(1):
        tick("urgent")

    assert set(first) == {"beat", "urgent"}
    assert all(row.ticked_at > first[row.name] for row in Heartbeat.objects.all())


@pytest.mark.django_db(transaction=True)
def test_worker_writes_its_pulse_for_its_queues_at_its_start_and_outlives_a_database_that_is_away(
    caplog,
):
    def refuse(*_args):
        raise OperationalError

    timer = Timer()
    step = WorkerPulse(None)
    queues = SimpleNamespace(consume_from={"bulk": None, "of another product": None})
    parent = SimpleNamespace(timer=timer, app=SimpleNamespace(amqp=SimpleNamespace(queues=queues)))

    step.start(parent)
    step.stop(None)
    timer.stop()

    assert list(Heartbeat.objects.values_list("name", flat=True)) == [pulse_of("bulk")]
    with connection.execute_wrapper(refuse):
        WorkerPulse.write("bulk")
    assert "The worker's heartbeat could not be written." in caplog.text


def test_every_queue_has_its_tick_and_every_task_a_limit(settings):
    ticks = [
        entry
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] == "lms.core.tick"
    ]
    app.loader.import_default_modules()
    own = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}

    assert {entry["options"]["queue"] for entry in ticks} == set(QUEUES)
    assert {entry["args"] for entry in ticks} == {(queue,) for queue in QUEUES}
    assert len(own) > 10
    assert {name for name, task in own.items() if not limits_of(task, app.conf)} == set()
    routed = {name: app.amqp.router.route({}, name)["queue"].name for name in own}
    assert routed["accounts.send_login_code"] == "urgent"
    assert {name for name, queue in routed.items() if queue == "urgent"} == {
        "accounts.send_login_code"
    }
    # Nothing but what waits for providers.
    assert {name for name, queue in routed.items() if queue == "reminders"} == {
        "notifications.send_due_reminders"
    }
    # Nothing that somebody does not wait for on the page of the list.
    assert {name for name, queue in routed.items() if queue == "imports"} == {
        f"importing.{step}" for step in ("rehearse", "confirm", "undo", "take_up")
    }
    assert {name for name, queue in routed.items() if queue in {"imports", "bulk"}} == {
        name for name, task in own.items() if task.time_limit == BULK_LIMITS["time_limit"]
    }


def limits_of(task, conf):
    """Whether the task is asked to stop, and stopped some time later."""
    soft = task.soft_time_limit or conf.task_soft_time_limit
    hard = task.time_limit or conf.task_time_limit
    return soft and hard and soft < hard


@pytest.mark.django_db
def test_tick_of_the_timetable_is_noted_when_a_worker_has_carried_it_out(monkeypatch):
    def done(name, *, is_eager=False):
        task = SimpleNamespace(name=name, request=SimpleNamespace(is_eager=is_eager))
        note_tick(sender=task)

    done("notifications.plan_reminders", is_eager=True)
    done("accounts.send_login_code")
    done(TICK)
    assert not Heartbeat.objects.exists()

    done("notifications.plan_reminders")
    (sign,) = [one for one in signs_of_life(now=timezone.now()) if one.last_at]
    assert (sign.name, sign.stands_still) == ("notifications.plan_reminders", False)

    def away(*names):
        raise DatabaseError

    monkeypatch.setattr(heartbeats, "record_heartbeats", away)
    done("notifications.plan_reminders")
