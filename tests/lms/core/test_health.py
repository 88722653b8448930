"""The four answers that a load balancer and an operator rely on."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery.utils.timer2 import Timer
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone

from lms.core.heartbeats import WorkerHeartbeat, heartbeat_age, record_heartbeat
from lms.core.models import Heartbeat
from lms.core.tasks import tick
from lms.core.views import health

pytestmark = pytest.mark.sqlite("raw SQL")


@pytest.fixture(autouse=True)
def _forget_migrations():
    """What one test found out about the migrations is not true in the next."""
    health._require_migrations.cache_clear()
    yield
    health._require_migrations.cache_clear()


def test_live_needs_no_database(client):
    response = client.get(reverse("health_live"))

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_every_migration(client):
    response = client.get(reverse("health_ready"))

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_with_a_pending_migration(client):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("core")
    MigrationRecorder(connection).record_unapplied(*newest)

    response = client.get(reverse("health_ready"))

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "detail": "Migrations are pending."}


@pytest.mark.django_db
def test_ready_looks_at_the_migrations_once(client, django_assert_num_queries):
    client.get(reverse("health_ready"))

    with django_assert_num_queries(1):
        client.get(reverse("health_ready"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["health_ready", "health_worker", "health_beat"])
def test_health_without_a_database(client, name):
    def refuse(*_args):
        raise OperationalError("the server is gone, its password was secret")

    with connection.execute_wrapper(refuse):
        response = client.get(reverse(name))

    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "detail": "The database does not answer.",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["worker", "beat"])
def test_heartbeat_never_heard(client, name):
    response = client.get(reverse(f"health_{name}"))

    assert (response.status_code, response.json()) == (
        503,
        {"status": "stale", "age_seconds": None},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status"), [(80, 200), (91, 503)])
def test_heartbeat_by_its_age(client, age, status):
    Heartbeat.objects.create(name="worker", ticked_at=timezone.now() - timedelta(seconds=age))

    response = client.get(reverse("health_worker"))

    assert response.status_code == status
    assert response.json()["age_seconds"] == pytest.approx(age, abs=5)


@pytest.mark.django_db
def test_live_worker_beside_a_dead_beat(client):
    record_heartbeat(name="worker")
    Heartbeat.objects.create(name="beat", ticked_at=timezone.now() - timedelta(minutes=5))

    codes = [client.get(reverse(f"health_{name}")).status_code for name in ("worker", "beat")]

    assert codes == [200, 503]


@pytest.mark.django_db
def test_tick_writes_the_heartbeat_of_beat():
    tick()

    assert heartbeat_age(name="beat") < timedelta(seconds=10)
    assert heartbeat_age(name="worker") is None


@pytest.mark.django_db
def test_record_heartbeat_twice_keeps_one_row(django_assert_num_queries):
    record_heartbeat(name="beat")
    first = Heartbeat.objects.get().ticked_at

    with django_assert_num_queries(1):
        record_heartbeat(name="beat")

    assert Heartbeat.objects.get().ticked_at > first


@pytest.mark.django_db(transaction=True)
def test_worker_writes_its_heartbeat_at_its_start():
    timer = Timer()
    step = WorkerHeartbeat(None)

    step.start(SimpleNamespace(timer=timer))
    step.stop(None)
    timer.stop()

    assert heartbeat_age(name="worker") < timedelta(seconds=10)


@pytest.mark.django_db(transaction=True)
def test_worker_outlives_an_unreachable_database(caplog):
    def refuse(*_args):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        WorkerHeartbeat.write()

    assert "The worker's heartbeat could not be written." in caplog.text


def test_health_refuses_to_be_posted_to(client):
    assert client.post(reverse("health_live")).status_code == 405
