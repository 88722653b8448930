import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord
from courses.enums import EnrolmentStatus, RunStatus
from tests.factories.accounts import browse
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    age_marks,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.rows import set_fields
from tests.reading import html_of, numbers, templates_of
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus.values


@shared
def people(run):
    people = enrol_many(run, 3)
    names = ["Phạm Văn Đạt", "Nguyễn Thị Hòa", "Trần Văn An"]
    for person, name in zip(people, names, strict=True):
        set_fields(person.user, full_name=name)
    return people


@pytest.fixture
def url(session):
    return reverse("attendance:roll_call", args=[session.pk])


@pytest.fixture
def desk(as_trainer, url, people):
    """The page as a browser without JavaScript sees it: opens, ticks, presses a button."""
    return Page(as_trainer, url)


class Page:
    def __init__(self, client, url):
        self.client, self.url = client, url
        self.show(client.get(url))

    def show(self, response):
        self.response = response
        self.html = html_of(response)
        # What the browser would send back untouched.
        texts = r'<input[^>]* name="((?:late|reason)-\d+|token|seen)" value="([^"]*)"'
        self.fields = dict(re.findall(texts, self.html))
        self.fields |= re.findall(
            r'<input type="radio" name="(status-\d+)" value="(\w+)"[^>]* checked>', self.html
        )

    def tick(self, person, status, late=None, reason=None):
        self.fields[f"status-{person.pk}"] = status
        if late is not None:
            self.fields[f"late-{person.pk}"] = late
        if reason is not None:
            self.fields[f"reason-{person.pk}"] = reason
        return self

    def press(self, action="save", **more):
        data = {**self.fields, "action": action, **more}
        self.show(self.client.post(self.url, data, follow=True))
        return self

    def ticked(self, person):
        return self.fields.get(f"status-{person.pk}", "")

    def line(self, person):
        """The text of one person's line."""
        found = re.search(rf'<li id="hoc-vien-{person.pk}".*?</li>', self.html, re.DOTALL)
        return found[0]

    def told(self):
        """How grave each message on the page is, and the numbers in it."""
        return [(one.level_tag, *numbers(str(one))) for one in self.response.context["messages"]]

    def wrong(self):
        return [line.enrolment for line in self.response.context["wrong"]]


def statuses():
    return dict(AttendanceRecord.objects.values_list("enrolment_id", "status"))


def test_page_names_everybody_in_vietnamese_order_with_commune(desk, people):
    names = [line.enrolment.user.full_name for line in desk.response.context["sheet"].lines]
    assert names == ["Trần Văn An", "Phạm Văn Đạt", "Nguyễn Thị Hòa"]
    assert str(people[0].unit) in desk.line(people[0])
    # The session has begun: nothing asks whether one is early.
    assert 'name="early"' not in desk.html


def test_namesakes_alone_are_told_apart_by_staff_code(as_trainer, url, run, people):
    one, two = enrol_many(run, 2)
    desk = Page(as_trainer, url)
    for person, is_told in ((one, True), (two, True), (people[0], False)):
        assert (f"{person.user.staff_code}</b>" in desk.line(person)) is is_told


def test_save_stores_every_choice_once_and_says_how_many(desk, people, trainer):
    desk.tick(people[0], PRESENT)
    desk.tick(people[1], LATE, late="15")
    sent = dict(desk.fields)
    for _time in range(2):
        desk.fields = dict(sent)
        desk.press()
        assert statuses() == {people[0].pk: PRESENT, people[1].pk: LATE}
        assert desk.response.redirect_chain == [(desk.url, 302)]
        assert desk.told() == [("success", 2)]
    mark = AttendanceMark.objects.get(enrolment=people[1])
    assert (mark.minutes_late, mark.marked_by) == (15, trainer)
    assert desk.ticked(people[1]) == LATE
    assert AttendanceMark.objects.count() == 2


def test_page_saved_untouched_writes_nothing(desk, people):
    desk.press()
    assert AttendanceMark.objects.count() == 0
    assert desk.told() == [("info",)]


def test_all_present_ticks_the_rest_and_saves_nothing_yet(desk, people):
    desk.tick(people[0], ABSENT).press("all_present")
    assert [desk.ticked(person) for person in people] == [ABSENT, PRESENT, PRESENT]
    assert AttendanceMark.objects.count() == 0
    # Nobody is left.
    desk.press("all_present")
    assert desk.told() == [("info",)]
    desk.tick(people[1], EXCUSED).press()
    assert statuses() == {people[0].pk: ABSENT, people[1].pk: EXCUSED, people[2].pk: PRESENT}


def test_search_finds_without_accents_and_keeps_every_choice(desk, people):
    desk.tick(people[0], LATE, late="7").press("search", q="nguyen thi hoa")
    hidden = [line.enrolment for line in desk.response.context["sheet"].lines if line.is_hidden]
    assert hidden == [people[2], people[0]]
    assert (desk.ticked(people[0]), desk.fields[f"late-{people[0].pk}"]) == (LATE, "7")
    desk.press("show_all", q="nguyen thi hoa")
    assert not any(line.is_hidden for line in desk.response.context["sheet"].lines)
    desk.press()
    assert statuses() == {people[0].pk: LATE}
    # By a link as well.
    assert desk.client.get(desk.url, {"q": "dat"}).context["found"] == 1


def test_correction_without_reason_asks_for_it_on_that_line_alone(desk, people):
    desk.tick(people[0], ABSENT).press()
    age_marks()
    desk.tick(people[0], PRESENT)
    desk.tick(people[1], PRESENT).press()
    assert desk.response.redirect_chain == []
    assert statuses() == {people[0].pk: ABSENT, people[1].pk: PRESENT}
    assert desk.wrong() == [people[0]]
    assert 'class="is-asked is-wrong"' in desk.line(people[0])
    assert desk.ticked(people[0]) == PRESENT

    # Changed back to what was noted it needs none.
    desk.tick(people[0], ABSENT).press()
    assert people[0].attendance_marks.count() == 1
    desk.tick(people[0], PRESENT)

    desk.fields[f"reason-{people[0].pk}"] = "Ghi nhầm"
    desk.press()
    assert statuses() == {people[0].pk: PRESENT, people[1].pk: PRESENT}
    assert desk.told() == [("success", 1)]
    last = AttendanceMark.objects.filter(enrolment=people[0]).last()
    assert (last.method, last.reason) == (MarkMethod.CORRECTION, "Ghi nhầm")


def test_own_mark_is_changed_without_a_reason_while_it_is_fresh(desk, people):
    desk.tick(people[0], ABSENT).press()
    desk.tick(people[0], PRESENT).press()
    assert statuses() == {people[0].pk: PRESENT}
    assert set(AttendanceMark.objects.values_list("method", flat=True)) == {MarkMethod.ROLL_CALL}
    # How long, the line tells the script; of an older mark nothing.
    assert "data-slip" in desk.line(people[0])
    age_marks()
    desk.press()
    assert "data-slip" not in desk.line(people[0])


def test_what_a_colleague_noted_meanwhile_is_kept(desk, session, people, trainer):
    desk.tick(people[0], ABSENT).press()
    # Two pages lie open; a colleague corrects one person and notes another.
    change = [entry(people[0], PRESENT, reason="Đến sau giờ nghỉ"), entry(people[1], EXCUSED)]
    take_roll(session=session, entries=change, by=trainer, at=IN_CLASS)
    desk.tick(people[2], PRESENT).press()
    assert statuses() == {people[0].pk: PRESENT, people[1].pk: EXCUSED, people[2].pk: PRESENT}
    assert desk.told() == [("success", 1)]


def test_choice_against_a_colleague_needs_a_reason(desk, session, people, trainer):
    take_roll(session=session, entries=[entry(people[0], ABSENT)], by=trainer, at=IN_CLASS)
    desk.tick(people[0], PRESENT).press()
    assert statuses() == {people[0].pk: ABSENT}
    for written in (trainer.full_name, f"“{AttendanceStatus.ABSENT.label}”"):
        assert written in desk.line(people[0])


def test_reason_does_not_overrule_what_a_colleague_noted_unseen(
    desk, session, people, other_trainer
):
    person, noted = people[0], {"session": session, "by": other_trainer, "at": session.ends_at}
    take_roll(entries=[entry(person, ABSENT)], **noted)
    desk.tick(person, PRESENT).press()
    take_roll(entries=[entry(person, LATE, minutes_late=20, reason="Đến muộn")], **noted)
    desk.fields[f"reason-{person.pk}"] = "Có chữ ký"

    desk.press()
    assert statuses() == {person.pk: LATE}

    desk.press()
    assert statuses() == {person.pk: PRESENT}


def test_minutes_that_cannot_be_are_told_on_the_line_with_what_was_typed(desk, people):
    desk.tick(people[0], LATE, late="mười")
    desk.tick(people[1], PRESENT)
    desk.tick(people[2], LATE, late="500").press()
    assert statuses() == {people[1].pk: PRESENT}
    assert desk.wrong() == [people[2], people[0]]
    assert "8:40" in desk.line(people[0])
    assert "210" in desk.line(people[2])
    assert desk.fields[f"late-{people[0].pk}"] == "mười"


def test_person_withdrawn_meanwhile_is_told_and_the_others_saved(desk, people):
    set_fields(people[0], status=EnrolmentStatus.WITHDRAWN)
    desk.tick(people[0], PRESENT)
    desk.tick(people[1], PRESENT).press()
    assert statuses() == {people[1].pk: PRESENT}
    assert len(desk.response.context["sheet"].off_roll_errors) == 1


def test_person_of_another_class_is_refused_without_a_name(desk, run, people):
    stranger = enrol_many(make_class("353", course=run.course), 1, commune="13591")[0]
    set_fields(stranger.user, full_name="Vũ Thị Bí Mật")
    desk.tick(stranger, PRESENT).press()
    assert statuses() == {}
    [error] = desk.response.context["sheet"].off_roll_errors
    assert error in desk.html
    assert "Bí Mật" not in desk.html


def test_forged_fields_are_passed_over(desk, people):
    desk.fields |= {
        f"status-{people[0].pk}": "king",
        "status-": PRESENT,
        "status-abc": PRESENT,
        "token": "x",
        "seen": "-1",
    }
    desk.press()
    assert statuses() == {}


def test_noted_line_shows_when_it_was_noted(desk, session, people, trainer):
    later = IN_CLASS + timedelta(days=1)
    take_roll(session=session, entries=[entry(people[0])], by=trainer, at=IN_CLASS)
    take_roll(session=session, entries=[entry(people[1])], by=trainer, at=later)
    desk.show(desk.client.get(desk.url))
    assert " 08:01<" in desk.line(people[0])
    assert " 08:01 07/05/2014<" in desk.line(people[1])


def test_session_to_come_says_when_it_opens(as_trainer, run, people):
    session = SessionFactory(run=run, starts_at=IN_CLASS.replace(year=2999))
    response = as_trainer.get(reverse("attendance:roll_call", args=[session.pk]))
    assert "06/05/2999" in response.context["reason"]
    assert response.context["reason"] in html_of(response)
    assert people[0].user.full_name not in html_of(response)


def test_class_cancelled_while_the_page_lay_open_saves_nothing(desk, run, people):
    set_fields(run, status=RunStatus.CANCELLED)
    desk.tick(people[0], PRESENT).press()
    assert statuses() == {}
    assert desk.response.context["reason"] in desk.html


def test_refusal_between_check_and_save_keeps_the_choices(desk, people, monkeypatch):
    # The class is cancelled after the page has looked and before the roll is written.
    monkeypatch.setattr("attendance.views.roll_call.require_markable", lambda **facts: None)
    set_fields(people[0].run, status=RunStatus.CANCELLED)
    desk.tick(people[0], PRESENT).press()
    assert desk.told() == [("error",)]
    assert desk.ticked(people[0]) == PRESENT


def test_empty_class_says_what_to_do(as_trainer, url):
    page = as_trainer.get(url)

    assert page.context["sheet"].lines == []
    assert "lms/components/empty.html" in templates_of(page)


def test_roll_is_for_the_coordinator_of_the_host_district_not_for_trainee_or_visitor(
    as_coordinator, client, url, people
):
    assert as_coordinator.get(url).status_code == 200
    assert browse(people[0].user).get(url).status_code == 404
    response = client.get(url)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={url}"


def test_ids_carry_no_thousands_separator(as_trainer, person, session):
    person.delete()
    person.pk = 12345
    person.save(force_insert=True)
    html = html_of(as_trainer.get(reverse("attendance:roll_call", args=[session.pk])))
    assert 'name="status-12345"' in html
    assert 'name="late-12345"' in html
    assert "12.345" not in html


@pytest.fixture
def early_desk(as_trainer, run, people):
    """The roll of a session in the last second of today."""
    last = timezone.localtime().replace(hour=23, minute=59, second=59)
    session = SessionFactory(run=run, starts_at=last)
    return Page(as_trainer, reverse("attendance:roll_call", args=[session.pk]))


def test_roll_before_the_session_begins_is_saved_with_the_tick_alone(early_desk, people):
    assert early_desk.response.context["is_early"]
    assert "23:59" in early_desk.html
    early_desk.tick(people[0], LATE, late="7").press()
    assert statuses() == {}
    assert [level for level, *_numbers in early_desk.told()] == ["error"]
    assert (early_desk.ticked(people[0]), early_desk.fields[f"late-{people[0].pk}"]) == (LATE, "7")
    early_desk.press("search", q="an", early="1")
    assert 'name="early" value="1" checked' in early_desk.html
    early_desk.tick(people[0], PRESENT).press(early="1")
    assert statuses() == {people[0].pk: PRESENT}


def test_lateness_without_minutes_takes_no_time_off(desk, people):
    desk.tick(people[0], LATE).press()
    assert AttendanceRecord.objects.get().minutes == 210
