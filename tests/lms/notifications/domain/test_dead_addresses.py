"""Addresses that do not work: found at sending, told to who mends them, given up by a person."""

import pytest
from django.utils import timezone

from lms.accounts.enums import Role
from lms.core.refusal import Refusal
from lms.messaging.domain.receipts import receive
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer
from lms.notifications.domain.calls import record_call
from lms.notifications.domain.dead_addresses import call_instead, note_alive, note_dead
from lms.notifications.domain.handing_over import begin_hand_over, end_hand_over
from lms.notifications.domain.receipts import take_up_receipts
from lms.notifications.domain.ways import choose_way
from lms.notifications.enums import PEOPLE, CallResult, ReminderState
from lms.notifications.models import DeadAddress, DeliveryAttempt
from lms.notifications.quality_checks import DeadAddresses
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.geography import unit
from tests.factories.notifications import DeadAddressFactory, ReminderFactory
from tests.quality import told_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edition", "kind")]


@pytest.fixture
def person():
    person = UserFactory(email="mau@example.vn", phone="+84912345678")
    PostingFactory(user=person, unit=unit("13384"))
    return person


def hand_over(person, outcome, **fields):
    row = ReminderFactory(user=person, state=ReminderState.CLAIMED, way="email", **fields)
    (attempts,) = begin_hand_over(letters=[[row]])
    end_hand_over(ended=[(attempts, Answer(outcome, "550 unknown"))])
    return row


@pytest.mark.django_db(transaction=True)
def test_refused_mail_is_told_until_one_is_accepted_or_the_address_is_put_right(person):
    for _ in range(2):
        hand_over(person, Outcome.REFUSED)
    dead = DeadAddress.objects.get()
    assert (dead.way, dead.address, dead.times) == ("email", "mau@example.vn", 2)
    assert dead.reason == "550 unknown"

    person.email = "moi@example.vn"
    person.save()
    assert not DeadAddress.objects.current().exists()
    hand_over(person, Outcome.REFUSED)
    assert DeadAddress.objects.get().times == 1

    hand_over(person, Outcome.ACCEPTED)
    assert not DeadAddress.objects.exists()


@pytest.mark.parametrize("way", ["site", "push", "gone"])
def test_ways_without_an_address_of_the_person_are_never_dead(person, way):
    note_dead(user=person, way=way, detail="", by_receipt=False, now=timezone.now())

    assert not DeadAddress.objects.exists()


def test_receipts_speak_of_the_number_and_what_one_said_is_ended_by_another_alone(person):
    now = timezone.now()
    row = ReminderFactory(user=person, way="sms", state=ReminderState.SENT)
    DeliveryAttempt.objects.create(
        reminder=row, channel="sms", started_at=now, reference="n-1", outcome=Outcome.ACCEPTED
    )
    receive(way="sms", reference="n-1", delivered=False, detail="4", now=now)
    take_up_receipts(now=now)
    assert DeadAddress.objects.get().reason == "4"
    note_alive(people=[person], way="sms", by_receipt=False)
    assert DeadAddress.objects.exists()

    receive(way="sms", reference="n-1", delivered=True, detail="", now=now)
    take_up_receipts(now=now)
    assert not DeadAddress.objects.exists()


def test_wrong_number_of_a_call_is_told_until_somebody_is_reached(person):
    caller = make_official(Role.COORDINATOR, "350")
    ReminderFactory(user=person, state=ReminderState.UNREACHABLE, way=PEOPLE)
    now = timezone.now()
    record_call(person=person, result=CallResult.WRONG_NUMBER, by=caller, now=now)
    assert DeadAddress.objects.get().way == PEOPLE

    record_call(person=person, result=CallResult.REACHED, by=caller, now=now)
    assert not DeadAddress.objects.exists()


def test_who_is_called_instead_gets_the_next_way_until_the_address_is_another(person):
    by = make_official(Role.COORDINATOR, "350")
    dead = DeadAddressFactory(user=person, way="email", address=person.email)
    assert choose_way(person=person.__class__.objects.get(pk=person.pk)) == "email"

    call_instead(dead=dead, on=True, by=by)

    assert choose_way(person=person.__class__.objects.get(pk=person.pk)) == "sms"
    person.email = "moi@example.vn"
    person.save()
    assert choose_way(person=person.__class__.objects.get(pk=person.pk)) == "email"
    with pytest.raises(Refusal) as refusal:
        call_instead(dead=dead, on=False, by=by)
    assert refusal.value.code == "put_right"


def test_list_tells_the_area_what_to_put_right(person):
    coordinator = make_official(Role.COORDINATOR, "350")
    elsewhere = make_official(Role.COORDINATOR, "353")
    dead = DeadAddressFactory(user=person, way="email", address=person.email, reason="550 unknown")
    now = timezone.now()

    (line,) = told_by(DeadAddresses(), coordinator, at=now)

    assert "550 unknown" in line.note
    assert person.email in line.note
    assert line.mend_url
    assert told_by(DeadAddresses(), elsewhere, at=now) == []
    call_instead(dead=dead, on=True, by=coordinator)
    assert told_by(DeadAddresses(), coordinator, at=now) == []
