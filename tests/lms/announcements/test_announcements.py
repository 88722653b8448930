"""Somebody writes to a class or to an area: seen before, sent once, withdrawn, and told apart."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import Role
from lms.announcements.domain.counting import count_reach
from lms.announcements.domain.publishing import _publish_one, publish_due, withdraw
from lms.announcements.domain.standing import (
    may_withdraw,
    read_count,
    recipients_by_state,
    state_of,
    unreached,
    why_stopped,
)
from lms.announcements.domain.wording import message_of, read_by_people
from lms.announcements.domain.writing import Draft, find_group, write_announcement
from lms.announcements.enums import KIND, AnnouncementState
from lms.announcements.models import Announcement
from lms.announcements.reminders import WrittenByHand
from lms.core.refusal import Refusal
from lms.notifications.domain.planning import ensure_rules, plan_reminders
from lms.notifications.domain.sending import name_calls, send_due
from lms.notifications.domain.texts import check_texts, write_messages
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.extensions import reminder_kinds
from lms.notifications.models import Reminder, ReminderRule
from tests.factories.accounts import make_official
from tests.factories.attendance import enrol_many
from tests.factories.courses import EnrolmentFactory
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal

NOW = timezone.now()


def draft(run, **values):
    said = {"subject": "Mang theo sổ", "text": "Mời anh/chị mang theo sổ ghi chép."}
    return Draft(
        token=uuid4(), audience="courses.run", params={"run": str(run.pk)}, **(said | values)
    )


def written(run, by, now=NOW, **values):
    return write_announcement(draft=draft(run, **values), by=by, now=now)


def read(announcement):
    return Announcement.objects.tell_leaving().get(pk=announcement.pk)


def group_of(run, by, remind=False):
    return find_group(audience="courses.run", params={"run": str(run.pk)}, by=by, remind=remind)


def test_reach_tells_the_ways_and_those_of_the_rule_before_anything_is_sent(
    run, author, people, settings
):
    settings.SUITE_SMS_GATEWAY = "lms.messaging.sms.FolderGateway"
    settings.SUITE_WAYS = ["email", "sms"]

    reach = _reach(run, author)

    assert (reach.by_way, reach.to_call) == ({"email": 1, "sms": 1, PEOPLE: 1}, 1)
    ReminderRuleFactory(kind=KIND, ways=["sms"])
    assert _reach(run, author).by_way == {"sms": 1, PEOPLE: 2}


def test_closed_accounts_and_the_author_are_not_told_nor_reminded_who_has_completed(
    run, author, people
):
    set_fields(people[0].user, is_active=False)
    EnrolmentFactory(run=run, unit=unit("13387"), user=author)
    told = {one.user_id for one in _reach(run, author).recipients}
    assert told == {people[1].user_id, people[2].user_id}

    set_fields(people[1], status=EnrolmentStatus.COMPLETED, completed_at=NOW)
    (reminded,) = _reach(run, author, remind=True).recipients
    assert reminded.user_id == people[2].user_id


def _reach(run, by, *, remind=False, now=NOW):
    return count_reach(group=group_of(run, by, remind), author=by, remind=remind, now=now)


def test_announcement_is_sent_once_however_often_it_is_pressed(run, author, people, mailoutbox):
    asked = draft(run)
    first = write_announcement(draft=asked, by=author, now=NOW)
    again = write_announcement(draft=asked, by=author, now=NOW + timedelta(seconds=1))
    for _tick in range(2):
        plan_reminders(now=timezone.now())
        send_due(now=timezone.now())
    name_calls(now=timezone.now())

    assert first == again
    assert [mail.to for mail in mailoutbox] == [["an@example.vn"]]
    assert "Trần Văn Dạy" in mailoutbox[0].body
    assert "0912 345 678" in mailoutbox[0].body
    assert {row.user_id for row in unreached(announcement=first, reader=author)} >= {
        people[2].user_id
    }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"subject": " "}, "subject_required"),
        ({"text": "\n"}, "text_required"),
        ({"subject": "a" * 121}, "subject_too_long"),
        ({"text": "a" * 1001}, "text_too_long"),
        ({"send_at": NOW - timedelta(seconds=1)}, "in_the_past"),
        ({"send_at": NOW + timedelta(days=61)}, "too_far_off"),
    ],
)
def test_what_cannot_be_sent_is_refused(run, author, people, values, code):
    with raises_refusal(code):
        written(run, author, **values)
    assert not Announcement.objects.exists()


def test_group_that_is_empty_cancelled_unknown_or_of_others_is_refused(run, author):
    with raises_refusal("nobody"):
        written(run, author)
    set_fields(run, status=RunStatus.CANCELLED)
    with raises_refusal("run_cancelled"):
        written(run, author)
    set_fields(run, status=RunStatus.OPEN)
    enrol_many(run, 1)
    for by, audience in ((make_official(Role.TRAINER, "353"), "courses.run"), (author, "unknown")):
        with raises_refusal("no_group"):
            write_announcement(draft=replace(draft(run), audience=audience), by=by, now=NOW)
    assert not Announcement.objects.exists()
    assert written(run, author)


def test_lines_stay_lines_but_for_an_sms_and_a_phone_is_named_where_there_is_one(
    run, author, people
):
    text = "Mang theo:\r\n- sổ   ghi chép\r\n- bút\r\n\r\nĐến trước 15 phút. "

    announcement = written(run, author, text=text)

    assert announcement.text == "Mang theo:\n- sổ ghi chép\n- bút\n\nĐến trước 15 phút."
    message = message_of(announcement)
    assert message.body.startswith(announcement.text)
    assert "Mang theo: - sổ ghi chép - bút Đến trước 15 phút." in message.short
    assert "0912" in message.body
    set_fields(author, phone=None)
    assert "0912" not in message_of(written(run, author)).body


def test_announcement_for_later_goes_to_the_class_as_it_is_then(run, author, people):
    later = NOW + timedelta(hours=1)
    announcement = written(run, author, send_at=later)
    assert (publish_due(now=NOW), state_of(read(announcement))) == (0, AnnouncementState.WAITING)
    set_fields(people[0], status=EnrolmentStatus.WITHDRAWN)

    assert [publish_due(now=later), publish_due(now=later)] == [1, 0]

    announcement.refresh_from_db()
    assert state_of(read(announcement)) == AnnouncementState.LEAVING
    Reminder.objects.update(state=ReminderState.SENT)
    assert state_of(read(announcement)) == AnnouncementState.OUT
    assert Reminder.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda announcement: set_fields(CourseRun.objects.get(), status=RunStatus.CANCELLED),
        lambda announcement: Enrolment.objects.update(status=EnrolmentStatus.WITHDRAWN),
        lambda announcement: announcement.author.role_assignments.all().delete(),
        lambda announcement: set_fields(announcement, audience="tests.unknown"),
        lambda announcement: set_fields(announcement.author, is_active=False),
    ],
    ids=["run cancelled", "nobody", "no group", "unknown", "gone"],
)
def test_announcement_that_fits_no_more_stops_and_says_why(run, author, people, change):
    announcement = written(run, author, send_at=NOW + timedelta(hours=1))
    change(announcement)

    assert publish_due(now=NOW + timedelta(hours=2)) == 0
    announcement.refresh_from_db()
    assert state_of(read(announcement)) == AnnouncementState.STOPPED
    assert why_stopped(announcement)
    assert not Reminder.objects.exists()


def test_withdrawn_before_its_time_it_never_goes_out(run, author, people):
    announcement = written(run, author, send_at=NOW + timedelta(hours=1))
    assert may_withdraw(read(announcement))

    withdraw(announcement=announcement, by=author, now=NOW)

    assert withdraw(announcement=announcement, by=author, now=NOW) == 0
    assert publish_due(now=NOW + timedelta(hours=2)) == 0
    announcement.refresh_from_db()
    assert (state_of(read(announcement)), may_withdraw(read(announcement))) == ("withdrawn", False)


def test_withdrawn_half_way_it_stops_what_has_not_gone_out(run, author, people, mailoutbox):
    announcement = written(run, author)
    send_due(now=timezone.now())

    assert withdraw(announcement=announcement, by=author, now=timezone.now()) == 2
    name_calls(now=timezone.now())

    counts = Counter[str]()
    for one in recipients_by_state(announcement=announcement):
        counts[one.label] += one.count
    assert counts == {
        str(ReminderState.SENT.label): 1,
        str(ReminderState.CANCELLED.label): 2,
    }
    assert read_count(announcement=announcement) == 0
    assert len(mailoutbox) == 1


def test_what_has_gone_to_everybody_cannot_be_taken_back(run, author, people):
    announcement = written(run, author)
    Reminder.objects.update(state=ReminderState.SENT)
    with pytest.raises(Refusal) as refused:
        withdraw(announcement=announcement, by=author, now=timezone.now())
    assert (refused.value.code, may_withdraw(read(announcement))) == ("all_sent", False)


def test_what_was_withdrawn_while_it_was_taken_up_is_neither_told_nor_sent_out(run, author, people):
    taken_up, for_later = (
        written(run, author),
        written(run, author, send_at=NOW + timedelta(days=1)),
    )
    waiting = list(Reminder.objects.all())
    assert len(waiting) == len(people)
    for one in (taken_up, for_later):
        set_fields(one, withdrawn_at=NOW)

    assert WrittenByHand().messages(reminders=waiting, now=NOW) == {}
    assert _publish_one(for_later.pk, NOW + timedelta(days=2)) is False
    assert Reminder.objects.count() == len(waiting)


def test_reminder_leaves_in_peace_who_was_reminded_or_told_of_the_class_today(run, author, people):
    soon = timezone.now()
    first = written(run, author, remind=True, now=soon)
    assert first.is_reminder
    with raises_refusal("nobody"):
        written(run, author, remind=True, now=soon)

    Reminder.objects.all().delete()
    ReminderFactory(user=people[0].user, run_number=run.pk, state="sent", due_at=soon)
    ReminderFactory(user=people[1].user, run_number=run.pk, state="cancelled", due_at=soon)
    reach = _reach(run, author, remind=True, now=soon)
    assert (reach.told_today, len(reach.recipients)) == (1, 2)


def test_form_that_was_sent_is_refused_for_other_words(run, author, people):
    said = draft(run)
    write_announcement(draft=said, by=author, now=NOW)

    for other in ({"text": "Khác"}, {"remind": True}, {"send_at": NOW + timedelta(hours=1)}):
        with pytest.raises(Refusal) as refusal:
            write_announcement(draft=replace(said, **other), by=author, now=NOW)
        assert refusal.value.code == "another_message"
    assert Announcement.objects.count() == 1


# --- In the words of the rule --------------------------------------------------------------


def test_words_of_the_rule_stand_round_what_was_written_in_preview_and_message(run, author, people):
    ensure_rules()
    rule = ReminderRule.objects.get(kind=KIND)
    set_fields(rule, body_vi="Kính gửi {name}: {text} ({author}, {phone})", ways=["email"])

    announcement = written(run, author)

    told = {one.user_id: one.way for one in Reminder.objects.filter(rule=rule)}
    assert set(told.values()) == {"email", "people"}
    row = Reminder.objects.get(user=people[0].user)
    (message,) = write_messages(
        kind=reminder_kinds.get(KIND), reminders=[row], now=timezone.now()
    ).values()
    frame = "Kính gửi {}: " + announcement.text + " (Trần Văn Dạy, 0912 345 678)"
    assert message.body == frame.format(people[0].user.full_name)
    assert read_by_people(announcement).body == frame.format("…")
    assert message.subject == announcement.subject


@pytest.mark.parametrize("field", ["body_vi", "short_en"])
def test_words_of_the_rule_that_leave_out_what_was_written_are_refused(field):
    kind, rule = reminder_kinds.get(KIND), ReminderRule(kind=KIND, **{field: "Mời xem {subject}."})

    with raises_refusal("missing_placeholder"):
        check_texts(rule=rule, kind=kind)

    setattr(rule, field, "{text}")
    check_texts(rule=rule, kind=kind)


def test_nothing_is_written_while_an_administrator_has_switched_it_off(run, author, people):
    announcement = written(run, author, send_at=NOW + timedelta(hours=1))
    ensure_rules()
    ReminderRule.objects.filter(kind=KIND).update(enabled=False)

    with raises_refusal("switched_off"):
        written(run, author)
    assert publish_due(now=NOW + timedelta(hours=2)) == 0

    announcement.refresh_from_db()
    assert state_of(read(announcement)) == AnnouncementState.STOPPED
    assert why_stopped(announcement) != announcement.stopped_because
    assert not Reminder.objects.exists()
