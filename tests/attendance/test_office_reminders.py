"""What waits in the office, and what was decided there, is told to those whom it concerns."""

from datetime import timedelta

from django.utils import timezone, translation

from attendance.domain.excuses.decisions import ask_excuse, decide_excuse, withdraw_excuse
from attendance.domain.register.sign_off import confirm_run, sign_run, sign_session
from attendance.office_reminders import ExcuseDecided, ExcusesWaiting, UnconfirmedRegister
from courses.enums import EnrolmentStatus
from lms.accounts.enums import Role
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.extensions import reminder_kinds
from lms.notifications.models import Reminder, ReminderRule
from tests.factories.accounts import make_official
from tests.factories.attendance import SessionFactory, enrol_many
from tests.factories.courses import ask
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of
from tests.shared import shared


@shared
def session(run):
    """Ended an hour ago."""
    return SessionFactory(run=run, starts_at=timezone.now() - timedelta(minutes=270))


@shared
def administrator(edition):
    return make_official(Role.ADMINISTRATOR, "350")


def told(kind, now=None):
    """Plan, and return what each person would be told, with the reminder."""
    now = now or timezone.now()
    planned = rows_of(kind, now)
    messages = messages_of(kind, planned, now)
    return {one.user: (one, messages[one.pk]) for one in planned if one.pk in messages}


def asked(session, person):
    return ask_excuse(session=session, enrolment=person, reason="Con ốm", at=timezone.now())


def test_trainee_is_told_what_was_decided_and_what_it_means(run, session, coordinator):
    first, second, gone = people = enrol_many(run, 3)
    for person, grant in zip(people, (True, False, True), strict=True):
        excuse = asked(session, person)
        decide_excuse(excuse=excuse, grant=grant, by=coordinator, at=timezone.now())
    set_fields(gone, status=EnrolmentStatus.WITHDRAWN)

    messages = {user: message.body for user, (_one, message) in told(ExcuseDecided).items()}
    assert set(messages) == {first.user, second.user}
    assert all("3 giờ 30 phút" in body for body in messages.values())
    assert len(set(messages.values())) == 2


def test_those_who_decide_are_reminded_the_day_before_the_last(
    run, session, trainer, coordinator, administrator
):
    first, second = enrol_many(run, 2)
    (stranger,) = enrol_many(run, 1, commune="13591")
    excuses = [asked(session, person) for person in (first, second, stranger)]

    ((user, (planned, message)),) = told(ExcusesWaiting).items()
    assert user == coordinator
    until = timezone.localdate() + timedelta(days=3)
    assert timezone.localtime(planned.due_at).date() == until - timedelta(days=1)
    assert message.body.startswith("2 ")
    ask(run, attendance_hours={"percent": 100, "trainers_decide_excuses": True})
    assert set(told(ExcusesWaiting)) == {coordinator, trainer}
    for excuse in excuses:
        withdraw_excuse(excuse=excuse)
    assert told(ExcusesWaiting) == {}


def test_overdue_requests_are_told_each_monday_in_one_message(run, session, coordinator):
    excuses = [asked(session, person) for person in enrol_many(run, 2)]
    late = timezone.now() + timedelta(days=14)

    def mondays(now):
        with translation.override("vi"):
            planned = list(ExcusesWaiting().plan(rule=ReminderRule(lead_minutes=0), now=now))
        return [one for one in planned if "overdue" in one.payload]

    assert mondays(timezone.now() - timedelta(days=7)) == []
    (first,), (second,) = mondays(late), mondays(late + timedelta(days=7))
    assert (first.user_id, second.due_at - first.due_at) == (coordinator.pk, timedelta(days=7))
    assert timezone.localtime(first.due_at).weekday() == 0
    assert late - timedelta(days=1) < first.due_at <= late + timedelta(days=7)

    plan_reminders(now=late)
    planned = Reminder.objects.filter(payload__has_key="overdue")
    say = ExcusesWaiting().messages
    assert say(reminders=planned, now=late)[planned.get().pk].body.startswith("2 ")
    for excuse in excuses:
        withdraw_excuse(excuse=excuse)
    assert say(reminders=planned, now=late) == {}


def sign(run, session, by):
    absent = [one.pk for one in run.enrolments.all()]
    sign_session(session=session, by=by, at=timezone.now(), absent=absent)
    sign_run(run=run, by=by, at=timezone.now())


def test_signed_class_reminds_whoever_is_to_confirm_it(
    run, session, trainer, coordinator, administrator
):
    enrol_many(run, 1)
    assert told(UnconfirmedRegister) == {}
    sign(run, session, trainer)

    ((user, (planned, message)),) = told(UnconfirmedRegister).items()
    assert user == coordinator
    assert planned.due_at - run.sign_off.signed_at == timedelta(days=3)
    assert f"/lop/{run.pk}/so-diem-danh/" in message.body
    confirm_run(run=run, by=coordinator, at=timezone.now())
    assert told(UnconfirmedRegister) == {}


def test_coordinator_who_teaches_is_passed_over(
    run, session, trainer, coordinator, administrator, django_assert_num_queries
):
    enrol_many(run, 1)
    run.trainers.add(coordinator)
    sign(run, session, trainer)
    assert set(told(UnconfirmedRegister)) == {administrator}
    planned = list(Reminder.objects.filter(rule__kind=UnconfirmedRegister.key))
    with django_assert_num_queries(3):
        reminder_kinds.get(UnconfirmedRegister.key).messages(reminders=planned, now=timezone.now())
