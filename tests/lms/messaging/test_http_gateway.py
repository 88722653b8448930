"""SMS over HTTP, against a provider that is slow, refuses, hangs, drops, and answers twice."""

import json
import time

import pytest

from lms.messaging.channels import short_messages
from lms.messaging.channels.short_messages import SmsChannel
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Letter
from tests.lms.messaging.sms_provider import running_provider
from tests.services import free_port

LETTER = Letter(
    to="+84912345678", key="<1@vd.vn>", subject="", text="", short="Nhắc lịch học {to} ngày mai"
)


@pytest.fixture
def provider(settings, monkeypatch):
    monkeypatch.setattr(short_messages, "SMS_TIMEOUT_SECONDS", 0.5)
    with running_provider() as provider:
        settings.SUITE_SMS_HTTP = provider.settings()
        settings.SUITE_SMS_GATEWAY = "lms.messaging.channels.http_gateway.HttpGateway"
        yield provider


def send():
    line = SmsChannel().line()
    answer = line.open() or line.send(LETTER)
    line.close()
    return answer


def test_gateway_says_what_the_settings_ask_for(provider):
    answer = send()

    assert (answer.outcome, answer.reference) == (Outcome.ACCEPTED, "nhan-1")
    assert provider.taken == [
        {
            "phone": "84912345678",
            "content": "Nhac lich hoc {to} ngay mai",
            "id": "<1@vd.vn>",
            "flags": ["0912345678"],
        }
    ]
    assert provider.headers[0]["Authorization"] == "Bearer khoa"


def test_gateway_sends_a_form_where_one_is_asked_for(provider, settings):
    settings.SUITE_SMS_HTTP = provider.settings(
        format="form", body={"to": "{to}", "text": "{text}"}, accepted=None, reference=""
    )
    provider.body = ""

    assert send().outcome == Outcome.ACCEPTED
    assert provider.taken == [{"to": "+84912345678", "text": "Nhac lich hoc {to} ngay mai"}]


@pytest.mark.parametrize(
    ("status", "body", "outcome", "line_stands"),
    [
        (200, {"code": 99}, Outcome.REFUSED, True),
        # No money left: the next one would fare the same.
        (200, {"code": 103}, Outcome.NOT_NOW, False),
        (200, "<html>", Outcome.UNKNOWN, False),
        (200, "[" * 30_000, Outcome.UNKNOWN, False),
        # Longer than it is read.
        (200, "x" * 200_000, Outcome.UNKNOWN, False),
        (400, {}, Outcome.REFUSED, True),
        (401, {}, Outcome.NOT_NOW, False),
        (429, {}, Outcome.NOT_NOW, False),
        (302, {}, Outcome.NOT_NOW, False),
        (503, {}, Outcome.NOT_NOW, False),
        (500, {}, Outcome.UNKNOWN, False),
        (504, {}, Outcome.UNKNOWN, False),
    ],
)
def test_answer_means_what_it_says(provider, status, body, outcome, line_stands):
    provider.status = status
    provider.body = body if isinstance(body, str) else json.dumps(body)

    answer = send()

    assert (answer.outcome, answer.line_stands) == (outcome, line_stands)
    assert len(provider.taken) == 1


def test_answer_names_no_number(provider):
    provider.status, provider.body = 400, "84912345678 +84912345678 0912345678"

    assert "+84912345678" not in send().detail


@pytest.mark.parametrize("mood", ["drop", "cut", "hang", "drip"])
def test_gateway_that_drops_the_line_or_hangs_may_have_taken_it_and_is_asked_once(provider, mood):
    provider.mood = mood
    begun = time.monotonic()

    answer = send()

    assert time.monotonic() - begun < 3
    assert (answer.outcome, answer.line_stands) == (Outcome.UNKNOWN, False)
    assert len(provider.taken) == 1


def test_gateway_that_answers_twice_counts_once(provider):
    provider.mood = "twice"

    assert send().reference == "nhan-1"
    assert len(provider.taken) == 1


def test_gateway_that_is_away_has_taken_nothing(provider, settings):
    settings.SUITE_SMS_HTTP = provider.settings(url=f"http://127.0.0.1:{free_port()}/")

    answer = send()

    assert (answer.outcome, answer.line_stands) == (Outcome.NOT_NOW, False)
    assert provider.taken == []
