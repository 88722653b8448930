"""Personal data kept long enough: told first, taken in batches, and no figure changes."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from attendance.models import AttendanceMark
from certificates.models import Certificate
from courses.models import Enrolment, ProgrammeRequirement, QuizAnswer, QuizAttempt
from lms.accounts.enums import Cadre, Role
from lms.accounts.extensions import personal_data
from lms.accounts.merging.domain.merge import merge
from lms.accounts.models import (
    CorrectionRequest,
    Invitation,
    Merge,
    Posting,
    PurgeRun,
    User,
)
from lms.accounts.personal_data.checks import check_retention_days
from lms.accounts.personal_data.domain.anonymise import anonymise
from lms.accounts.personal_data.domain.corrections import ask_correction, refuse_correction
from lms.accounts.personal_data.domain.retention import purge_personal_data, rehearse
from lms.accounts.register.domain.roles import assign_role
from lms.accounts.signin.domain.invitations import issue_invitations
from lms.importing.models import ImportBatch, ImportRow
from lms.messaging.domain.receipts import receive
from lms.notifications.models import DeliveryAttempt, Reminder
from lms.reporting.domain.counting import count_by_unit
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, entry, take_roll
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_quiz, make_run, put_question
from tests.factories.geography import unit
from tests.factories.importing import rehearsed, sheet
from tests.factories.notifications import ReminderFactory
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("time: days and moments in sub-queries")]
REHEARSAL_QUERIES = 29
LONG_AGO = datetime(2014, 3, 1, 3, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@shared
def gone(edition):
    """Left the only post years ago, with a class, a certificate, a card and a history."""
    person = PostingFactory(
        unit=unit("13384"),
        valid_to=date(2015, 6, 30),
        user__full_name="Trần Văn Nhà",
        user__staff_code="HN-1",
        user__phone="+84912345678",
        user__phone_raw="0912.345.678",
        user__email="nha@example.vn",
        user__year_of_birth=1970,
        user__sex="male",
        user__date_joined=LONG_AGO,
    ).user
    EmailAddress.objects.create(user=person, email="nha@example.vn")
    log(instance=person, action="wagtail.edit", user=person)
    return person


@pytest.fixture
def report(gone):
    CertificateTemplateFactory()
    run = make_run(make_course(), unit("350"), title="Lớp Kim Bảng")
    ProgrammeRequirement.objects.create(
        programme=run.programme, course=run.course, cadre=Cadre.COLLABORATOR
    )
    enrolment = completed(run, unit("13384"), user=gone)
    certificate = issued(enrolment)
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")

    def figures():
        return count_by_unit(programme=run.programme, on=NOW.date(), reader=root)

    return figures, certificate


def state_of(key, at=NOW):
    (found,) = [state for state in rehearse(at=at) if state.rule.key == key]
    return found


def test_person_who_left_is_nobody_afterwards_and_the_figures_stay(gone, report):
    figures, certificate = report
    before = figures()

    run = purge_personal_data(at=NOW)

    person = User.objects.get(pk=gone.pk)
    code = f"AN-DANH-{gone.pk}"
    assert (person.full_name, person.staff_code, person.given_name) == (code, code, code)
    assert (person.phone, person.phone_raw, person.email, person.year_of_birth) == (
        None,
        "",
        None,
        None,
    )
    assert (person.sex, person.is_active, person.has_usable_password()) == ("male", False, False)
    assert not User.objects.search("tran van nha").exists()
    assert not EmailAddress.objects.exists()
    assert not ModelLogEntry.objects.filter(object_id=str(gone.pk)).exists()
    assert run.counts["people_left"] == 1
    assert figures() == before
    assert before
    # The register of certificates is kept by the issuing body.
    assert Certificate.objects.get(pk=certificate.pk).holder_name == "Trần Văn Nhà"


def test_second_run_finds_nothing_to_do(gone):
    purge_personal_data(at=NOW)

    assert purge_personal_data(at=NOW).total == 0
    assert state_of("people_left").due == 0
    assert anonymise(people=User.objects.filter(pk=gone.pk), at=NOW) == 0


@pytest.mark.parametrize(
    ("valid_to", "due"), [(date(2021, 11, 19), 1), (date(2021, 11, 21), 0), (None, 0)]
)
def test_period_counts_from_the_last_day_of_the_last_post(gone, valid_to, due):
    PostingFactory(user=gone, unit=unit("13387"), valid_to=valid_to)

    assert state_of("people_left").due == due


def test_who_is_still_needed_stays_and_is_told(gone, edition):
    left = {"unit": unit("13384"), "valid_to": date(2015, 6, 30)}
    official = PostingFactory(**left).user
    assign_role(user=official, role=Role.COORDINATOR, unit=unit("350"))
    PostingFactory(**left, user__last_login=NOW - timedelta(days=3))
    PostingFactory(**left, user__last_login=LONG_AGO)
    UserFactory(full_name="Chưa có chức danh")

    state = state_of("people_left")

    assert state.due == 2
    assert [count for count, _why in state.exempted] == [1, 1]
    assert len({why for _count, why in state.exempted}) == 2


def test_merged_record_goes_with_the_person(gone, edition):
    twin = PostingFactory(
        unit=unit("13387"), valid_to=date(2015, 6, 30), user__full_name="Trần Văn Nhà"
    ).user
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")
    merge(keep=gone, close=twin, by=root, at=LONG_AGO)

    purge_personal_data(at=NOW)

    assert not User.objects.filter(full_name="Trần Văn Nhà").exists()
    done = Merge.objects.get()
    assert (done.moves, done.left) == ([], [])


def test_merge_that_can_be_undone_keeps_what_the_undo_needs(gone, edition, settings):
    settings.SUITE_RETENTION_DAYS = {"merges": 0}
    twin = PostingFactory(unit=unit("13387"), user__full_name="Trần Văn Nhà").user
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")
    merge(keep=gone, close=twin, by=root, at=timezone.now())

    purge_personal_data(at=timezone.now())

    assert Merge.objects.get().moves


def test_everything_of_old_is_purged_by_its_own_rule(gone, report):
    _figures, certificate = report
    enrolment = certificate.enrolment
    root = User.objects.get(staff_code="SU1")
    issue_invitations(people=User.objects.filter(pk=root.pk), by=root, at=LONG_AGO)
    Session.objects.create(session_key="a", session_data="x", expire_date=LONG_AGO)
    for item in ("other", "post"):
        asked = ask_correction(person=root, item=item, wanted="Sai", reason="", at=LONG_AGO)
    refuse_correction(asked=asked, by=root, answer="Không", at=LONG_AGO)
    reminder = ReminderFactory(user=root, due_at=LONG_AGO, expires_at=LONG_AGO)
    DeliveryAttempt.objects.create(
        reminder=reminder, channel="email", started_at=LONG_AGO, detail="nha@example.vn"
    )
    receive(way="sms", reference="1", delivered=True, detail="", now=LONG_AGO)
    ModelLogEntry.objects.update(timestamp=LONG_AGO)
    quiz = make_quiz(enrolment.run.course.get_children().first().specific)
    answer_quiz(enrolment, quiz, number=1, submitted_at=LONG_AGO)
    answer_quiz(enrolment, quiz, number=2, submitted_at=None)
    User.objects.filter(pk=root.pk).update(phone_raw="0351 1234567", date_joined=LONG_AGO)

    told = {state.rule.key: (state.due, len(state.exempted)) for state in rehearse(at=NOW)}
    run = purge_personal_data(at=NOW)

    assert told["quiz_answers"] == (1, 1)
    assert told["corrections"] == (1, 1)
    assert told["old_phones"] == (1, 1)
    assert told["certificates"] == (1, 0)
    purged = ("sessions", "invitations", "reminders", "receipts")
    assert {key: run.counts.get(key) for key in purged} == dict.fromkeys(purged, 1)
    assert (run.counts["quiz_answers"], run.counts["corrections"]) == (1, 1)
    assert run.counts["log"] >= 3
    assert "certificates" not in run.counts
    assert [QuizAttempt.objects.count(), QuizAnswer.objects.count()] == [2, 1]
    assert [one.state for one in CorrectionRequest.objects.all()] == ["open"]
    for model in (Invitation, Session, Reminder, DeliveryAttempt):
        assert not model.objects.exists()
    # The number of old is all that is known of this person.
    assert User.objects.get(pk=root.pk).phone_raw == "0351 1234567"


def answer_quiz(enrolment, quiz, *, number, submitted_at):
    scored = {"score": 1, "max_score": 1, "percent": 100} if submitted_at else {}
    attempt = QuizAttempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=number,
        started_at=LONG_AGO,
        submitted_at=submitted_at,
        **scored,
    )
    question = quiz.quiz_questions.first().question
    return put_question(attempt, question, answered_at=LONG_AGO)


def test_notes_of_attendance_go_and_who_was_there_stays(gone, report):
    enrolment = report[1].enrolment
    session = SessionFactory(run=enrolment.run)
    mark = entry(enrolment, "absent", reason="ốm")
    take_roll(session=session, entries=[mark], by=gone, at=IN_CLASS)
    AttendanceMark.objects.update(marked_at=LONG_AGO, device="điện thoại", method="correction")

    purge_personal_data(at=NOW)

    found = AttendanceMark.objects.get()
    assert (found.reason, found.device, found.status) == ("–", "", "absent")
    assert state_of("attendance_notes").due == 0


def test_lists_go_as_the_purge_of_lists_takes_them(edition):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")
    batch = rehearsed(sheet(("HN-9", "Lê Thị Lạ", "1980", "Nữ", "", "Đức Lý", "CTV")), by=root)
    ImportBatch.objects.update(state_since=LONG_AGO)

    assert state_of("imports").due == 1
    purge_personal_data(at=NOW)

    assert not ImportRow.objects.exists()
    batch.refresh_from_db()
    assert batch.purged_at == NOW


def test_stopped_half_way_the_rest_is_done_by_the_next_run(edition, monkeypatch):
    for _number in range(5):
        PostingFactory(unit=unit("13384"), valid_to=date(2015, 6, 30))
    people = personal_data.get("accounts.user")
    (rule,) = [rule for rule in people.keep if rule.key == "people_left"]
    calls = []

    def stop_at_the_second(rows, at):
        calls.append(len(rows))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return anonymise(people=rows, at=at)

    broken = replace(people, keep=[replace(rule, purge=stop_at_the_second)])
    monkeypatch.setitem(personal_data._entries, people.key, broken)
    with pytest.raises(KeyboardInterrupt):
        purge_personal_data(at=NOW, batch=2)
    stopped = PurgeRun.objects.get()
    assert (stopped.counts, stopped.finished_at) == ({"people_left": 2}, None)
    assert User.objects.filter(full_name__startswith="AN-DANH").count() == 2
    monkeypatch.undo()

    run = purge_personal_data(at=NOW, batch=2)

    assert run.counts["people_left"] == 3
    assert run.finished_at is not None


def test_rehearsal_costs_the_same_for_one_and_three(edition, django_assert_num_queries):
    for more, due in ((1, 1), (2, 3)):
        PostingFactory.create_batch(more, unit=unit("13384"), valid_to=date(2015, 6, 30))
        with django_assert_num_queries(REHEARSAL_QUERIES):
            assert state_of("people_left").due == due


def test_settings_change_a_period_but_for_those_that_are_fixed(gone, settings):
    settings.SUITE_RETENTION_DAYS = {"people_left": 365 * 20, "imports": 1}

    assert (state_of("people_left").due, state_of("people_left").days) == (0, 7300)
    assert state_of("imports").days == 30


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({"log": 10}, []),
        ({"logs": 10}, ["suite.E006"]),
        ({"imports": 10}, ["suite.E006"]),
        ({"certificates": 10}, ["suite.E006"]),
        ({"log": -1}, ["suite.E007"]),
    ],
)
def test_period_that_no_rule_has_stops_the_start(settings, days, found):
    settings.SUITE_RETENTION_DAYS = days

    assert [message.id for message in check_retention_days()] == found


def test_two_rules_under_one_key_stop_the_start(monkeypatch):
    consents = personal_data.get("accounts.consent")
    double = replace(consents, keep=[replace(consents.keep[0], key="log")])
    monkeypatch.setitem(personal_data._entries, double.key, double)

    assert [message.id for message in check_retention_days()] == ["suite.E009"]


def test_command_tells_first_and_purges_when_confirmed(gone, capsys):
    state = state_of("people_left")
    assert (state.due, state.days, state.exempted) == (1, 1825, [])
    call_command("purge_personal_data")
    told = capsys.readouterr().out
    assert re.search(r"^people_left: .* 1\b", told, re.MULTILINE)
    assert User.objects.get(pk=gone.pk).full_name == "Trần Văn Nhà"
    assert not PurgeRun.objects.exists()

    call_command("purge_personal_data", "--confirm")

    assert "people_left: 1" in capsys.readouterr().out
    assert PurgeRun.objects.get().counts["people_left"] == 1
    assert Posting.objects.filter(user=gone).count() == 1
    assert Enrolment.objects.count() == 0
