"""Registers that nobody signed are work: on the front page and in reminders."""

from datetime import timedelta

from django.utils import timezone

from attendance.dashboard import RegistersToSign
from attendance.domain.register.sign_off import confirm_run, sign_run, sign_session
from attendance.enums import AttendanceStatus
from attendance.roll_reminders import UnsignedRegister
from tests.factories.attendance import SessionFactory, enrol_many, entry, take_roll
from tests.reading import panel_html
from tests.reminding import messages_of, rows_of
from tests.shared import shared


@shared
def session(run):
    """Ended three days ago; one person was there."""
    session = SessionFactory(run=run, starts_at=timezone.now() - timedelta(days=3, hours=4))
    enrol_many(run, 1)
    return session


def sign(session, trainer):
    now = timezone.now()
    person = session.run.enrolments.get()
    take_roll(session=session, entries=[entry(person)], by=trainer, at=now)
    sign_session(session=session, by=trainer, at=now)


def shown(person):
    context = RegistersToSign().context(person)
    return [
        [line["session"] for line in context["lines"]],
        list(context["to_sign"]),
        [one.run for one in context["to_confirm"]],
    ]


def test_work_goes_from_session_to_class_to_confirmation(
    session, run, trainer, coordinator, other_trainer
):
    assert shown(trainer) == shown(coordinator) == [[session], [], []]
    sign(session, trainer)
    assert shown(trainer) == [[], [run], []]
    sign_run(run=run, by=trainer, at=timezone.now())
    assert shown(trainer) == shown(other_trainer) == [[], [], []]
    assert shown(coordinator) == [[], [], [run]]
    confirm_run(run=run, by=coordinator, at=timezone.now())
    assert shown(coordinator) == [[], [], []]
    assert panel_html(RegistersToSign, trainer)


def test_marks_that_came_late_are_work_of_the_coordinator(session, run, trainer, coordinator):
    sign(session, trainer)
    late = entry(run.enrolments.get(), AttendanceStatus.ABSENT)
    take_roll(session=session, entries=[late], by=trainer, at=timezone.now())

    assert [row["session__run"] for row in RegistersToSign().context(coordinator)["late"]] == [
        run.pk
    ]
    assert not RegistersToSign().context(trainer)["late"]
    assert run.title in panel_html(RegistersToSign, coordinator)


def reminders():
    now = timezone.now()
    planned = rows_of(UnsignedRegister, now)
    return planned, messages_of(UnsignedRegister, planned, now)


def test_trainer_is_reminded_once_days_after_the_session(session, run, trainer):
    (planned,), told = reminders()
    assert (planned.user, planned.due_at) == (trainer, session.ends_at + timedelta(days=2))
    assert f"/buoi-hoc/{session.pk}/ky-so/" in told[planned.pk].body
    assert len(reminders()[0]) == 1


def test_whoever_signed_or_was_replaced_is_not_reminded(session, run, trainer, other_trainer):
    reminders()
    run.trainers.set([other_trainer])
    planned, told = reminders()
    assert {one.user for one in planned if one.pk in told} == {other_trainer}
    sign(session, other_trainer)
    assert reminders()[1] == {}
