"""Web push against a stand-in that refuses, hangs and hangs up; whom it may be asked of."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02

from lms.messaging import push as module
from lms.messaging.enums import Outcome
from lms.messaging.http import NotReachedError, ask
from lms.messaging.push import ENDED, is_sealable, new_key, public_key, push, service_of
from lms.settings.push import SERVICES, push_services
from tests.lms.messaging.push_service import Device, running_push_service


@pytest.fixture
def device():
    return Device()


@pytest.fixture
def service(settings, monkeypatch):
    monkeypatch.setattr(module, "PUSH_TIMEOUT_SECONDS", 0.5)
    with running_push_service() as service:
        settings.SUITE_PUSH_KEY = new_key()
        settings.SUITE_PUSH_CONTACT = "mailto:tap-huan@example.vn"
        settings.SUITE_PUSH_SERVICES = push_services([service.url])
        yield service


def send(service, device, key="<1@vd.vn>"):
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    return push(endpoint=f"{service.url}/may", key=key, said={"title": "Nhắc lịch học"}, **keys)


def test_only_the_device_reads_it_and_a_repeat_takes_the_place_of_the_first(service, device):
    for _ in range(2):
        assert send(service, device).outcome == Outcome.ACCEPTED

    (_path, headers, sealed), (_same, again, _other) = service.taken
    assert json.loads(device.read(sealed)) == {"title": "Nhắc lịch học", "tag": headers["Topic"]}
    assert again["Topic"] == headers["Topic"]
    assert "Nhắc".encode() not in sealed
    assert Vapid02.verify(headers["Authorization"])
    assert public_key() in headers["Authorization"]


@pytest.mark.parametrize(
    ("status", "outcome", "line_stands"),
    [
        (410, Outcome.REFUSED, True),
        (404, Outcome.REFUSED, True),
        (413, Outcome.REFUSED, True),
        (403, Outcome.NOT_NOW, False),
        (429, Outcome.NOT_NOW, False),
        (502, Outcome.UNKNOWN, False),
    ],
)
def test_answer_means_what_it_says(service, device, status, outcome, line_stands):
    service.status["/may"] = status

    answer = send(service, device)

    assert (answer.outcome, answer.line_stands) == (outcome, line_stands)
    assert (answer.detail == ENDED) == (status in (404, 410))


@pytest.mark.parametrize("mood", ["hang", "drop"])
def test_push_service_that_hangs_is_waited_for_once(service, device, mood):
    service.mood = mood

    assert send(service, device).outcome == Outcome.UNKNOWN
    assert len(service.taken) == 1


def test_push_service_that_is_away_has_taken_nothing(service, device, settings):
    settings.SUITE_PUSH_SERVICES = ["http://127.0.0.1:9"]
    keys = {"p256dh": device.p256dh, "auth": device.auth}

    answer = push(endpoint="http://127.0.0.1:9/may", key="<1>", said={}, **keys)

    assert (answer.outcome, answer.line_stands) == (Outcome.NOT_NOW, False)


def test_device_of_another_service_is_never_asked(service, device, settings):
    settings.SUITE_PUSH_SERVICES = SERVICES

    assert send(service, device).outcome == Outcome.REFUSED
    assert service.taken == []


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("https://web.push.apple.com/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://a@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com.example.vn/x", False),
        ("https://push.apple.com.example.vn/x", False),
        ("https://evilpush.apple.com/x", False),
        ("https://169.254.169.254/latest", False),
        ("https://localhost/x", False),
        ("https://[/x", False),
        ("https://x:99999/", False),
        ("", False),
    ],
)
def test_only_known_push_services_are_asked(settings, endpoint, allowed):
    settings.SUITE_PUSH_SERVICES = SERVICES

    assert (service_of(endpoint) is not None) == allowed


def test_name_that_leads_inside_gets_nothing(service):
    with pytest.raises(NotReachedError):
        ask(url=service.url, content=b"x", headers={}, timeout=1, outside_only=True)
    assert service.taken == []


@pytest.mark.parametrize(("p256dh", "auth"), [("", ""), ("AAAA", "x"), ("é", "é")])
def test_keys_that_are_none_are_seen(p256dh, auth, device):
    assert not is_sealable(p256dh=p256dh, auth=device.auth)
    assert not is_sealable(p256dh=device.p256dh, auth=auth)
    assert is_sealable(p256dh=device.p256dh, auth=device.auth)


def test_settings_name_hosts_alone():
    assert push_services([" a.example.vn ", ""]) == ["a.example.vn"]
    with pytest.raises(ImproperlyConfigured):
        push_services(["https://a.example.vn"])
