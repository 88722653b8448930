"""The panels of the admin's front page that send a trainer to the roll."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.dashboard import RollsToFinish, SessionsToday
from courses.enums import RunStatus
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import UserFactory, browse
from tests.factories.attendance import SessionFactory, enrol_many, entry, make_class, take_roll
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, panel_html


def at_noon(days=0):
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=days)


def held(run, days=0, minutes=0, **fields):
    starts_at = at_noon(days) + timedelta(minutes=minutes)
    return SessionFactory(run=run, starts_at=starts_at, **fields)


@pytest.fixture
def foreign(run):
    """A class of the other district with a session today and one yesterday."""
    other = make_class("353", course=run.course, title="Lớp của huyện khác")
    enrol_many(other, 1, commune="13591")
    held(other, title="Buổi lạ")
    held(other, days=-1, title="Buổi lạ hôm qua")
    return other


def unnoted(panel, reader):
    """The sessions of a panel, each with how many people nobody has noted."""
    lines = panel().context(reader)["lines"]
    return [(line["session"], line["session"].unnoted_count) for line in lines]


def roll_of(session):
    return reverse("attendance:roll_call", args=[session.pk])


@pytest.mark.parametrize(("panel", "days"), [(SessionsToday, 0), (RollsToFinish, -1)])
def test_session_of_today_or_left_unfinished_leads_to_its_roll(run, trainer, panel, days):
    enrol_many(run, 2)
    session = held(run, days=days, title="Buổi sáng")

    page = panel_html(panel, trainer)

    assert unnoted(panel, trainer) == [(session, 2)]
    assert "Buổi sáng" in page
    assert "w-status--primary" in page
    assert roll_of(session) in page
    set_fields(run, status=RunStatus.CANCELLED)
    assert "Buổi sáng" not in panel_html(panel, trainer)


def test_session_of_another_trainer_is_not_shown(run, trainer, foreign):
    for panel in (SessionsToday, RollsToFinish):
        page = panel_html(panel, trainer)
        assert "Buổi lạ" not in page
        assert "Lớp của huyện khác" not in page


def test_roll_is_offered_once_there_are_trainees_and_says_that_it_is_complete(run, trainer):
    session = held(run)
    assert unnoted(SessionsToday, trainer) == [(session, 0)]
    assert roll_of(session) not in panel_html(SessionsToday, trainer)

    [person] = enrol_many(run, 1)
    take_roll(session=session, entries=[entry(person)], by=trainer, at=at_noon())
    page = panel_html(SessionsToday, trainer)
    assert unnoted(SessionsToday, trainer) == [(session, 0)]
    assert "w-status--primary" not in page
    assert roll_of(session) in page


def test_day_without_a_session_names_the_next_one(run, trainer):
    session = held(run, days=3, title="Buổi 2")

    page = panel_html(SessionsToday, trainer)

    assert unnoted(SessionsToday, trainer) == []
    assert [line["session"] for line in SessionsToday().context(trainer)["next_day"]] == [session]
    assert "Buổi 2" in page
    assert reverse("courses:run_detail", args=[run.pk]) in page


def test_without_any_session_one_is_led_to_the_classes_and_no_roll_is_unfinished(run, trainer):
    assert reverse("courses:run_list") in panel_html(SessionsToday, trainer)
    assert unnoted(RollsToFinish, trainer) == []
    assert "suite-empty" in panel_html(RollsToFinish, trainer)


def test_more_sessions_than_rows_are_a_link_away(run, trainer):
    for number in range(6):
        held(run, minutes=number)

    context = SessionsToday().context(trainer)

    assert (context["total"], len(context["lines"])) == (6, 5)


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_constant(run, trainer, django_assert_num_queries, rows):
    enrol_many(run, 2)
    for number in range(rows):
        held(run, minutes=number)
        held(run, days=-1, minutes=number)
    assert trainer.scope

    with django_assert_num_queries(3):
        assert SessionsToday().context(trainer)["total"] == rows
    with django_assert_num_queries(2):
        assert RollsToFinish().context(trainer)["total"] == rows


@pytest.mark.parametrize(("role", "is_offered"), [(Role.TRAINER, True), (Role.MONITOR, False)])
def test_front_page_offers_rolls_to_who_keeps_them(edition, role, is_offered):
    user = UserFactory()
    assign_role(user=user, role=role, unit=unit("350"))
    page = html_of(browse(user).get(reverse("wagtailadmin_home")))

    assert ("sessions-today" in page.split("suite-home", 1)[1]) is is_offered
