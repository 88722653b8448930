"""Pages of the register: signing, confirming, correcting, and what came too late."""

from uuid import uuid4

import pytest
from django.urls import reverse

from attendance.domain.register.sign_off import sign_run, sign_session
from attendance.domain.walk_ins.unmatched import note_unmatched
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, LateMark, RunSignOff, SessionSignOff
from courses.enums import EnrolmentStatus
from tests.factories.accounts import browse
from tests.factories.attendance import IN_CLASS, enrol_many, entry, take_roll
from tests.factories.courses import ask
from tests.reading import html_of
from tests.shared import shared

EVENING = IN_CLASS.replace(hour=18)


@shared
def people(run):
    ask(run, attendance_hours={"percent": 80})
    return enrol_many(run, 2)


@shared
def half_noted(session, people, trainer):
    take_roll(session=session, entries=[entry(people[0])], by=trainer, at=IN_CLASS)
    return session


@shared
def signed(half_noted, people, trainer):
    take_roll(session=half_noted, entries=[entry(people[1])], by=trainer, at=IN_CLASS)
    sign_session(session=half_noted, by=trainer, at=EVENING)
    return half_noted


def test_trainer_signs_after_naming_who_was_absent(trainer, half_noted, people, as_trainer):
    address = reverse("attendance:session_sign", args=[half_noted.pk])
    page = as_trainer.get(address)
    assert list(page.context["left"]) == [people[1]]

    refused = as_trainer.post(address)
    assert refused.status_code == 200
    assert not SessionSignOff.objects.exists()
    assert as_trainer.post(address, {"absent": [people[1].pk, "x"]}).status_code == 302

    assert SessionSignOff.objects.get().absent_count == 1
    assert as_trainer.get(address).context["signed"].signed_by == trainer


def test_roll_of_a_signed_session_is_closed_and_what_still_comes_is_kept(trainer, signed, people):
    roll = reverse("attendance:roll_call", args=[signed.pk])
    client = browse(trainer)
    shown = client.get(roll)
    assert shown.templates[0].name == "attendance/roll_call_closed.html"

    late = {f"status-{people[0].pk}": "absent", "seen": "999999", "action": "save"}
    client.post(roll, late)

    assert LateMark.objects.get().status == AttendanceStatus.ABSENT
    assert AttendanceMark.objects.count() == 2


def test_class_is_signed_by_the_trainer_and_confirmed_by_the_coordinator(
    trainer, coordinator, signed, run
):
    register = reverse("attendance:run_register", args=[run.pk])
    client = browse(trainer)
    client.post(reverse("attendance:run_sign", args=[run.pk]))
    client.post(reverse("attendance:run_confirm", args=[run.pk]))
    assert RunSignOff.objects.get().confirmed_at is None
    assert client.get(register).context["may_correct"] is False

    client = browse(coordinator)
    client.post(reverse("attendance:run_confirm", args=[run.pk]))

    assert RunSignOff.objects.get().confirmed_by == coordinator
    assert client.get(register).context["signed"].confirmed_by == coordinator


def test_names_that_wait_stay_on_the_register_and_hold_up_its_confirmation(
    trainer, coordinator, session, people, run
):
    noted = {"session": session, "by": trainer, "at": IN_CLASS}
    line = note_unmatched(name="Đỗ Thị Đào", client_id=uuid4(), **noted)
    take_roll(entries=[entry(one) for one in people], **noted)
    client = browse(trainer)
    page = client.get(reverse("attendance:session_sign", args=[session.pk]))
    assert list(page.context["unmatched"]) == [line]
    sign_session(session=session, by=trainer, at=EVENING)
    sign_run(run=run, by=trainer, at=EVENING)

    register = reverse("attendance:run_register", args=[run.pk])
    client = browse(coordinator)
    page = client.get(register)
    assert line.name in page.context["undecided"]
    assert list(page.context["named_alone"]) == [line]
    address = reverse("attendance:unmatched_walk_in", args=[line.pk])
    assert address in html_of(page)
    client.post(reverse("attendance:run_confirm", args=[run.pk]))
    assert RunSignOff.objects.get().confirmed_at is None

    client.post(address, {"dismiss": "", "reason": "Là tài xế"})
    page = client.get(register)
    assert not page.context["undecided"]
    assert "Là tài xế" in html_of(page)
    client.post(reverse("attendance:run_confirm", args=[run.pk]))
    assert RunSignOff.objects.get().confirmed_by == coordinator


def test_coordinator_is_shown_the_effect_before_anything_is_saved(coordinator, signed, people, run):
    address = reverse("attendance:session_correct", args=[signed.pk, people[0].pk])
    said = {"status": "absent", "reason": "Điểm danh nhầm"}
    client = browse(coordinator)
    assert client.get(address).status_code == 200

    page = client.post(address, said)
    assert page.context["effect"].withdraws
    people[0].refresh_from_db()
    assert people[0].status == EnrolmentStatus.COMPLETED

    # What was changed since then is shown before it is saved.
    seen = page.context["seen"]
    assert client.post(address, said | {"status": "excused", "save": seen}).status_code == 200
    assert client.post(address, said | {"save": seen}).status_code == 302
    people[0].refresh_from_db()
    assert people[0].status == EnrolmentStatus.ACTIVE
    page = client.get(reverse("attendance:run_register", args=[run.pk]))
    assert [mark.reason for mark in page.context["corrections"]] == ["Điểm danh nhầm"]


def test_correction_says_when_somebody_left_and_saves_what_it_showed(
    coordinator, trainer, half_noted, people
):
    early = entry(people[1], minutes_left_early=30)
    take_roll(session=half_noted, entries=[early], by=trainer, at=IN_CLASS)
    sign_session(session=half_noted, by=trainer, at=EVENING)
    address = reverse("attendance:session_correct", args=[half_noted.pk, people[1].pk])
    client = browse(coordinator)
    form = client.get(address).context["form"]
    assert form["minutes_left_early"].value() == 30

    for left_early, minutes in (("10", 200), ("", 210)):
        said = {"status": "present", "minutes_left_early": left_early, "reason": "Ghi nhầm"}
        page = client.post(address, said)
        assert page.context["effect"].minutes_after == minutes
        assert client.post(address, said | {"save": page.context["seen"]}).status_code == 302
        assert people[1].attendance_records.get().minutes == minutes


def test_correction_that_changes_nothing_or_cannot_be_has_nothing_to_save(
    coordinator, signed, people
):
    address = reverse("attendance:session_correct", args=[signed.pk, people[0].pk])
    client = browse(coordinator)

    same = client.post(address, {"status": "present", "reason": "Như cũ"})
    wrong = client.post(address, {"status": "late", "minutes_late": 500, "reason": "Có chữ ký"})

    assert same.context["effect"].says_same
    assert 'name="save"' not in html_of(same)
    assert wrong.context["effect"] is None
    assert wrong.context["form"].errors


def test_trainer_does_not_correct_what_was_signed(trainer, signed, people):
    address = reverse("attendance:session_correct", args=[signed.pk, people[0].pk])
    page = browse(trainer).post(address, {"status": "absent", "reason": "x", "save": "1"})
    assert page.status_code == 200
    assert AttendanceMark.objects.count() == 2


@pytest.mark.parametrize(("decision", "count"), [("confirm", 3), ("dismiss", 2)])
def test_late_mark_is_shown_with_its_minutes_and_waits_for_one_of_two_buttons(
    as_coordinator, trainer, signed, people, run, decision, count
):
    late = entry(people[0], AttendanceStatus.LATE, minutes_late=20)
    take_roll(session=signed, entries=[late], by=trainer, at=EVENING)
    register = reverse("attendance:run_register", args=[run.pk])
    kept = LateMark.objects.get()
    decide = reverse("attendance:late_mark", args=[kept.pk])

    as_coordinator.post(decide, {})
    page = as_coordinator.get(register)
    assert list(page.context["late_marks"]) == [kept]
    assert "Đi muộn (20 phút)" in html_of(page)

    as_coordinator.post(decide, {"decision": decision})
    assert AttendanceMark.objects.count() == count
    assert not as_coordinator.get(register).context["late_marks"]


def test_other_district_finds_no_register(other_trainer, signed, people, run, trainer):
    sign_run(run=run, by=trainer, at=EVENING)
    client = browse(other_trainer)
    for name, pks in (
        ("session_sign", [signed.pk]),
        ("run_register", [run.pk]),
        ("session_correct", [signed.pk, people[0].pk]),
    ):
        assert client.get(reverse(f"attendance:{name}", args=pks)).status_code == 404
    assert client.post(reverse("attendance:run_confirm", args=[run.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_register_costs_the_same_for_any_number_of_corrections(
    as_coordinator, trainer, signed, run, count, django_assert_max_num_queries
):
    for one in enrol_many(run, count):
        kept = entry(one, AttendanceStatus.ABSENT)
        take_roll(session=signed, entries=[kept], by=trainer, at=EVENING)
    with django_assert_max_num_queries(20):
        as_coordinator.get(reverse("attendance:run_register", args=[run.pk]))
