"""Who keeps a class for its host district alone sees nothing of its guests from other districts."""

from uuid import uuid4

import pytest
from django.urls import reverse

from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord
from courses.enums import EnrolmentStatus
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import withdraw_role
from tests.factories.attendance import IN_CLASS, enrol_many, entry, make_class, take_roll
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

PRESENT, ABSENT = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT
# A mark so late that the page that names it would have shown everything noted so far.
SEEN_ALL = "999999999"


@shared
def local(run):
    return enrol_many(run, 1, commune="13387")[0]


@shared
def guest(run):
    """Somebody of Lý Nhân in the class of Kim Bảng."""
    person = enrol_many(run, 1, commune="13591")[0]
    set_fields(person.user, full_name="Vũ Thị Bí Mật")
    return person


def send(client, session, choices, **more):
    """Post choices by enrolment id; the page that answers."""
    data = {f"status-{pk}": status for pk, status in choices.items()}
    data |= {"token": str(uuid4()), "seen": "0", "action": "save", **more}
    url = reverse("attendance:roll_call", args=[session.pk])
    return html_of(client.post(url, data, follow=True))


def on_roll(client, session):
    response = client.get(reverse("attendance:roll_call", args=[session.pk]))
    return [line.enrolment for line in response.context["sheet"].lines], html_of(response)


def test_coordinator_of_the_host_district_sees_no_guest(
    as_coordinator, session, local, guest, trainer
):
    take_roll(session=session, entries=[entry(guest)], by=trainer, at=IN_CLASS)
    people, html = on_roll(as_coordinator, session)
    assert people == [local]
    assert "Bí Mật" not in html
    assert guest.user.staff_code not in html
    assert f"status-{guest.pk}" not in html


def test_trainer_of_the_class_sees_and_notes_its_guests(as_trainer, session, local, guest):
    people, _html = on_roll(as_trainer, session)
    assert sorted(person.pk for person in people) == [local.pk, guest.pk]
    send(as_trainer, session, {guest.pk: PRESENT})
    assert AttendanceRecord.objects.get().enrolment == guest


def refusal_shown(html):
    """The page with what differs from one request to the next taken out."""
    return html.partition('role="alert"')[2].partition("</form>")[0].partition("<form")[0]


@pytest.mark.parametrize("status", EnrolmentStatus.values)
def test_guest_is_refused_like_somebody_who_is_not_enrolled(
    as_coordinator, session, run, local, guest, status
):
    guest.status = status
    guest.completed_at = IN_CLASS if status == EnrolmentStatus.COMPLETED else None
    guest.save()
    stranger = enrol_many(make_class("353", course=run.course), 1, commune="13591")[0]
    refused = refusal_shown(send(as_coordinator, session, {guest.pk: PRESENT}))
    assert refused
    assert refused == refusal_shown(send(as_coordinator, session, {stranger.pk: PRESENT}))
    assert AttendanceMark.objects.count() == 0


def test_refused_guest_leaves_the_others_saved(as_coordinator, session, local, guest):
    html = send(as_coordinator, session, {local.pk: PRESENT, guest.pk: PRESENT})
    assert [record.enrolment for record in AttendanceRecord.objects.all()] == [local]
    assert "Bí Mật" not in html


@pytest.mark.parametrize("guess", [PRESENT, ABSENT])
def test_guess_does_not_tell_what_is_noted_about_a_guest(
    as_coordinator, session, trainer, local, guest, guess
):
    take_roll(session=session, entries=[entry(guest)], by=trainer, at=IN_CLASS)
    html = send(
        as_coordinator, session, {guest.pk: guess}, seen=SEEN_ALL, **{f"reason-{guest.pk}": "Nhầm"}
    )
    assert refusal_shown(html)
    assert AttendanceMark.objects.count() == 1


def test_trainer_whose_role_was_withdrawn_takes_no_roll(as_trainer, trainer, session, local):
    withdraw_role(user=trainer, role=Role.TRAINER, unit=unit("350"))
    url = reverse("attendance:roll_call", args=[session.pk])

    assert as_trainer.get(url).status_code == 404
    assert as_trainer.post(url, {"everybody": "present"}).status_code == 404
    assert not AttendanceMark.objects.exists()
