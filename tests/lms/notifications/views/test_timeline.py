"""What one person was told, as those see it who look after the person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.accounts.enums import Role
from lms.messaging.enums import Outcome
from lms.notifications.enums import PEOPLE, CallResult, ReminderState
from lms.notifications.models import DeadAddress, DeliveryAttempt
from tests.factories.accounts import PostingFactory, UserFactory, log_in
from tests.factories.geography import unit
from tests.factories.notifications import DeadAddressFactory, NoticeFactory, ReminderFactory
from tests.reading import html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edition", "kind")]


@pytest.fixture
def person():
    person = UserFactory(phone="+84912345678")
    PostingFactory(user=person, unit=unit("13384"))
    return person


def messages(person, count):
    for _ in range(count):
        row = ReminderFactory(user=person, state=ReminderState.SENT, way="sms")
        NoticeFactory(reminder=row, user=person, subject="Đổi phòng học", read_at=timezone.now())
        for channel, outcome, detail in (
            ("sms", Outcome.NOT_NOW, "503 het tien"),
            (PEOPLE, Outcome.ACCEPTED, CallResult.REACHED),
        ):
            DeliveryAttempt.objects.create(
                reminder=row,
                channel=channel,
                started_at=timezone.now(),
                outcome=outcome,
                detail=detail,
                caller=person if channel == PEOPLE else None,
            )


def test_each_message_tells_its_tries_and_costs_no_query_more(person):
    client = log_in(Role.COORDINATOR, "350")
    url = reverse("notices:timeline", args=[person.pk])
    assert client.get(url).context["lines"] == []
    messages(person, 1)
    ReminderFactory(user=person, state=ReminderState.CANCELLED)
    ReminderFactory(user=UserFactory())

    response = client.get(url)

    kept = {one["subject"]: one for one in response.context["lines"]}
    assert len(response.context["lines"]) == 2
    line = kept["Đổi phòng học"]
    assert [one["detail"] for one in line["tries"]] == ["503 het tien", ""]
    assert line["read_at"]
    with CaptureQueriesContext(connection) as before:
        client.get(url)
    messages(person, 3)
    with CaptureQueriesContext(connection) as after:
        client.get(url)
    assert len(after) == len(before)


def test_address_is_given_up_and_used_again_by_who_may_send(person):
    client = log_in(Role.COORDINATOR, "350")
    dead = DeadAddressFactory(user=person)
    url = reverse("notices:decide_on_address", args=[dead.pk])
    page = reverse("notices:timeline", args=[person.pk])

    for told, kept in (("1", True), ("0", False)):
        assert client.post(url, {"call": told}).status_code == 302
        assert DeadAddress.objects.get().call_instead is kept
        assert url in html_of(client.get(page))
    # A focal point looks on.
    looker = log_in(Role.FOCAL_POINT, "13384")
    assert url not in html_of(looker.get(page))
    assert looker.post(url, {"call": "1"}).status_code == 404


def test_others_see_nothing(person):
    page = reverse("notices:timeline", args=[person.pk])
    dead = DeadAddressFactory(user=person)
    elsewhere = log_in(Role.COORDINATOR, "353")

    assert elsewhere.get(page).status_code == 404
    assert elsewhere.post(reverse("notices:decide_on_address", args=[dead.pk])).status_code == 404
    assert log_in(Role.TRAINER, "350").get(page).status_code == 404


def test_record_of_the_person_leads_there(person):
    client = log_in(Role.COORDINATOR, "350")

    record = client.get(reverse("wagtailusers_users:inspect", args=[person.pk]))

    assert reverse("notices:timeline", args=[person.pk]) in html_of(record)
