"""The suite while Valkey is away: killed, hung, and back again; as its cache and as its broker."""

import time
from datetime import timedelta

import pytest
from celery import Celery
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from lms.accounts.signin.tasks import send_login_code_task
from lms.core import outages
from lms.core.models import CacheEntry
from lms.core.task_class import SuiteTask
from lms.core.tasks import forget_expired
from lms.settings.valkey import BROKER_OPTIONS, with_fallback
from tests.factories.accounts import UserFactory
from tests.reading import is_logged_in
from tests.valkey import Valkey

PASSWORD = "tap-huan-2014"
# What a person waits for at most; the shared machines of the tests are slow.
PROMPT_SECONDS = 4


@pytest.fixture
def valkey(monkeypatch):
    monkeypatch.setattr(outages, "RETRY_SECONDS", 0.5)
    server = Valkey()
    yield server
    server.end()
    for outage in (outages.cache_outage, outages.broker_outage):
        outage.end()


@pytest.fixture
def cache_server(valkey, settings):
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": with_fallback({"BACKEND": backend, "LOCATION": valkey.url})}
    return valkey


@pytest.fixture
def person(db):
    person = UserFactory(staff_code="HN00042")
    person.set_password(PASSWORD)
    person.save()
    return person


def promptly(ask):
    """What `ask` answers; within the time that a person waits."""
    begun = time.monotonic()
    answer = ask()
    assert time.monotonic() - begun < PROMPT_SECONDS
    return answer


def log_in(password=PASSWORD):
    client = Client()
    answer = promptly(
        lambda: client.post(reverse("account_login"), {"login": "HN00042", "password": password})
    )
    assert answer.status_code in {200, 302}
    return client


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_people_come_in_and_go_on_while_the_cache_is_away(cache_server, person, how):
    before = log_in()
    cache_server.go(how)

    assert promptly(lambda: before.get(reverse("account_change_password"))).status_code == 200
    assert is_logged_in(log_in())
    missed = reverse("certificates:verify", args=["0000-0000-0000"])
    assert promptly(lambda: Client().get(missed)).status_code == 404
    copied = Client()
    copied.cookies.update(before.cookies)
    before.post(reverse("account_logout"))

    cache_server.come_back(how)
    time.sleep(outages.RETRY_SECONDS)

    assert is_logged_in(log_in())
    # Whoever has logged out meanwhile is not let in again by what the cache remembers.
    assert copied.get(reverse("account_change_password")).status_code == 302
    cache.set("back", 1)
    assert cache_server.server.client().dbsize() > 0


def test_wrong_passwords_count_while_the_cache_is_away(cache_server, person):
    cache_server.go("killed")
    for _number in range(5):
        assert not is_logged_in(log_in("sai-mat-khau"))

    assert not is_logged_in(log_in())
    assert CacheEntry.objects.exists()


def test_every_operation_of_the_cache_goes_on_in_the_database(cache_server, db):
    cache.set("before", 1)
    cache_server.go("killed")

    assert cache.get("before", "gone") == "gone"
    assert [cache.add("counted", 1), cache.add("counted", 9)] == [True, False]
    assert cache.incr("counted") == 2
    assert cache.touch("counted", 60)
    assert cache.has_key("counted")
    assert [cache.delete("counted"), cache.delete("counted")] == [True, False]
    cache.set_many({"one": 1, "two": 2})
    assert cache.get_many(["one", "two", "three"]) == {"one": 1, "two": 2}
    cache.clear()
    assert not CacheEntry.objects.exists()


def test_readiness_tells_what_is_away(cache_server, client, db):
    assert client.get(reverse("health_ready")).json() == {"status": "ok"}
    cache_server.go("killed")

    answer = promptly(lambda: client.get(reverse("health_ready")))

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "degraded", "without": ["cache"]},
    )
    cache_server.come_back("killed")
    time.sleep(outages.RETRY_SECONDS)
    assert client.get(reverse("health_ready")).json() == {"status": "ok"}


def test_nothing_that_has_expired_is_kept(db):
    now = timezone.now()
    for key, hours in {"old": -1, "new": 1}.items():
        CacheEntry.objects.create(cache_key=key, value="", expires=now + timedelta(hours=hours))

    forget_expired()

    assert list(CacheEntry.objects.values_list("cache_key", flat=True)) == ["new"]


def do_nothing():
    pass


@pytest.fixture
def task(valkey, monkeypatch):
    # Celery would take it for the address of every broker.
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    app = Celery("outage", broker=valkey.url, set_as_current=False, task_cls=SuiteTask)
    app.conf.broker_transport_options = BROKER_OPTIONS
    app.conf.task_ignore_result = True
    yield app.task(name="outage.work")(do_nothing)
    app.close()


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_broker_that_is_away_holds_nobody_up_and_twenty_tasks_wait_for_it_once(valkey, task, how):
    task.delay()
    valkey.go(how)
    begun = time.monotonic()

    for _number in range(20):
        with pytest.raises(OperationalError):
            promptly(task.delay)

    assert time.monotonic() - begun < 2 * PROMPT_SECONDS
    valkey.come_back(how)
    time.sleep(outages.RETRY_SECONDS)
    task.delay()
    assert valkey.server.client().llen("celery") >= 1


def test_readiness_tells_of_the_broker(valkey, task, client, db, monkeypatch):
    monkeypatch.setattr("lms.core.task_class.current_app", task.app)
    assert client.get(reverse("health_ready")).json() == {"status": "ok"}
    valkey.go("hung")

    for _time in range(2):
        answer = promptly(lambda: client.get(reverse("health_ready")))
        assert answer.json() == {"status": "degraded", "without": ["broker"]}


def test_person_who_asks_for_a_code_is_told_when_none_can_be_sent(person, monkeypatch):
    def refuse(*_args, **_options):
        raise OperationalError

    monkeypatch.setattr(send_login_code_task, "apply_async", refuse)

    answers = [
        Client().post(reverse("account_request_login_code"), {"phone": login})
        for login in ("HN00042", "HN99999")
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert {answer["Location"] for answer in answers} == {reverse("account_login")}
