"""Messages on a device: allowed by its person, sent to each device, ended by either side."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from lms.core.refusal import Refusal
from lms.notifications.domain.devices import MOST_DEVICES, switch_off, switch_on
from lms.notifications.domain.preferences import EVERY_KIND, choices_of, choose
from lms.notifications.domain.sending import send_due
from lms.notifications.domain.ways import choose_way
from lms.notifications.enums import PUSH, ReminderState
from lms.notifications.models import DeliveryAttempt, PushDevice, Reminder
from lms.notifications.site_channels import PushChannel
from tests.factories.accounts import UserFactory, browse
from tests.factories.notifications import ReminderFactory
from tests.lms.messaging.push_service import Device
from tests.reading import html_of

pytestmark = [pytest.mark.django_db]
PAGE = reverse("notices:preferences")


def allow(user, service, path="/may", device=None):
    device = device or Device()
    return switch_on(
        user=user,
        endpoint=f"{service.url}{path}",
        p256dh=device.p256dh,
        auth=device.auth,
        label="Chrome, Android",
    )


def send_reminder(user):
    reminder = ReminderFactory(user=user, way=PUSH)
    send_due(now=timezone.now(), channel=PushChannel())
    return Reminder.objects.get(pk=reminder.pk)


def test_message_goes_to_each_device_that_is_still_there(service, kind):
    user, device = UserFactory(email=None, phone=None), Device()
    allow(user, service, device=device)
    allow(user, service, "/cu")
    service.status["/cu"] = 410

    reminder = send_reminder(user)

    assert reminder.state == ReminderState.SENT
    assert DeliveryAttempt.objects.get().channel == PUSH
    (sealed,) = (body for path, _headers, body in service.taken if path == "/may")
    said = json.loads(device.read(sealed))
    assert (said["title"], said["url"]) == (f"Nhắc {reminder.unique_key}", reverse("notices:list"))
    # Whoever said "gone" is asked no more.
    assert PushDevice.objects.count() == 1


def test_without_a_device_left_the_next_way_is_taken(service, kind):
    user = UserFactory(email="mau@example.vn")
    allow(user, service)
    service.status["/may"] = 410

    reminder = send_reminder(user)

    assert (reminder.way, reminder.state) == ("email", ReminderState.PLANNED)
    assert choose_way(person=user.__class__.objects.get(pk=user.pk), wishes=(PUSH,)) == "email"


def test_switching_on_chooses_it_unless_there_is_a_choice_and_a_repeat_changes_nothing(service):
    first, second, device = UserFactory(), UserFactory(), Device()
    choose(user=second, ways={EVERY_KIND: "sms"})
    for _ in range(2):
        allow(first, service, device=device)

    assert choices_of(user=first) == {EVERY_KIND: PUSH}
    assert choose_way(person=first, wishes=(PUSH,)) == PUSH
    # The same browser, somebody else logged in.
    device = allow(second, service, device=device)

    assert choices_of(user=second) == {EVERY_KIND: "sms"}
    assert list(PushDevice.objects.values_list("user", flat=True)) == [second.pk]
    assert not switch_off(user=first, device_id=device.pk)
    assert switch_off(user=second, device_id=device.pk)


def test_oldest_device_goes_when_there_are_too_many(service):
    user = UserFactory()
    for number in range(MOST_DEVICES + 1):
        allow(user, service, f"/{number}")

    kept = PushDevice.objects.order_by("pk").values_list("endpoint", flat=True)
    assert [one.rpartition("/")[2] for one in kept] == [str(n) for n in range(1, MOST_DEVICES + 1)]


@pytest.mark.parametrize(
    ("endpoint", "auth", "code"),
    [
        ("https://169.254.169.254/x", "", "unknown_push_service"),
        ("{url}/" + "x" * 800, "", "unknown_push_service"),
        ("{url}/may", "x", "bad_device_keys"),
    ],
)
def test_what_is_no_device_is_refused(service, endpoint, auth, code):
    device = Device()
    with pytest.raises(Refusal) as refusal:
        switch_on(
            user=UserFactory(),
            endpoint=endpoint.format(url=service.url),
            p256dh=device.p256dh,
            auth=auth or device.auth,
            label="",
        )
    assert refusal.value.code == code
    assert not PushDevice.objects.exists()


def test_page_switches_a_device_on_and_off(service):
    client = browse(UserFactory())
    device = Device()
    told = {"endpoint": f"{service.url}/may", "p256dh": device.p256dh, "auth": device.auth}
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"

    client.post(reverse("notices:device_on"), told, headers={"User-Agent": agent})

    kept = PushDevice.objects.get()
    assert kept.label == "Chrome, Android"
    assert kept.label in html_of(client.get(PAGE))
    off = reverse("notices:device_off", args=[kept.pk])
    assert [client.post(off).status_code for _ in range(2)] == [302, 404]
    # What a browser would never send.
    assert client.post(reverse("notices:device_on"), {}).status_code == 302
    assert not PushDevice.objects.exists()


def test_nothing_is_offered_or_taken_without_a_key_and_the_command_makes_one(settings, capsys):
    settings.SUITE_PUSH_KEY = ""
    client = browse(UserFactory())
    assert "data-device-key" not in html_of(client.get(PAGE))
    assert client.post(reverse("notices:device_on")).status_code == 404

    call_command("make_push_key")
    settings.SUITE_PUSH_KEY = capsys.readouterr().out.strip()
    assert "data-device-key" in html_of(client.get(PAGE))
