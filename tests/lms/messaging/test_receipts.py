"""What a provider reports: once, twice, late, by whom it may not, and nonsense."""

import json

import pytest
from django.urls import reverse

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer
from lms.messaging.models import Receipt

pytestmark = pytest.mark.django_db
MEANING = {
    "secret": "kin",
    "reference": "SMSID",
    "delivered": ("SendStatus", frozenset({"5"})),
    "failed": ("SendStatus", frozenset({"4", "6"})),
}


@pytest.fixture(autouse=True)
def meaning(settings):
    settings.SUITE_SMS_RECEIPTS = MEANING


def report(client, said, *, key="kin", **how):
    return client.post(f"{reverse('messaging:sms_receipt')}?key={key}", said, **how).status_code


def receipts():
    return list(Receipt.objects.order_by("pk").values_list("way", "reference", "delivered"))


def test_receipt_is_kept_once_however_often_and_in_which_way_it_comes(client):
    for _ in range(2):
        assert report(client, {"SMSID": "n-1", "SendStatus": "5"}) == 200
        assert (
            report(client, {"SMSID": "n-2", "SendStatus": 4}, content_type="application/json")
            == 200
        )

    in_the_address = f"{reverse('messaging:sms_receipt')}?key=kin&SMSID=n-3&SendStatus=5"
    assert client.get(in_the_address).status_code == 200

    assert receipts() == [("sms", "n-1", True), ("sms", "n-2", False), ("sms", "n-3", True)]
    assert Receipt.objects.get(reference="n-2").detail == "4"


def test_who_does_not_know_the_secret_reports_nothing_and_nobody_where_there_is_none(
    client, settings
):
    said = {"SMSID": "n-1", "SendStatus": "5"}
    assert [report(client, said, key=key) for key in ("", "khac")] == [404, 404]
    settings.SUITE_SMS_RECEIPTS = {}
    assert [report(client, said, key=key) for key in ("", "kin")] == [404, 404]
    assert receipts() == []


@pytest.mark.parametrize(
    "said",
    [b"", b"[", b"[]", b"[" * 100_000, b'{"SMSID": "n-1"}', b'{"SendStatus": "5"}', b"7"],
)
def test_what_is_not_understood_is_taken_and_left(client, said):
    assert report(client, said, content_type="application/json") == 200
    assert receipts() == []


def test_number_that_no_database_takes_is_kept_as_that_of_the_message(client):
    """A zero, half a letter, and too long: PostgreSQL refuses each of them."""
    said = {"SMSID": "n\0-\ud8001" + "x" * 300, "SendStatus": 4}
    assert report(client, json.dumps(said), content_type="application/json") == 200

    sent = Answer(Outcome.ACCEPTED, reference=said["SMSID"])
    assert receipts() == [("sms", sent.reference, False)]
    assert sent.reference == ("n-?1" + "x" * 300)[:200]
