"""Each person is written to in the language that the person chose, whatever goes beside it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.accounts.register.domain.language import choose_language
from lms.notifications.domain import sending
from lms.notifications.domain.forecast import forecast
from lms.notifications.extensions import PlannedReminder
from lms.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.lms.notifications.domain.ticks import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


@pytest.fixture
def rule():
    return ReminderRuleFactory(subject_vi="Mời học", subject_en="Please learn")


@pytest.fixture
def english():
    person = UserFactory(full_name="Trần Thị Mẫu", email="mau@example.vn")
    choose_language(person=person, language="en")
    return person


def test_mail_and_notice_of_one_tick_speak_as_their_people_do(sink, rule, english):
    other = UserFactory(email="khac@example.vn")
    for person in (english, other):
        ReminderFactory(rule=rule, user=person)

    assert send().sent == 2

    mails = {mail["To"]: mail for mail in sink.accepted}
    text, html = (mails[english.email].get_body((how,)).get_content() for how in ("plain", "html"))
    assert text.startswith("Dear Trần Thị Mẫu,")
    assert '<html lang="en">' in html
    subjects = {to: mail["Subject"] for to, mail in mails.items()}
    assert subjects == {english.email: "Please learn", other.email: "Mời học"}
    assert set(Notice.objects.values_list("user", "subject")) == {
        (english.pk, "Please learn"),
        (other.pk, "Mời học"),
    }


def test_preview_shows_what_each_would_read(kind, rule, english):
    now = timezone.now()
    later = now + timedelta(days=1)
    people = (english, UserFactory())
    kind.planned = [PlannedReminder(f"tests.note:{one.pk}", one.pk, now, later) for one in people]

    samples = forecast(rule=rule, now=now, by=UserFactory(is_superuser=True)).samples

    assert {one.user.pk: one.message.subject for one in samples} == {
        english.pk: "Please learn",
        people[1].pk: "Mời học",
    }


@pytest.mark.parametrize("people", [1, 3])
def test_a_second_language_asks_the_kind_once_more_whatever_the_number(
    sink, kind, rule, english, people, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(sending, "MOST_TOGETHER", 1)
    # However slow the machine is.
    monkeypatch.setattr(sending, "MOMENT", 1000)
    ReminderFactory(rule=rule, user=english)
    ReminderFactory.create_batch(people, rule=rule)

    with django_assert_num_queries(23 + 10 * (people + 1)):
        assert send().sent == people + 1

    assert kind.asked == 2
