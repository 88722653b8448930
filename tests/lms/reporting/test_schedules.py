"""Figures of a period that is over, told once to those who may see them."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from courses.domain.enrolling import enrol_many
from courses.domain.history import record_enrolments
from courses.enums import EnrolmentStatus
from courses.models import Enrolment, EnrolmentChange
from lms.accounts.enums import Role
from lms.accounts.models import Posting, RoleAssignment, User
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.sending import send_due
from lms.notifications.enums import ReminderState
from lms.notifications.models import Reminder
from lms.reporting.domain.schedules import due_reports, period_told
from lms.reporting.enums import PeriodKind
from lms.reporting.models import ReportSchedule
from tests.factories.accounts import PostingFactory, browse
from tests.factories.geography import unit
from tests.factories.reporting import HANOI, set_target
from tests.factories.rows import set_fields
from tests.shared import shared

NIGHT = datetime(2014, 6, 1, 0, 30, tzinfo=HANOI)
MAY_DAY = datetime(2014, 5, 20, 8, 0, tzinfo=HANOI)
MORNING = datetime(2014, 6, 1, 7, 5, tzinfo=HANOI)


@shared
def schedule(world, make_official):
    """Thirteen people of Kim Bảng, seven of them in class; two readers of it, one of the province."""
    users = [PostingFactory(unit=unit("13384")).user for _ in range(13)]
    enrol_many(run=world.runs["350"], users=users[:7], at=datetime(2014, 5, 6, 8, 0, tzinfo=HANOI))
    made = ReportSchedule.objects.create(
        programme=world.programme, unit=unit("350"), kind=PeriodKind.MONTH
    )
    made.recipients.add(
        make_official(Role.COORDINATOR, "350", email="kimbang@example.vn"),
        make_official(Role.MONITOR, "35", email="so@example.vn"),
    )
    return made


def tick(now):
    plan_reminders(now=now)
    return send_due(now=now)


def numbers_in_the_mail():
    """An address has numbers of its own: the id of a programme."""
    return re.findall(r"\d+", re.sub(r"https?://\S+", "", mail.outbox[0].body))


def test_each_reader_is_told_once_with_figures_and_without_names(schedule):
    assert tick(NIGHT).sent == 0
    assert tick(MORNING).sent == 2
    assert tick(MORNING + timedelta(hours=1)).sent == 0
    assert {one.to[0] for one in mail.outbox} == {"kimbang@example.vn", "so@example.vn"}
    text = mail.outbox[0].body
    assert "13" in text
    assert "on=2014-05-31" in text
    assert "Nguyễn Thị Hương" not in text.partition("\n\n")[2]


def test_whoever_no_longer_oversees_the_unit_is_told_nothing(schedule):
    plan_reminders(now=NIGHT)
    RoleAssignment.objects.filter(user__email="kimbang@example.vn").delete()
    assert tick(MORNING).sent == 1
    states = set(Reminder.objects.values_list("user__email", "state"))
    assert states == {
        ("kimbang@example.vn", ReminderState.CANCELLED),
        ("so@example.vn", ReminderState.SENT),
    }


def test_report_of_the_province_leads_to_its_page(schedule):
    set_fields(schedule, unit=unit("35"))
    schedule.recipients.remove(*schedule.recipients.exclude(email="so@example.vn"))
    assert tick(MORNING).sent == 1
    assert f"{reverse('reporting:completion')}?" in mail.outbox[0].body


def test_small_groups_are_not_in_a_message(schedule):
    EnrolmentChange.objects.all().delete()
    kept = list(Posting.objects.order_by("pk").values_list("pk", flat=True)[:3])
    Posting.objects.exclude(pk__in=kept).update(valid_to=date(2014, 5, 1))
    assert tick(MORNING).sent == 2
    assert "*" in mail.outbox[0].body


def test_message_tells_no_small_group_by_what_is_left(schedule, world):
    done = list(Enrolment.objects.order_by("pk"))
    more = User.objects.filter(postings__isnull=False, enrolments=None, role_assignments=None)
    done += enrol_many(run=world.runs["350"], users=list(more)[:4], at=MAY_DAY)
    for one in done:
        set_fields(one, status=EnrolmentStatus.COMPLETED, completed_at=MAY_DAY)
    record_enrolments(enrolments=done, at=MAY_DAY)
    assert tick(MORNING).sent == 2
    text = mail.outbox[0].body
    # Two of the thirteen have not completed.
    assert "13" in numbers_in_the_mail()
    assert "11" not in numbers_in_the_mail()
    # What the sign means is said.
    assert any(line.startswith("*") for line in text.splitlines())


def test_message_compares_with_the_target_as_its_page_does(schedule, world):
    set_target(world, "350", people=40, percent=80)
    assert tick(MORNING).sent == 2
    assert "40" in numbers_in_the_mail()
    assert "13" not in numbers_in_the_mail()


@pytest.mark.parametrize(("posts", "is_told"), [(0, True), (3, False), (5, True)])
def test_message_tells_no_small_group_beside_a_target(schedule, world, posts, is_told):
    """Whoever knows the target takes it from the sum: the rest are the posts of another commune."""
    set_target(world, "13384", people=40, percent=80)
    for _ in range(posts):
        PostingFactory(unit=unit("13387"), valid_from=date(2014, 1, 1))
    assert tick(MORNING).sent == 2
    assert (str(40 + posts) in numbers_in_the_mail()) == is_told


def test_last_period_that_is_over_is_due(schedule):
    found = list(due_reports(today=date(2014, 6, 30)))
    assert {str(one.period.ends_on) for one in found} == {"2014-05-31"}
    assert period_told(key="x", today=date(2014, 6, 30)) is None


def test_form_offers_readers_of_the_whole_unit_alone(schedule, make_official, world):
    administrator = make_official(Role.ADMINISTRATOR, "35")
    other = make_official(Role.COORDINATOR, "353", full_name="Đỗ Văn Khác")
    asked = {"programme": world.programme.pk, "unit": unit("350").pk, "kind": "year"}
    client = browse(administrator)
    add = reverse("report-schedules:add")
    ticked = [f'value="{one.pk}"' for one in (administrator, other)]
    recipients = str(client.get(add).context["form"]["recipients"])
    assert [value in recipients for value in ticked] == [True, True]
    answer = client.post(add, asked | {"recipients": [other.pk]})
    assert "recipients" in answer.context["form"].errors
    answer = client.post(add, asked | {"recipients": [administrator.pk], "unit": ""})
    assert "unit" in answer.context["form"].errors
    client.post(add, asked | {"recipients": [administrator.pk]})
    assert ReportSchedule.objects.filter(kind="year").exists()
    assert str(ReportSchedule.objects.get(kind="year")).startswith("huyện Kim Bảng")


def test_schedule_that_somebody_saved_meanwhile_is_shown_again(
    schedule, make_official, monkeypatch
):
    chief = make_official(Role.ADMINISTRATOR, "35")
    sent = {
        "programme": schedule.programme.pk,
        "unit": schedule.unit.pk,
        "kind": schedule.kind,
        "recipients": [one.pk for one in schedule.recipients.all()],
    }
    # As if the other row had come between the check and the save.
    monkeypatch.setattr(ReportSchedule, "validate_constraints", lambda *_args, **_more: None)
    page = browse(chief).post(reverse("report-schedules:add"), sent)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert ReportSchedule.objects.count() == 1


def test_schedule_is_not_saved_over_what_somebody_else_has_saved(schedule, as_monitor):
    """Recipients are rows of a table of their own: they count as the other fields do."""
    url = reverse("report-schedules:edit", args=[schedule.pk])
    form = as_monitor.get(url).context["form"]
    typed = {one.html_name: one.value() for one in form}
    lost = schedule.recipients.first()
    schedule.recipients.remove(lost)

    answer = as_monitor.post(url, typed | {"kind": PeriodKind.YEAR.value})

    assert [one.code for one in answer.context["form"].non_field_errors().as_data()] == [
        "changed_meanwhile"
    ]
    schedule.refresh_from_db()
    assert schedule.kind == PeriodKind.MONTH
    assert lost not in schedule.recipients.all()
