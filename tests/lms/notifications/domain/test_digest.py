"""All of a day for one person in one message."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.core.local_time import local_moment
from lms.core.models import suite_name
from lms.messaging.channels.short_messages import SmsChannel
from lms.messaging.extensions import CalendarPart
from lms.messaging.models import Receipt
from lms.notifications.domain.digest import join_messages, put_together
from lms.notifications.domain.preferences import read_token
from lms.notifications.domain.receipts import take_up_receipts
from lms.notifications.domain.sending import send_due
from lms.notifications.enums import ReceiptState, ReminderState
from lms.notifications.extensions import Contact, Message, reminder_kinds
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.lms.notifications.conftest import NoteKind, only_kinds

pytestmark = pytest.mark.django_db
NOON = local_moment(timezone.localdate()) + timedelta(hours=12)


def of_day(person, **fields):
    """Three of two rules: due, due too, and due in the evening; and one of tomorrow."""
    other = ReminderRuleFactory(kind="tests.other")
    later = timedelta(hours=9)
    end = NOON + timedelta(days=3)
    made = [
        {"due_at": NOON - later},
        {"due_at": NOON, "rule": other},
        {"due_at": NOON + later},
        {"due_at": NOON + timedelta(days=1)},
    ]
    return [ReminderFactory(user=person, expires_at=end, **one, **fields) for one in made]


@pytest.fixture
def kinds(kind):
    class Other(NoteKind):
        key = "tests.other"

    for _ in only_kinds(kind, Other()):
        yield kind


def states(rows):
    return [Reminder.objects.get(pk=row.pk).state for row in rows]


def test_all_of_a_day_is_one_mail(kinds, sink):
    person = UserFactory(email="an@example.vn")
    rows = of_day(person)
    stranger = ReminderFactory(due_at=NOON, expires_at=NOON + timedelta(days=1))

    assert send_due(now=NOON).sent == 4

    assert sorted(sink.recipients) == sorted([person.email, stranger.user.email])
    assert states(rows) == [ReminderState.SENT] * 3 + [ReminderState.PLANNED]
    attempts = DeliveryAttempt.objects.filter(reminder__user=person)
    assert attempts.values("message_id").distinct().count() == 1


def test_all_of_a_day_is_one_sms_and_counts_as_one(kinds, sms):
    person = UserFactory(phone="+84912345678")
    of_day(person, way="sms")
    send_due(now=NOON, channel=SmsChannel())
    assert sms() == [person.phone]

    ReminderFactory(user=person, way="sms", due_at=NOON, expires_at=NOON + timedelta(days=1))
    send_due(now=NOON, channel=SmsChannel())
    assert sms() == [person.phone] * 2


def test_receipt_of_the_one_message_counts_for_all_of_it(kinds, sink):
    rows = of_day(UserFactory(email="an@example.vn"))
    send_due(now=NOON)
    key = DeliveryAttempt.objects.first().message_id
    Receipt.objects.create(way="email", reference=key, delivered=True, received_at=NOON)

    assert take_up_receipts(now=NOON) == 1

    told = DeliveryAttempt.objects.filter(receipt=ReceiptState.DELIVERED)
    assert sorted(told.values_list("reminder", flat=True)) == [row.pk for row in rows[:3]]


def test_one_alone_is_said_as_it_is_several_are_numbered_and_named_in_the_short_form():
    messages = [Message("Đi học", "Mai."), Message("Ký sổ", "Nay.")]
    assert join_messages(messages[:1]) is messages[0]

    said = join_messages(messages)

    assert said.body == "1. Đi học\n\nMai.\n\n\n2. Ký sổ\n\nNay."
    assert said.short.endswith("Đi học; Ký sổ")
    assert "Đi học" in said.subject


def test_short_form_says_all_of_as_many_as_there_is_room_for():
    words = Message(
        "Đổi phòng", "Sang phòng 2.", short=f"{suite_name()}: Sang phòng 2. 0900 009 001"
    )
    session = Message("Ngày mai: Buổi 1", "Mai.", where="Hội trường")
    long = Message("Nhắc", "Mời xem.", short="Mời xem. " * 30)

    said = join_messages([words, long, session]).short
    assert said.endswith("Sang phòng 2. 0900 009 001; Nhắc; Ngày mai: Buổi 1, Hội trường")
    assert said.count(suite_name()) == 1


def letter(number, *, uid=None, due_at=NOON):
    event = CalendarPart(uid, "REQUEST", "BEGIN:VCALENDAR") if uid else None
    return Reminder(user_id=1, due_at=due_at), Message(str(number), "", calendar=event)


def test_second_event_for_the_calendar_goes_by_itself_when_it_is_due():
    plain, first, again = letter(0), letter(1, uid="a"), letter(2, uid="a")
    second, later = letter(3, uid="b"), letter(4, uid="b", due_at=NOON + timedelta(hours=1))

    digest = put_together([plain, first, again, second, later], now=NOON)

    assert digest.mails == [[plain, first, again], [second]]
    assert digest.waiting == [later[0]]
    assert join_messages([plain[1], first[1]]).calendar == first[1].calendar


@pytest.mark.parametrize("mandatory", [True, False])
def test_one_click_stops_each_kind_of_the_message_that_may_be_stopped(kinds, sink, mandatory):
    person, other = UserFactory(email="an@example.vn"), reminder_kinds.get("tests.other")
    kinds.is_mandatory, other.is_mandatory = mandatory, False
    of_day(person)

    send_due(now=NOON)

    (mail,) = sink.accepted
    token = mail["List-Unsubscribe"].strip("<>").split("/")[-2]
    stopped = [other] if mandatory else [kinds, other]
    assert read_token(token) == (person, stopped)


def test_whom_to_call_is_told_once_for_all_things():
    trainer, officer = Contact("Giảng viên", "An", "+84912345678"), Contact("Phụ trách", "Bình", "")
    messages = [Message("a", "a", contacts=whom) for whom in ([trainer], [], [officer, trainer])]

    assert join_messages(messages).contacts == [trainer, officer]
