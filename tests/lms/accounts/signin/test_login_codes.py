"""A code for one log-in, by SMS or e-mail, asked for at the door."""

import re
import socket
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from lms.accounts.signin.domain.sealed_codes import open_code, seal_code
from lms.accounts.signin.tasks import send_login_code_task
from lms.messaging.channels import short_messages
from tests.factories.accounts import UserFactory
from tests.reading import error_codes, html_of, is_logged_in
from tests.shared import shared

pytestmark = pytest.mark.django_db
ASK = "account_request_login_code"
CONFIRM = "account_confirm_login_code"


@pytest.fixture(autouse=True)
def at_once(settings, tmp_path, monkeypatch):
    """Tasks run where they are queued; SMS go into a folder of the test."""
    settings.SUITE_SMS_FOLDER = tmp_path / "sms"
    monkeypatch.setattr(
        "lms.accounts.signin.adapter.send_login_code_task.apply_async",
        lambda args, expires: send_login_code_task.run(*args),
    )


@shared
def person(db):
    return UserFactory(staff_code="HN00042", phone="+84912345678", email="huong@mau.example")


@pytest.fixture
def ask(django_capture_on_commit_callbacks):
    def post(client, login="0912 345 678", **extra):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse(ASK), {"phone": login}, **extra)

    return post


def messages_sent(settings):
    folder = settings.SUITE_SMS_FOLDER
    return [path.read_text() for path in sorted(folder.glob("*"))] if folder.exists() else []


def code_in(text):
    return re.search(r"\b(\d{6})\b", text)[1]


def confirm(client, code):
    return client.post(reverse(CONFIRM), {"code": code})


def test_phone_number_gets_an_sms_that_lets_in_once(client, person, ask, settings):
    answer = ask(client)
    assert answer["Location"] == reverse(CONFIRM)
    (sms,) = messages_sent(settings)
    assert sms.startswith("+84912345678\n")
    assert len(sms.splitlines()[1]) <= 160
    assert mail.outbox == []

    let_in = confirm(client, code_in(sms))

    assert let_in["Location"] == "/bat-dau/"
    assert client.session["_auth_user_id"] == str(person.pk)
    again = Client()
    ask(again)
    confirm(again, code_in(sms))
    assert not is_logged_in(again)


def test_address_typed_gets_a_mail(client, person, ask, settings):
    ask(client, "huong@mau.example")

    (message,) = mail.outbox
    assert message.to == ["huong@mau.example"]
    assert messages_sent(settings) == []
    confirm(client, code_in(message.body))
    assert is_logged_in(client)


def test_all_get_a_mail_without_a_gateway_and_whoever_has_no_phone_or_nothing_at_all(
    person, ask, settings
):
    with override_settings(SUITE_SMS_GATEWAY=""):
        ask(Client())
    assert len(mail.outbox) == 1

    User.objects.update(phone=None)
    ask(Client(), "HN00042")
    assert len(mail.outbox) == 2

    User.objects.update(email=None)
    assert ask(Client(), "HN00042")["Location"] == reverse(CONFIRM)
    assert (len(mail.outbox), messages_sent(settings)) == (2, [])


def without_tokens(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html_of(response))


@pytest.mark.parametrize("login", ["HN99999", "0912000000", "khong@mau.example", "HN00050"])
def test_answer_never_tells_whether_the_account_exists(person, ask, settings, login):
    UserFactory(staff_code="HN00050", phone="+84911111111", is_active=False)
    known, unknown = Client(), Client()

    first, second = ask(known, "HN00042"), ask(unknown, login)

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    pages = [without_tokens(client.get(reverse(CONFIRM))) for client in (known, unknown)]
    assert pages[0] == pages[1]
    wrong = [without_tokens(confirm(client, "000000x")) for client in (known, unknown)]
    assert wrong[0] == wrong[1]
    assert len(messages_sent(settings)) == 1


def test_five_tries_and_no_more(client, person, ask, settings):
    ask(client)
    for _number in range(5):
        confirm(client, "nhầm")

    late = confirm(client, code_in(messages_sent(settings)[0]))

    assert late.status_code == 302
    assert not is_logged_in(client)


def test_code_is_good_for_ten_minutes(client, person, ask, settings, monkeypatch):
    ask(client)
    later = (timezone.now() + timedelta(minutes=10, seconds=1)).timestamp()
    monkeypatch.setattr("time.time", lambda: later)

    confirm(client, code_in(messages_sent(settings)[0]))

    assert not is_logged_in(client)


def test_code_is_good_in_the_browser_that_asked_alone(person, ask, settings):
    asked, thief = Client(), Client()
    ask(asked)
    ask(thief, "HN99999")

    confirm(thief, code_in(messages_sent(settings)[0]))

    assert not is_logged_in(thief)


def test_codes_asked_for_are_limited_here_and_not_for_others(person, ask, settings):
    for _number in range(4):
        late = ask(Client(), REMOTE_ADDR="203.0.113.9")
    assert len(messages_sent(settings)) == 3
    assert error_codes(late.context["form"]) == {"phone": ["too_many_login_attempts"]}

    ask(Client(), REMOTE_ADDR="198.51.100.7")

    assert len(messages_sent(settings)) == 4


def test_phone_that_cannot_be_one_is_named(client, ask):
    answer = ask(client, "091234567")

    assert error_codes(answer.context["form"]) == {"phone": ["too_short"]}


@pytest.mark.parametrize("trouble", ["refuse", "hang"])
def test_gateway_in_trouble_leaves_it_to_the_mail(
    client, person, ask, settings, monkeypatch, caplog, trouble
):
    monkeypatch.setattr(short_messages, "SMS_TIMEOUT_SECONDS", 0)
    settings.SUITE_SMS_MISBEHAVIOUR = trouble

    answer = ask(client)

    assert answer["Location"] == reverse(CONFIRM)
    assert messages_sent(settings) == []
    assert code_in(mail.outbox[0].body)
    assert "912345678" not in caplog.text
    assert code_in(mail.outbox[0].body) not in caplog.text


def test_message_that_comes_twice_lets_in_once(client, person, ask, settings):
    settings.SUITE_SMS_MISBEHAVIOUR = "double"
    ask(client)
    first, second = messages_sent(settings)
    assert first == second

    confirm(client, code_in(first))
    client.post(reverse("account_logout"))
    confirm(client, code_in(second))

    assert not is_logged_in(client)


def test_mail_server_that_is_down_is_told_to_nobody(client, person, ask, settings):
    settings.SUITE_SMS_GATEWAY = ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert ask(client)["Location"] == reverse(CONFIRM)


def test_code_travels_sealed(client, person, ask, settings, monkeypatch):
    queued = []
    monkeypatch.setattr(
        "lms.accounts.signin.adapter.send_login_code_task.apply_async",
        lambda args, expires: queued.append(args),
    )
    ask(client)
    [(user_id, sealed, by_mail)] = queued

    code = open_code(sealed, seconds=600)
    send_login_code_task.run(user_id, sealed, by_mail)

    assert code not in str(queued)
    assert code in messages_sent(settings)[0]


@pytest.mark.parametrize("spoil", ["too old", "other key", "in clear"])
def test_code_that_cannot_be_opened_is_not_sent(person, settings, monkeypatch, spoil):
    sealed = seal_code("123456")
    if spoil == "too old":
        then = time.time() + 601
        monkeypatch.setattr(time, "time", lambda: then)
    if spoil == "other key":
        settings.SECRET_KEY = "another-" + settings.SECRET_KEY

    send_login_code_task.run(person.pk, "123456" if spoil == "in clear" else sealed, False)

    assert messages_sent(settings) == []


def test_mail_server_that_says_nothing_holds_nobody_up(person, settings):
    settings.SUITE_SMS_GATEWAY = ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert 0 < settings.EMAIL_TIMEOUT <= 15
    settings.EMAIL_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()

        send_login_code_task.run(person.pk, seal_code("123456"), True)

    assert mail.outbox == []
