"""Zalo against a stand-in that refuses, hangs, drops, wants another token, and reports twice."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from lms.messaging.channels import zalo as channel
from lms.messaging.channels.zalo import ZaloChannel, ZaloTokens, tracking_number
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Letter
from lms.messaging.models import AccessToken, Receipt
from lms.messaging.tokens import NoTokenError, access_token
from lms.settings.zalo import REFUSED, zalo
from tests.lms.messaging.sms_provider import running_provider

pytestmark = pytest.mark.django_db
LETTER = Letter(
    to="+84912345678",
    key="<1@vd.vn>",
    subject="Nhắc lịch học",
    text="",
    short="Buổi học ngày mai {name}",
    name="Lò Thị Mẩy",
    url="https://vd.vn/thong-bao/",
)
RENEWED = {"access_token": "vao-2", "refresh_token": "lam-moi-2", "expires_in": "90000"}


@pytest.fixture
def provider(settings, monkeypatch):
    monkeypatch.setattr(channel, "ZALO_TIMEOUT_SECONDS", 0.5)
    with running_provider() as provider:
        provider.body = json.dumps({"error": 0, "data": {"msg_id": "m-1"}})
        provider.elsewhere["/token"] = RENEWED
        settings.SUITE_ZALO = configured(provider)
        yield provider


def configured(provider, **changes):
    base = f"http://127.0.0.1:{provider.server_port}"
    return zalo(
        **{
            "template": "2117",
            "data": '{"ten": "{name}", "viec": "{text}", "trang": "{url}", "loai": "nhắc"}',
            "url": f"{base}/gui",
            "token_url": f"{base}/token",
            "refused": REFUSED,
            "app_id": "77",
            "app_secret": "kin",
            "refresh_token": "lam-moi-1",
            "webhook_secret": "chu-ky",
            **changes,
        }
    )


def send():
    line = ZaloChannel().line()
    answer = line.open() or line.send(LETTER)
    line.close()
    return answer


def test_template_is_filled_in_for_the_number(provider):
    answer = send()

    assert (answer.outcome, answer.reference) == (Outcome.ACCEPTED, tracking_number(LETTER.key))
    assert provider.taken == [
        {
            "phone": "84912345678",
            "template_id": "2117",
            "template_data": {
                "ten": "Lò Thị Mẩy",
                # What a value holds is never filled in once more.
                "viec": "Buổi học ngày mai {name}",
                "trang": "https://vd.vn/thong-bao/",
                "loai": "nhắc",
            },
            "tracking_id": tracking_number(LETTER.key),
        }
    ]
    assert provider.headers[0]["access_token"] == "vao-2"


def test_who_reads_english_gets_the_template_in_english_where_there_is_one(provider, settings):
    english, numbers = replace(LETTER, language="en"), []
    for changes in ({}, {"english": "2118"}):
        settings.SUITE_ZALO = configured(provider, **changes)
        line = ZaloChannel().line()
        assert line.open() is None
        for letter in (english, LETTER):
            assert line.send(letter).outcome == Outcome.ACCEPTED
            numbers.append(provider.taken[-1]["template_id"])

    assert numbers == ["2117", "2117", "2118", "2117"]


@pytest.mark.parametrize(
    ("status", "body", "outcome", "line_stands"),
    [
        (200, {"error": -118}, Outcome.REFUSED, True),
        (200, {"error": "-119"}, Outcome.REFUSED, True),
        # No money left: the next one would fare the same.
        (200, {"error": -115}, Outcome.NOT_NOW, False),
        (200, {}, Outcome.UNKNOWN, False),
        (200, "<html>", Outcome.UNKNOWN, False),
        (403, {}, Outcome.NOT_NOW, False),
        (502, {}, Outcome.UNKNOWN, False),
    ],
)
def test_answer_means_what_it_says(provider, status, body, outcome, line_stands):
    provider.status = status
    provider.body = body if isinstance(body, str) else json.dumps(body)

    answer = send()

    assert (answer.outcome, answer.line_stands) == (outcome, line_stands)


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [("hang", Outcome.UNKNOWN), ("drop", Outcome.UNKNOWN), ("twice", Outcome.ACCEPTED)],
)
def test_zalo_on_a_bad_day_is_asked_once(provider, mood, outcome):
    provider.mood = mood

    assert send().outcome == outcome
    assert len(provider.taken) == 1


def test_zalo_that_is_away_has_taken_nothing(provider, settings):
    send()
    settings.SUITE_ZALO |= {"url": "http://127.0.0.1:9/gui"}

    answer = send()

    assert (answer.outcome, answer.line_stands) == (Outcome.NOT_NOW, False)
    assert len(provider.taken) == 1


def test_token_is_renewed_once_and_the_next_refresh_token_is_kept_sealed(provider):
    send()
    send()

    assert [form["refresh_token"] for form in provider.asked] == ["lam-moi-1"]
    kept = AccessToken.objects.get()
    assert "vao-2" not in kept.access
    assert "lam-moi-2" not in kept.refresh

    AccessToken.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    send()

    assert [form["refresh_token"] for form in provider.asked] == ["lam-moi-1", "lam-moi-2"]


def test_token_that_zalo_takes_no_more_is_asked_for_anew(provider):
    provider.body = json.dumps({"error": -124})
    answer = send()
    assert (answer.outcome, answer.line_stands) == (Outcome.NOT_NOW, False)

    send()

    assert [form["refresh_token"] for form in provider.asked] == ["lam-moi-1", "lam-moi-2"]


def test_new_first_token_in_the_settings_begins_anew(provider, settings):
    send()
    settings.SUITE_ZALO = configured(provider, refresh_token="khac")

    send()

    assert [form["refresh_token"] for form in provider.asked] == ["lam-moi-1", "khac"]


@pytest.mark.parametrize(
    "said", [{"error": -14014}, {"access_token": "a"}, {"access_token": "a", "expires_in": "x"}, []]
)
def test_refused_renewal_hands_nothing_over_and_may_be_tried_again(provider, said):
    provider.elsewhere["/token"] = said
    answer = send()
    assert (answer.outcome, answer.line_stands) == (Outcome.NOT_NOW, False)
    assert provider.taken == []

    provider.elsewhere["/token"] = RENEWED
    assert send().outcome == Outcome.ACCEPTED


def test_token_service_that_is_away_or_another_process_that_renews_hands_nothing_over(
    provider, settings
):
    settings.SUITE_ZALO |= {"token_url": "http://127.0.0.1:9/"}
    assert send().outcome == Outcome.NOT_NOW

    AccessToken.objects.update(taken_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(NoTokenError):
        access_token(source=ZaloTokens(), now=timezone.now())
    assert provider.taken == []


def test_token_kept_under_another_key_is_not_taken_for_one(provider, settings):
    send()
    settings.SECRET_KEY = "another"

    assert send().outcome == Outcome.NOT_NOW
    AccessToken.objects.update(taken_until=None)
    with pytest.raises(NoTokenError):
        access_token(source=ZaloTokens(), now=timezone.now())


def report(client, *, signed_by="chu-ky", **changes):
    message = {"tracking_id": "n-1", "msg_id": "m-1"}
    body = {"event_name": "user_received_message", "message": message, "timestamp": "17", **changes}
    data = json.dumps(body)
    mac = hashlib.sha256(f"77{data}17{signed_by}".encode()).hexdigest()
    return client.post(
        reverse("messaging:zalo_receipt"),
        data,
        content_type="application/json",
        headers={"X-ZEvent-Signature": f"mac={mac}"},
    ).status_code


def test_receipt_counts_once_and_only_with_its_signature(client, provider):
    assert report(client, signed_by="khac") == 404
    assert report(client, event_name="user_seen_message") == 200
    assert report(client, message={}) == 200
    assert not Receipt.objects.exists()

    for _ in range(2):
        assert report(client) == 200

    (receipt,) = Receipt.objects.all()
    assert (receipt.way, receipt.reference, receipt.delivered) == ("zalo", "n-1", True)


@pytest.mark.parametrize("said", [b"", b"[" * 100_000, b"7"])
def test_receipt_that_is_nonsense_is_nobodys(client, provider, said):
    url = reverse("messaging:zalo_receipt")

    assert client.post(url, said, content_type="application/json").status_code == 404


def test_without_a_template_there_is_neither_way_nor_address(client, settings):
    settings.SUITE_ZALO = {}

    assert not ZaloChannel().is_configured()
    assert client.post(reverse("messaging:zalo_receipt")).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://zalo.example.vn/"},
        {"token_url": "http://zalo.example.vn/"},
        {"app_secret": ""},
        {"data": "{"},
        {"data": "[]"},
    ],
)
def test_settings_that_do_not_fit_stop_the_start(provider, changes):
    with pytest.raises(ImproperlyConfigured):
        configured(provider, **changes)
