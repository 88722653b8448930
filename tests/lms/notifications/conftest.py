from collections.abc import Iterator

import pytest

from lms.messaging.push import new_key
from lms.notifications.extensions import Message, ReminderKind, reminder_kinds
from tests.lms.messaging.push_service import PushService, running_push_service
from tests.lms.notifications.smtp_sink import Sink, running_sink


class NoteKind(ReminderKind):
    """Plans what a test lays in `planned`; wants all but those in `unwanted`."""

    key = "tests.note"
    label = "Ghi chú"
    default_lead_minutes = 90

    def __init__(self) -> None:
        self.planned = []
        self.unwanted = set()
        self.error = None
        self.asked = 0

    def plan(self, *, rule, now, ahead=None):
        return self.planned

    def messages(self, *, reminders, now):
        self.asked += 1
        if self.error:
            raise self.error
        return {
            reminder.pk: Message(f"Nhắc {reminder.unique_key}", "Mời anh/chị xem lịch học.")
            for reminder in reminders
            if reminder.unique_key not in self.unwanted
        }


def only_kinds(*kinds: ReminderKind) -> Iterator[None]:
    """The registry with these kinds alone, as it was afterwards."""
    before = dict(reminder_kinds._entries)
    reminder_kinds._entries.clear()
    for kind in kinds:
        reminder_kinds.register(kind)
    yield
    reminder_kinds._entries.clear()
    reminder_kinds._entries.update(before)


@pytest.fixture
def kind() -> Iterator[NoteKind]:
    """The one kind that is registered."""
    note = NoteKind()
    for _ in only_kinds(note):
        yield note


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server that the settings name."""
    with running_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = sink.port
        yield sink


@pytest.fixture
def service(settings) -> Iterator[PushService]:
    """A push service that the settings name."""
    with running_push_service() as service:
        settings.SUITE_PUSH_KEY = new_key()
        settings.SUITE_PUSH_CONTACT = "mailto:tap-huan@example.vn"
        settings.SUITE_PUSH_SERVICES = [service.url]
        yield service


@pytest.fixture
def optional(kind: NoteKind) -> NoteKind:
    """The kind, which people may do without."""
    kind.is_mandatory = False
    return kind


@pytest.fixture
def sms(settings, tmp_path):
    """What went out by SMS, as the gateway wrote it down."""
    settings.SUITE_SMS_FOLDER = tmp_path / "sms"
    return lambda: [one.read_text().split("\n")[0] for one in tmp_path.glob("sms/*")]
