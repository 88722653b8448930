"""One's own sessions, as a page and as a calendar file."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.own_sessions import EarlierPlan
from attendance.domain.sessions.scheduling import SessionPlan, change_session
from attendance.enums import AttendanceStatus
from courses.enums import EnrolmentStatus, RunStatus
from lms.accounts.enums import Role
from lms.core.navigation import navigation
from tests.factories.accounts import UserFactory, browse, make_official
from tests.factories.attendance import SessionFactory, at_eight, make_class, record_mark
from tests.factories.courses import EnrolmentFactory
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of

CALENDAR = "/lich-cua-toi/"
# How the sentence of the hours begins.
ATTENDED = _("Attended %(attended)s of %(length)s.").partition(" %(")[0]
FILE = "/lich-cua-toi/lich-hoc.ics"


def shown(reader, part):
    groups = browse(reader).get(CALENDAR).context[part]
    return [line for group in groups for line in group["lines"]]


def titles(reader, part):
    return [line["own"].session.title for line in shown(reader, part)]


def test_sessions_of_all_own_classes_stand_by_month(run, session, person):
    second = make_class("353", course=run.course)
    EnrolmentFactory(run=second, unit=unit("13387"), user=person.user)
    SessionFactory(run=make_class("353", course=run.course), title="Lớp khác")
    SessionFactory(run=run, title="Mai", starts_at=at_eight(days=1))
    SessionFactory(run=second, title="Kia", starts_at=at_eight(days=2))
    SessionFactory(run=second, title="Xưa", starts_at=session.starts_at - timedelta(days=40))

    page = browse(person.user).get(CALENDAR)

    assert titles(person.user, "coming") == ["Mai", "Kia"]
    assert titles(person.user, "past") == ["Buổi 1", "Xưa"]
    assert [f"{group['month']:%Y-%m}" for group in page.context["past"]] == ["2014-05", "2014-03"]


def test_past_session_tells_what_was_noted(run, session, person, trainer):
    SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1))
    late = {"status": AttendanceStatus.LATE, "minutes_late": 30}
    record_mark(session=session, enrolment=person, by=trainer, at=session.ends_at, **late)

    latest, first = shown(person.user, "past")

    assert (first["own"].record.status, first["attended"]) == ("late", "3 giờ")
    assert latest["own"].record is None


def test_mark_noted_before_the_end_is_not_said_to_be_attended(run, session, person, trainer):
    coming = SessionFactory(run=run, starts_at=at_eight(days=1))
    record_mark(session=coming, enrolment=person, by=trainer, at=coming.starts_at)

    [line] = shown(person.user, "coming")

    assert (line["own"].record.status, line["state"]) == ("present", "to_come")
    assert ATTENDED not in html_of(browse(person.user).get(CALENDAR))


@pytest.mark.parametrize("moved", [True, False])
def test_session_that_was_moved_tells_its_old_hour_and_place(run, person, trainer, moved):
    set_fields(run, ends_on=timezone.localdate() + timedelta(days=9))
    coming = SessionFactory(run=run, starts_at=at_eight(days=2), place="Nhà cũ")
    new = {"starts_at": at_eight(days=3), "ends_at": at_eight(days=3) + timedelta(hours=3)}
    old = {"starts_at": coming.starts_at, "ends_at": coming.ends_at, "place": "Nhà cũ"}
    plan = SessionPlan(title="Tên khác", **(new if moved else old))
    change_session(session=coming, plan=plan, by=trainer, at=timezone.now())

    (line,) = shown(person.user, "coming")

    before = EarlierPlan(starts_at=at_eight(days=2), where="Nhà cũ")
    assert line["own"].before == (before if moved else None)


def test_cancelled_class_says_so_on_the_page_and_in_the_file(run, person):
    SessionFactory(run=run, starts_at=at_eight(days=1))
    set_fields(run, status=RunStatus.CANCELLED)
    page = browse(person.user).get(CALENDAR)

    assert shown(person.user, "coming")[0]["own"].is_cancelled
    assert page.context["has_file"] is False
    assert b"STATUS:CANCELLED" in browse(person.user).get(FILE).content


@pytest.mark.parametrize(
    ("status", "may_ask"), [(AttendanceStatus.PRESENT, False), (AttendanceStatus.ABSENT, True)]
)
def test_nobody_is_offered_to_be_excused_from_what_was_attended(
    run, person, trainer, status, may_ask
):
    session = SessionFactory(run=run, starts_at=timezone.now() - timedelta(days=2))
    record_mark(session=session, enrolment=person, by=trainer, at=session.ends_at, status=status)

    (line,) = shown(person.user, "past")

    assert line["may_ask"] is may_ask


def test_cancelled_session_tells_no_hours(run, person, trainer):
    begin = timezone.now() - timedelta(days=2)
    session = SessionFactory(run=run, starts_at=begin)
    record_mark(session=session, enrolment=person, by=trainer, at=session.ends_at)
    set_fields(session, cancelled_at=session.ends_at, cancel_reason="Mưa bão")

    page = html_of(browse(person.user).get(CALENDAR))

    assert "Mưa bão" in page
    assert ATTENDED not in page


def test_file_holds_every_session_to_come(run, session, person):
    for days in (1, 2, 3):
        SessionFactory(run=run, starts_at=at_eight(days=days))

    response = browse(person.user).get(FILE)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.content.count(b"BEGIN:VEVENT") == 3


def test_who_withdrew_or_is_in_no_class_is_told_that_there_is_none(run, session, person):
    set_fields(person, status=EnrolmentStatus.WITHDRAWN)

    for reader in (person.user, UserFactory()):
        page = browse(reader).get(CALENDAR)
        assert (page.status_code, page.context["coming"], page.context["past"]) == (200, [], [])


@pytest.mark.parametrize("count", [1, 6])
def test_calendar_spends_the_same_queries(run, person, count, django_assert_num_queries):
    for number in range(count):
        other = make_class("353", course=run.course)
        EnrolmentFactory(run=other, unit=unit("13387"), user=person.user)
        SessionFactory(run=other, starts_at=at_eight(days=number + 1))
        SessionFactory(run=other, starts_at=at_eight(days=-number - 1))
    client = browse(person.user)

    with django_assert_num_queries(9):
        client.get(CALENDAR)


def test_calendar_of_a_trainee_is_one_tap_away(edition):
    entry = navigation.get("my-calendar")

    assert entry.is_visible(UserFactory())
    assert not entry.is_visible(make_official(Role.TRAINER, "350"))
