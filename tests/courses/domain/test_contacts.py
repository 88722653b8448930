"""Whom the people of a class may call."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.domain.contacts import annotate_contacts, contacts_of, contacts_of_post
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.notifications.domain.letters import write_letter
from lms.notifications.extensions import Message, contacts_for
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory
from tests.factories.rows import set_fields
from tests.shared import shared

pytestmark = pytest.mark.sqlite("JSON objects and prefixes in sub-queries")


def told(enrolment):
    found = annotate_contacts(Enrolment.objects.filter(pk=enrolment.pk)).get()
    return [(one.name, one.phone) for one in contacts_of(found)]


@shared
def teaching(run):
    user = make_official(Role.TRAINER, "35", full_name="Trần Thị Giảng", phone="+84900009001")
    run.trainers.add(user)
    return user


def test_contacts_are_a_trainer_and_the_coordinator_of_the_unit(enrolment, teaching):
    make_official(Role.COORDINATOR, "350", full_name="Lê Văn Thuận", phone="+84900009002")
    make_official(Role.COORDINATOR, "353", full_name="Huyện Khác", phone="+84900009003")
    make_official(Role.TRAINER, "350", full_name="Lớp Khác", phone="+84900009004")

    assert told(enrolment) == [
        ("Trần Thị Giảng", "+84900009001"),
        ("Lê Văn Thuận", "+84900009002"),
    ]


def test_nearest_coordinator_and_a_trainer_with_a_number_come_first(enrolment, run, teaching):
    run.trainers.add(make_official(Role.TRAINER, "35", full_name="An Không Số"))
    make_official(Role.COORDINATOR, "35", full_name="Cả Tỉnh", phone="+84900009005")
    make_official(Role.COORDINATOR, "350", full_name="Cả Huyện")

    assert told(enrolment) == [("Trần Thị Giảng", "+84900009001"), ("Cả Huyện", "")]


@pytest.mark.parametrize("why", ["left", "role withdrawn"])
def test_number_of_who_no_longer_runs_the_class_is_not_told(enrolment, teaching, why):
    coordinator = make_official(Role.COORDINATOR, "350", phone="+84900009002")
    for person in (teaching, coordinator):
        if why == "left":
            set_fields(person, is_active=False)
        else:
            person.role_assignments.all().delete()

    assert told(enrolment) == []


def test_who_is_in_no_class_calls_the_coordinator_of_the_place_of_work(edition):
    make_official(Role.COORDINATOR, "350", full_name="Lê Văn Thuận", phone="+84900009002")
    make_official(Role.COORDINATOR, "35", full_name="Cả Tỉnh", phone="+84900009005")
    make_official(Role.MONITOR, "350", phone="+84900009006")
    near, far = (PostingFactory(unit=unit(code)).user for code in ("13387", "13591"))

    for person, name in ((near, "Lê Văn Thuận"), (far, "Cả Tỉnh")):
        for page in ("courses:my_work", "courses:help"):
            found = browse(person).get(reverse(page)).context["contacts"]
            assert [one.name for one in found] == [name]
    assert contacts_of_post(user=UserFactory(), on=timezone.localdate()) == []


def test_number_of_who_only_watches_is_not_told(enrolment):
    make_official(Role.MONITOR, "350", phone="+84900009006")
    make_official(Role.ADMINISTRATOR, "35", phone="+84900009007")
    UserFactory(phone="+84900009008")

    assert told(enrolment) == []


def test_reminder_of_a_class_says_whom_to_call_to_its_people_alone(
    enrolment, run, teaching, django_assert_num_queries
):
    mine = ReminderFactory(user=enrolment.user, run_number=run.pk)
    others = [
        ReminderFactory(run_number=run.pk),
        ReminderFactory(user=enrolment.user),
        ReminderFactory(user=teaching, run_number=run.pk),
    ]

    with django_assert_num_queries(1):
        found = contacts_for(reminders=[mine, *others])

    assert {pk: [one.phone for one in whom] for pk, whom in found.items()} == {
        mine.pk: ["+84900009001"]
    }
    with django_assert_num_queries(0):
        assert contacts_for(reminders=[others[1]]) == {}
    said = Message("Nhắc", "Mời xem.", contacts=found[mine.pk])
    letter = write_letter(reminders=[mine], message=said, to="x")
    assert "Trần Thị Giảng: 0900 009 001" in letter.text
    assert 'href="tel:+84900009001"' in letter.html
