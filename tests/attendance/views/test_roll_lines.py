"""The small address of a roll: one mark or a phone's batch, and what changed since."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.domain.roll.slips import SLIP_WINDOW
from attendance.enums import AttendanceStatus
from attendance.forms.roll_batch import read_batch
from attendance.models import AttendanceMark, AttendanceRecord
from courses.enums import RunStatus
from tests.factories.accounts import browse
from tests.factories.attendance import (
    IN_CLASS,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import ask
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus.values


@shared
def under_way(session):
    """The session goes on at this moment."""
    now = timezone.now()
    set_fields(session, starts_at=now, ends_at=now + timedelta(hours=3), counted_at=None)


@pytest.fixture
def phone(as_trainer, session, trainer):
    return Phone(as_trainer, session, trainer)


class Phone:
    def __init__(self, client, session, reader):
        self.client, self.session, self.reader = client, session, reader
        self.url = reverse("attendance:roll_lines", args=[session.pk])

    def post(self, *marks, **more):
        body = {"reader": self.reader.pk, "since": 0, "marks": marks, **more}
        return self.send(json.dumps(body))

    def send(self, text):
        return self.client.post(self.url, text, content_type="application/json")

    def poll(self, since=""):
        return self.client.get(self.url, {"since": since}).json()


def mark(person, status=PRESENT, **fields):
    return {"enrolment": person.pk, "status": status, "client_id": str(uuid4()), **fields}


def lines_of(answer):
    """The lines of an answer; of the seconds that a slip may still be mended, only whether there are any."""
    return [line | {"slip": bool(line["slip"])} for line in answer["lines"]]


def test_mark_is_noted_and_answered_with_its_line_and_the_counts(phone, people, trainer):
    answer = phone.post(mark(people[0], LATE, minutes_late="15")).json()
    stored = AttendanceMark.objects.get()
    assert (stored.status, stored.minutes_late, stored.marked_by) == (LATE, 15, trainer)
    assert answer["saved"] == [people[0].pk]
    (line,) = answer["lines"]
    assert (line["enrolment"], line["status"], line["minutes_late"]) == (people[0].pk, LATE, 15)
    assert line["mine"] is True
    assert 0 < line["slip"] < SLIP_WINDOW.total_seconds()
    assert answer["counts"] == {PRESENT: 0, LATE: 1, EXCUSED: 0, ABSENT: 0, "": 2}
    assert answer["since"] == stored.pk


def test_batch_sent_again_changes_nothing_and_is_answered_alike(phone, people):
    marks = [mark(person) for person in people]
    first = phone.post(*marks).json()
    again = phone.post(*marks).json()
    assert AttendanceMark.objects.count() == len(people)
    assert sorted(again["unchanged"]) == sorted(first["saved"])
    assert lines_of(again) == lines_of(first)


def test_refused_line_says_why_and_leaves_the_others(phone, people, session, other_trainer):
    noted = entry(people[0], ABSENT)
    take_roll(session=session, entries=[noted], by=other_trainer, at=IN_CLASS)
    answer = phone.post(
        mark(people[0]), mark(people[1]), mark(people[2], LATE, minutes_late="ba")
    ).json()
    codes = {int(pk): refusal["code"] for pk, refusal in answer["refused"].items()}
    assert codes == {people[0].pk: "reason_required", people[2].pk: "minutes_unreadable"}
    assert answer["saved"] == [people[1].pk]
    assert other_trainer.full_name in answer["refused"][str(people[0].pk)]["message"]


def test_reason_does_not_overrule_what_a_colleague_noted_unseen(
    phone, people, session, other_trainer
):
    person = people[0]
    noted = {"session": session, "by": other_trainer, "at": session.ends_at}
    take_roll(entries=[entry(person, PRESENT)], **noted)
    seen = phone.poll()["lines"] and AttendanceMark.objects.get().pk
    take_roll(entries=[entry(person, ABSENT, reason="Chưa đến")], **noted)
    said = mark(person, LATE, minutes_late="20", reason="Đến muộn")

    answer = phone.post(said, since=seen).json()
    refusal = answer["refused"][str(person.pk)]
    assert refusal["code"] == "reason_required"
    assert other_trainer.full_name in refusal["message"]

    # Now it has been seen, and the same is sent on purpose.
    assert phone.post(said, since=answer["since"]).json()["corrected"] == [person.pk]


def test_poll_tells_what_a_colleague_noted_since_with_name(phone, people, session, other_trainer):
    since = phone.post(mark(people[0])).json()["since"]
    assert phone.poll(since)["lines"] == []
    noted = entry(people[1], EXCUSED)
    take_roll(session=session, entries=[noted], by=other_trainer, at=IN_CLASS)
    answer = phone.poll(since)
    (line,) = answer["lines"]
    assert (line["enrolment"], line["status"], line["mine"]) == (people[1].pk, EXCUSED, False)
    assert other_trainer.full_name in line["noted"]
    assert phone.poll(answer["since"])["lines"] == []


def test_poll_with_an_odd_since_tells_everything(phone, people):
    phone.post(mark(people[0]))
    for since in ("", "x", "-1", "٣", "9" * 40):
        assert len(phone.poll(since)["lines"]) == 1, since


def test_unreadable_batch_is_refused_and_notes_nothing(phone, people):
    for body in (
        "",
        "[]",
        "{}",
        '{"reader": 1, "since": 0, "marks": 5}',
        '{"reader": true, "since": 0, "marks": []}',
        '{"reader": 1, "since": -1, "marks": []}',
        '{"reader": 1, "since": 0, "marks": [{"enrolment": 1, "status": "present"}]}',
        '{"reader": 1, "since": 0, "marks": [{"enrolment": 1, "client_id": "x", "status": "late"}]}',
        "\xff",
    ):
        answer = phone.send(body)
        assert (answer.status_code, answer.json()["code"]) == (400, "batch_unreadable"), body
    for marks in (
        [mark(people[0], "asleep")],
        [mark(people[0], reason=5)],
        [mark(people[0]), mark(people[0], ABSENT)],
    ):
        assert phone.post(*marks).json()["code"] == "batch_unreadable"
    form = phone.client.post(phone.url, {"marks": "1"})
    assert (form.status_code, form.json()["code"]) == (400, "batch_unreadable")
    assert not AttendanceMark.objects.exists()


def test_reason_arrives_without_invisible_signs(people):
    sent = mark(people[0], ABSENT, reason="\u200eỐm\u00a0nặng, ở Ðồng Văn\ufeff")
    body = json.dumps({"reader": 1, "since": 0, "marks": [sent]}).encode()

    assert read_batch(body).entries[0].reason == "Ốm nặng, ở Đồng Văn"


def test_choices_of_another_person_of_the_phone_are_not_noted(phone, people, other_trainer):
    answer = phone.post(mark(people[0]), reader=other_trainer.pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_person")
    assert not AttendanceMark.objects.exists()


@pytest.mark.usefixtures("midday")
def test_session_that_has_not_begun_asks_for_the_tick(phone, people, session):
    begins = timezone.now() + timedelta(minutes=1)
    set_fields(session, starts_at=begins, ends_at=begins + timedelta(hours=3), counted_at=None)
    answer = phone.post(mark(people[0]))
    assert (answer.status_code, answer.json()["code"]) == (409, "session_not_begun")
    assert phone.post(mark(people[0]), early=True).json()["saved"] == [people[0].pk]


def test_cancelled_class_is_refused_as_a_whole(phone, people, run):
    set_fields(run, status=RunStatus.CANCELLED)
    assert phone.post(mark(people[0])).json()["code"] == "run_cancelled"


def test_who_is_logged_out_is_told_so(phone, people, client):
    phone.client = client
    answer = phone.post(mark(people[0]))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_post_without_the_token_of_the_page_is_refused(phone, people, trainer):
    phone.client = Client(enforce_csrf_checks=True)
    phone.client.force_login(trainer)
    assert phone.post(mark(people[0])).status_code == 403
    assert not AttendanceMark.objects.exists()


def test_trainer_of_another_class_finds_nothing(phone, people, other_trainer):
    phone.client = browse(other_trainer)
    phone.reader = other_trainer
    assert phone.post(mark(people[0])).status_code == 404
    assert phone.client.get(phone.url).status_code == 404


def test_person_of_another_class_is_refused(phone, run):
    stranger = enrol_many(make_class("353", course=run.course), 1)[0]
    answer = phone.post(mark(stranger)).json()
    assert answer["refused"][str(stranger.pk)]["code"] == "not_enrolled"


# The session of the browser, the person, the roles; the session of the class, the people, what
# stands about them; the mark, its record; what changed and the counts; begin and end.
OF_A_MARK = 12


@pytest.mark.parametrize("size", [1, 50])
def test_one_mark_costs_the_same_queries_for_any_class(
    phone, run, under_way, django_assert_num_queries, size
):
    people = enrol_many(run, size)
    phone.poll()
    with django_assert_num_queries(OF_A_MARK):
        assert phone.post(mark(people[0])).json()["saved"] == [people[0].pk]


@pytest.mark.parametrize("count", [1, 50])
def test_batch_costs_the_queries_of_one_mark(
    phone, run, under_way, django_assert_num_queries, count
):
    people = enrol_many(run, count)
    phone.poll()
    with django_assert_num_queries(OF_A_MARK):
        answer = phone.post(*[mark(person) for person in people]).json()
    assert len(answer["saved"]) == len(answer["lines"]) == count


@pytest.mark.parametrize("count", [1, 50])
def test_mark_after_the_end_also_judges_with_the_same_queries(
    phone, run, django_assert_num_queries, count
):
    ask(run, attendance_hours={"percent": 100}, lessons={"percent": 100})
    people = enrol_many(run, count)
    phone.poll()
    with django_assert_num_queries(OF_A_MARK + 6):
        assert len(phone.post(*[mark(person) for person in people]).json()["saved"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_poll_costs_the_same_queries_for_any_number(phone, run, django_assert_num_queries, count):
    people = enrol_many(run, count)
    phone.post(*[mark(person) for person in people])
    with django_assert_num_queries(6):
        assert len(phone.poll()["lines"]) == count
    assert AttendanceRecord.objects.count() == count


def test_undo_takes_the_own_tap_back_and_sent_again_nothing(phone, people):
    tapped = mark(people[0])
    phone.post(tapped)
    answer = phone.post(undo=[tapped["client_id"]]).json()
    assert [line["status"] for line in answer["lines"]] == [""]
    assert answer["counts"][""] == 3
    again = phone.post(undo=[tapped["client_id"]]).json()
    assert lines_of(again) == lines_of(answer)


def test_page_filters_by_commune_and_by_what_is_not_noted(phone, run, people):
    elsewhere = enrol_many(run, 1, commune="13384")[0]
    phone.post(mark(people[0]))
    page = reverse("attendance:roll_call", args=[phone.session.pk])
    shown = phone.client.get(page, {"unit": elsewhere.unit_id}).context["sheet"].lines
    assert [line.enrolment for line in shown if not line.is_hidden] == [elsewhere]
    shown = phone.client.get(page, {"unmarked": "1"}).context["sheet"].lines
    assert people[0] not in [line.enrolment for line in shown if not line.is_hidden]
    assert sum(not line.is_hidden for line in shown) == 3


def test_first_mark_after_the_end_counts_the_session(phone, people, session):
    set_fields(session, counted_at=None)

    answer = phone.post(mark(people[0])).json()

    session.refresh_from_db()
    assert answer["saved"] == [people[0].pk]
    assert session.counted_at is not None
    assert [line["enrolment"] for line in answer["lines"]] == [people[0].pk]


def test_coordinator_is_told_of_the_own_area_alone(as_coordinator, coordinator, session, people):
    take_roll(
        session=session, entries=[entry(one) for one in people], by=coordinator, at=timezone.now()
    )
    set_fields(people[0], unit=unit("13591"))

    told = Phone(as_coordinator, session, coordinator).poll()

    assert {line["enrolment"] for line in told["lines"]} == {one.pk for one in people[1:]}
    assert told["counts"][PRESENT] == 2
