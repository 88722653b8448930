"""Mails that come back are read out of a mailbox, once, and hold nobody up."""

import time
import traceback
from base64 import b64encode
from email.message import EmailMessage

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms.messaging import mailbox as mailbox_module
from lms.messaging.domain import bounces
from lms.messaging.domain.bounces import bounce_of, read_bounces
from lms.messaging.mailbox import MailboxError
from lms.messaging.models import Receipt
from lms.messaging.tasks import read_bounces_task
from lms.settings.bounces import mailbox as read_setting
from tests.lms.messaging.imap_server import running_mailbox

pytestmark = pytest.mark.django_db

KEY = "<reminder-7-0123456789abcdef@tap-huan.example.vn>"


def report(key=KEY, action="failed", status="5.1.1", whole=True, more=""):
    """A report as RFC 3464 has it."""
    head = f"Message-ID: {key}\nSubject: Nhac\nTo: a@example.vn\n" if key else "Subject: x\n"
    original = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@mx.example.vn\nTo: tap-huan@example.vn\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.vn\n\n"
        f"Final-Recipient: rfc822; a@example.vn\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 <a@example.vn>\n user unknown{more}\n\n"
        f"--b\nContent-Type: {original}\n\n{head}\nText.\n--b--\n"
    ).encode()


@pytest.fixture
def inbox(settings, monkeypatch):
    monkeypatch.setattr(mailbox_module, "WORD_SECONDS", 1)
    monkeypatch.setattr(mailbox_module, "ALL_SECONDS", 2)
    with running_mailbox() as server:
        settings.SUITE_BOUNCES = server.settings
        yield server


def told():
    return list(Receipt.objects.order_by("pk").values_list("way", "reference", "delivered"))


def test_each_mail_that_came_back_is_one_receipt_and_answers_of_people_stay_unread(inbox):
    answer = EmailMessage()
    answer.set_content("Tôi không đến được.")
    other = KEY.replace("7", "8")
    inbox.mails = {
        1: report(),
        2: answer.as_bytes(),
        3: report(other, whole=False),
        4: report(),
        5: report(key=""),
        6: report(other.replace("8", "9"), action="delayed", status="4.4.1"),
    }

    assert read_bounces(now=timezone.now()) == 2
    assert read_bounces(now=timezone.now()) == 0

    assert told() == [("email", KEY, False), ("email", other, False)]
    # No address is kept with what the server said.
    assert Receipt.objects.first().detail == "5.1.1 550 <[…]> user unknown"
    assert inbox.seen == {1, 3, 4, 5, 6}


def test_mails_that_came_back_wait_for_the_next_tick_where_there_are_many(inbox, monkeypatch):
    monkeypatch.setattr(bounces, "MOST", 2)
    inbox.mails = {n: report(f"<reminder-{n}-0@a.vn>") for n in range(1, 6)}

    assert [read_bounces(now=timezone.now()) for _tick in range(4)] == [2, 2, 1, 0]


def test_cut_off_between_two_it_goes_on_with_the_next_one(inbox):
    inbox.mails = {1: report(), 2: report(KEY.replace("7", "8"))}
    inbox.mood, inbox.at = "drop", "STORE"
    with pytest.raises(MailboxError):
        read_bounces(now=timezone.now())
    assert told() == [("email", KEY, False)]
    inbox.mood = ""

    assert read_bounces(now=timezone.now()) == 1
    assert len(told()) == 2


@pytest.mark.parametrize("at", ["", "LOGIN", "SELECT", "SEARCH", "FETCH"])
@pytest.mark.parametrize("mood", ["hang", "drip", "drop", "garbage", "no"])
def test_mailbox_that_is_otherwise_holds_nobody_up_and_says_no_secret(inbox, monkeypatch, mood, at):
    monkeypatch.setattr(mailbox_module, "WORD_SECONDS", 0.2)
    monkeypatch.setattr(mailbox_module, "ALL_SECONDS", 0.4)
    inbox.mails = {1: report()}
    inbox.mood, inbox.at = mood, at
    began = time.monotonic()

    with pytest.raises(MailboxError) as caught:
        read_bounces(now=timezone.now())

    assert time.monotonic() - began < 6
    # As the log of the worker tells it.
    told_of_it = "".join(traceback.format_exception(caught.value))
    assert inbox.settings["user"] not in told_of_it
    assert told() == []


def test_mailbox_that_hangs_is_waited_for_once(inbox):
    inbox.mails = {1: report()}
    inbox.mood, inbox.at = "hang", "SEARCH"

    with pytest.raises(MailboxError, match="TimeoutError"):
        read_bounces_task()
    assert inbox.words.count("SEARCH") == 1


def test_no_mailbox_is_read_unless_it_is_set(settings):
    settings.SUITE_BOUNCES = {}

    read_bounces_task()

    assert settings.CELERY_BEAT_SCHEDULE["messaging.read_bounces"]["task"] == read_bounces_task.name


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "delayed", ""])
def test_what_did_not_fail_is_no_bounce(action):
    assert bounce_of(report(action=action)) is None


def test_head_that_a_server_has_packed_is_read_as_well():
    kind = b"Content-Type: text/rfc822-headers\n"
    before, _kind, after = report(whole=False).partition(kind + b"\n")
    packed = b64encode(after.removesuffix(b"--b--\n")) + b"\n--b--\n"
    raw = before + kind + b"Content-Transfer-Encoding: base64\n\n" + packed

    assert bounce_of(raw).message_id == KEY


def test_report_of_thousands_of_parts_in_each_other_is_none():
    parts = (f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3000))

    assert bounce_of("".join(parts).encode()) is None


def test_long_words_and_numbers_are_cut_or_left():
    assert len(bounce_of(report(more=" x" * 900)).detail) == 500
    assert bounce_of(report(key=f"<{'a' * 200}@a.vn>")) is None


@given(st.binary(max_size=400) | st.integers(0, 700).map(lambda n: report()[:n]))
def test_whatever_arrives_is_read_without_a_fault(raw):
    bounce_of(raw)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        (
            "imaps://a%40b.vn:m%3At@mail.b.vn/Tra%20ve",
            {
                "host": "mail.b.vn",
                "port": 993,
                "sealed": True,
                "user": "a@b.vn",
                "password": "m:t",
                "folder": "Tra ve",
            },
        ),
        (
            "imap://a@localhost:1143",
            {
                "host": "localhost",
                "port": 1143,
                "sealed": False,
                "user": "a",
                "password": "",
                "folder": "INBOX",
            },
        ),
    ],
)
def test_setting_of_the_mailbox(text, found):
    assert read_setting(text) == found


@pytest.mark.parametrize(
    "text", ["mail.b.vn", "imap://a:b@mail.b.vn", "imaps://mail.b.vn", "pop3://a@b"]
)
def test_setting_that_is_none_is_refused(text):
    with pytest.raises(ImproperlyConfigured):
        read_setting(text)
