"""Whoever comes without being on the list is looked up and tapped; no JavaScript is needed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.domain.register.sign_off import sign_session
from attendance.enums import MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from tests.factories.accounts import PostingFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, entry, take_roll
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared


@pytest.fixture
def url(session):
    return reverse("attendance:walk_in", args=[session.pk])


@pytest.fixture
def roll_url(session):
    return reverse("attendance:roll_call", args=[session.pk])


@shared
def person(edition):
    return PostingFactory(unit=unit("13387"), user__full_name="Đỗ Thị Đào").user


def tap(client, url, person, **more):
    sent = {"person": person.pk, "token": str(uuid4()), "q": "dao", **more}
    return client.post(url, sent)


def test_person_is_looked_up_tapped_and_undone(as_trainer, url, roll_url, person):
    page = as_trainer.get(url, {"q": "do thi dao"})
    assert [row["one"].person for row in page.context["found"]] == [person]
    assert f'name="person" value="{person.pk}"' in html_of(page)

    token = str(page.context["token"])
    assert tap(as_trainer, url, person, token=token).url == url
    # Sent again, by a phone that never had the answer.
    assert tap(as_trainer, url, person, token=token).url == url
    [mark] = AttendanceMark.objects.all()
    assert mark.method == MarkMethod.WALK_IN
    assert f'id="hoc-vien-{mark.enrolment_id}"' in html_of(as_trainer.get(roll_url))

    [undo] = re.findall(r'name="undo" value="([^"]+)"', html_of(as_trainer.get(url)))
    as_trainer.post(url, {"undo": undo})
    assert Enrolment.objects.get().status == EnrolmentStatus.WITHDRAWN
    assert not AttendanceRecord.objects.exists()


def test_line_of_somebody_on_the_roll_is_jumped_to(as_trainer, url, roll_url, run):
    [enrolment] = enrol_many(run, 1)

    html = html_of(as_trainer.get(url, {"q": "huong"}))
    assert f'href="{roll_url}#hoc-vien-{enrolment.pk}"' in html
    assert 'name="person"' not in html


@pytest.mark.parametrize("sent", [{"undo": "x"}, {"undo": str(uuid4())}, {"person": "hai"}, {}])
def test_what_means_nobody_changes_nothing(as_trainer, url, person, sent):
    assert as_trainer.post(url, sent).status_code in {200, 404}
    assert not Enrolment.objects.exists()


@pytest.mark.usefixtures("midday")
def test_early_walk_in_asks_whether_it_is_the_right_session(as_trainer, run, person):
    begin = timezone.now() + timedelta(minutes=1)
    session = SessionFactory(run=run, starts_at=begin, counted_at=None)
    url = reverse("attendance:walk_in", args=[session.pk])

    page = tap(as_trainer, url, person)
    assert page.context["is_early"]
    # What was looked for is still there to be tapped.
    assert [row["one"].person for row in page.context["found"]] == [person]
    assert not Enrolment.objects.exists()

    assert tap(as_trainer, url, person, early="1").status_code == 302
    assert Enrolment.objects.filter(user=person).exists()


def test_class_that_is_closed_says_so(as_trainer, url, run, person):
    set_fields(run, status=RunStatus.CLOSED)

    page = as_trainer.get(url, {"q": "dao"})
    assert page.context["closed"]
    assert 'name="person"' not in html_of(page)
    assert tap(as_trainer, url, person).status_code == 200
    assert not Enrolment.objects.exists()


def test_roll_of_a_day_to_come_takes_nobody(as_trainer, url, roll_url, session, person):
    tomorrow = timezone.now() + timedelta(days=1)
    set_fields(session, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=2))

    assert as_trainer.get(url).url == roll_url
    assert tap(as_trainer, url, person).url == roll_url
    assert not Enrolment.objects.exists()


def test_signature_that_came_first_keeps_the_mark_to_confirm(
    as_trainer, url, roll_url, run, session, trainer, person
):
    [other] = enrol_many(run, 1)
    take_roll(session=session, entries=[entry(other)], by=trainer, at=IN_CLASS)
    sign_session(session=session, by=trainer, at=session.ends_at)

    assert as_trainer.get(url).url == roll_url
    assert tap(as_trainer, url, person).status_code == 302
    assert session.late_marks.get().enrolment.user == person
