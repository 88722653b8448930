"""What stands in the site, and what having read it means."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.accounts.signin.channels import code_channels
from lms.messaging.extensions import channels
from lms.notifications.domain.notices import mark_read, write_notices
from lms.notifications.domain.sending import SendReport, name_calls, send_due
from lms.notifications.enums import PEOPLE, SITE, ReceiptState, ReminderState
from lms.notifications.extensions import Message
from lms.notifications.models import Notice
from lms.notifications.tasks import follow_up_task
from tests.factories.notifications import NoticeFactory, ReminderFactory
from tests.lms.notifications.domain.ticks import last_attempt, let_pass, send, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


def noticed():
    return set(Notice.objects.values_list("reminder", flat=True))


def test_what_is_due_stands_in_the_site_whatever_way_it_goes(kind, sink):
    mailed, texted = ReminderFactory(), ReminderFactory(way="sms", user__phone="+84912000001")
    called = ReminderFactory(way=PEOPLE, user__email=None)
    in_site = ReminderFactory(way=SITE)
    later = ReminderFactory(due_at=timezone.now() + timedelta(hours=1))
    unwanted = ReminderFactory()
    kind.unwanted = {unwanted.unique_key}

    send()
    send_due(now=timezone.now(), channel=channels.get("sms"))
    follow_up_task()

    assert noticed() == {one.pk for one in (mailed, texted, called, in_site)}
    assert [state_of(one) for one in (called, in_site, later)] == [
        ReminderState.UNREACHABLE,
        ReminderState.SENT,
        ReminderState.PLANNED,
    ]
    notice = Notice.objects.get(reminder=mailed)
    assert notice.user == mailed.user
    assert notice.subject == f"Nhắc {mailed.unique_key}"
    assert (notice.text, notice.read_at) == ("Mời anh/chị xem lịch học.", None)


def test_reminder_that_is_tried_again_keeps_its_one_notice(sink):
    reminder = ReminderFactory()
    sink.at_recipient[reminder.user.email] = "451 later"
    assert send() == SendReport(postponed=1)
    Notice.objects.update(subject="như lúc đầu")
    sink.at_recipient.clear()
    let_pass(minutes=2)

    assert send() == SendReport(sent=1)

    assert Notice.objects.get().subject == "như lúc đầu"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("Xem lớp.", ""),
        ("Xem: https://taphuan.example.vn/lop/3/.", "/lop/3/"),
        ("https://khac.vn/ rồi https://taphuan.example.vn/a/ và /b/", "/a/"),
        ("https://taphuan.example.vn//khac.vn/", "/khac.vn/"),
    ],
)
def test_notice_leads_to_the_page_of_the_suite_that_it_names(settings, body, path):
    settings.WAGTAILADMIN_BASE_URL = "https://taphuan.example.vn"
    reminder = ReminderFactory()

    write_notices(
        reminders=[reminder], messages={reminder.pk: Message("Lớp\n mới", body)}, now=timezone.now()
    )

    notice = Notice.objects.get()
    assert (notice.path, str(notice)) == (path, "Lớp mới")


@pytest.mark.parametrize("state", ["unreachable", "failed", "uncertain"])
def test_whom_nothing_else_reached_is_reached_by_reading(state):
    notice = NoticeFactory(reminder__state=state)
    now = timezone.now()

    mark_read(notices=[notice], now=now)
    mark_read(notices=[notice], now=now + timedelta(hours=1))

    notice.refresh_from_db()
    assert notice.read_at == now
    assert state_of(notice.reminder) == ReminderState.SENT
    attempt = last_attempt(notice.reminder)
    assert (attempt.channel, attempt.receipt) == (SITE, ReceiptState.DELIVERED)
    assert notice.reminder.deliveries.count() == 1


@pytest.mark.parametrize("state", ["planned", "claimed", "handing_over", "sent", "cancelled"])
def test_reading_changes_nothing_of_what_goes_its_way(state):
    notice = NoticeFactory(reminder__state=state)

    mark_read(notices=[notice], now=timezone.now())

    assert state_of(notice.reminder) == state
    assert not notice.reminder.deliveries.exists()


def test_nobody_is_taken_off_the_list_of_calls_unread(settings):
    """In the site alone is not being reached, even where the settings name it as a way."""
    settings.SUITE_WAYS = ["site", "email"]
    reminder = ReminderFactory(way=PEOPLE, user__email=None)

    assert name_calls(now=timezone.now()) == 1

    assert state_of(reminder) == ReminderState.UNREACHABLE


def test_no_code_for_the_log_in_goes_where_one_must_be_logged_in():
    assert SITE in channels
    assert [one.key for one in code_channels(mail_first=True)] == ["email", "sms"]
    assert channels.get(SITE).daily_limit() is channels.get(SITE).price() is None
