from datetime import timedelta

import factory
from django.utils import timezone

from lms.notifications.models import DeadAddress, Notice, PushDevice, Reminder, ReminderRule
from tests.factories.accounts import UserFactory


class ReminderRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReminderRule
        django_get_or_create = ("kind",)

    kind = "tests.note"
    shipped_as = "standard"
    lead_minutes = 60


class ReminderFactory(factory.django.DjangoModelFactory):
    """Due since a minute and good for a day, to a person with an e-mail address."""

    class Meta:
        model = Reminder

    rule = factory.SubFactory(ReminderRuleFactory)
    user = factory.SubFactory(
        UserFactory, email=factory.Sequence(lambda n: f"nguoi-{n}@example.vn")
    )
    unique_key = factory.Sequence(lambda n: f"tests.note:{n}")
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    reminder = factory.SubFactory(ReminderFactory)
    user = factory.SelfAttribute("reminder.user")
    subject = factory.Sequence(lambda n: f"Nhắc {n}")
    text = "Mời anh/chị xem lịch học."
    written_at = factory.LazyFunction(timezone.now)


class PushDeviceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PushDevice

    user = factory.SubFactory(UserFactory)
    endpoint = factory.Sequence(lambda number: f"https://fcm.googleapis.com/fcm/send/{number}")
    p256dh = auth = "AAAA"
    label = "Chrome, Android"


class DeadAddressFactory(factory.django.DjangoModelFactory):
    """Of the person's own number."""

    class Meta:
        model = DeadAddress

    user = factory.SubFactory(UserFactory)
    way = "sms"
    address = factory.LazyAttribute(lambda row: row.user.phone)
    since = last_at = factory.LazyFunction(timezone.now)
