"""Messages switched on in Chromium, sealed by us, and shown by the service worker.

Chromium without a window has no push service of its own: what its subscription would be is a device
of the tests, and the message that the stand-in took is handed to the service worker by the browser's
own tools.
"""

import json
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from lms.messaging.push import public_key
from lms.notifications.domain.sending import send_due
from lms.notifications.enums import PUSH
from lms.notifications.models import PushDevice
from lms.notifications.site_channels import PushChannel
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory
from tests.lms.messaging.push_service import Device

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser", "kind"),
]
READY = "navigator.serviceWorker.ready.then(() => true)"
ON = "Bật trên thiết bị này"
# What a browser with a push service answers, and the key that it was asked with.
SUBSCRIBES = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async function (asked) {
  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0)).buffer;
  window.name = btoa(String.fromCharCode(...asked.applicationServerKey));
  const keys = %(keys)s;
  return { endpoint: "%(endpoint)s", getKey: (name) => bytes(keys[name]) };
};
"""
# Chromium without a window shows nothing, and lists nothing as shown.
WATCH = """() => {
  self.shown = new Promise((resolve) => {
    registration.showNotification = async (title, options) => resolve({ title, ...options });
  });
}"""


@pytest.fixture
def person():
    return UserFactory(email=None, phone=None)


@pytest.fixture
def phone(open_live, person) -> BrowserContext:
    return open_live(person, service_workers="allow").context


def switch_on(phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto(reverse("notices:preferences"))
    page.evaluate(READY)
    page.get_by_role("button", name=ON).click()
    return page


def hand_over(phone: BrowserContext, page: Page, said: str) -> None:
    """As the push service of the browser would, once it has opened the message."""
    tools, known = phone.new_cdp_session(page), set()

    def note(told):
        known.update(one["registrationId"] for one in told["registrations"])

    tools.on("ServiceWorker.workerRegistrationUpdated", note)
    tools.send("ServiceWorker.enable")
    page.evaluate(READY)
    (registration,) = known
    at = urlsplit(page.url)
    message = {"origin": f"{at.scheme}://{at.netloc}", "registrationId": registration}
    tools.send("ServiceWorker.deliverPushMessage", {**message, "data": said})


def test_device_is_kept_and_its_message_shown(service, person, phone):
    device, endpoint = Device(), f"{service.url}/may"
    keys = json.dumps({"p256dh": device.p256dh, "auth": device.auth})
    phone.grant_permissions(["notifications"])
    phone.add_init_script(SUBSCRIBES % {"keys": keys, "endpoint": endpoint})

    page = switch_on(phone)

    expect(page.get_by_role("button", name="Tắt", exact=True)).to_be_visible()
    kept = PushDevice.objects.get()
    assert (kept.user, kept.endpoint, kept.p256dh) == (person, endpoint, device.p256dh)
    asked_with = page.evaluate("window.name").replace("+", "-").replace("/", "_").rstrip("=")
    assert asked_with == public_key()

    reminder = ReminderFactory(user=person, way=PUSH)
    assert send_due(now=timezone.now(), channel=PushChannel()).sent == 1
    ((_path, _headers, sealed),) = service.taken
    (worker,) = phone.service_workers
    worker.evaluate(WATCH)
    hand_over(phone, page, device.read(sealed))

    shown = worker.evaluate("() => self.shown")
    assert shown["title"] == f"Nhắc {reminder.unique_key}"
    assert shown["data"] == reverse("notices:list")


def test_browser_that_is_not_allowed_or_has_no_push_service_says_so(service, phone):
    page = phone.new_page()
    page.add_init_script("Notification.requestPermission = async () => 'denied';")
    page.goto(reverse("notices:preferences"))
    page.get_by_role("button", name=ON).click()
    expect(page.locator('[data-device-note="denied"]')).to_be_visible()

    phone.grant_permissions(["notifications"])
    other = switch_on(phone)
    expect(other.locator('[data-device-note="unable"]')).to_be_visible()
    assert not PushDevice.objects.exists()
