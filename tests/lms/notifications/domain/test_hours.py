"""Nothing leaves at night or on a day off; what is due then goes at a better moment."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms.core.local_time import local_moment
from lms.notifications.domain.hours import (
    OpenHours,
    best_moment,
    days_off_by_law,
    ensure_days_off,
    open_hours,
)
from lms.notifications.domain.lunar import lunar_date
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.transitions import due_reminders
from lms.notifications.extensions import PlannedReminder
from lms.notifications.models import DayOff, Reminder
from lms.settings.sms import weekly_days_off
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory

TET = frozenset(date(2014, 1, 30) + timedelta(days=number) for number in range(5))
HOURS = OpenHours(time(7), time(21), TET)
DAY = timedelta(days=1)


def at(*moment):
    return local_moment(date(*moment[:3]), time(*moment[3:]))


@pytest.mark.parametrize(
    ("year", "month", "day", "found"),
    [
        # New year: in 1985, 2007 and 2030 another day than in China.
        (1985, 1, 1, date(1985, 1, 21)),
        (2007, 1, 1, date(2007, 2, 17)),
        (2014, 1, 1, date(2014, 1, 31)),
        (2020, 1, 1, date(2020, 1, 25)),
        (2023, 1, 1, date(2023, 1, 22)),
        (2025, 1, 1, date(2025, 1, 29)),
        (2026, 1, 1, date(2026, 2, 17)),
        (2030, 1, 1, date(2030, 2, 2)),
        (2014, 3, 10, date(2014, 4, 9)),
        # After the second leap month of 2023.
        (2023, 3, 10, date(2023, 4, 29)),
        (2025, 3, 10, date(2025, 4, 7)),
        (2026, 8, 15, date(2026, 9, 25)),
        (2014, 11, 1, date(2014, 12, 22)),
        (2014, 12, 23, date(2015, 2, 11)),
    ],
)
def test_lunar_days_as_they_were_published(year, month, day, found):
    assert lunar_date(year=year, month=month, day=day) == found


def test_days_off_by_law_of_a_year():
    assert sorted(days_off_by_law(year=2026)) == [
        date(2026, 1, 1),
        *(date(2026, 2, day) for day in (16, 17, 18)),
        date(2026, 4, 26),
        date(2026, 4, 30),
        date(2026, 5, 1),
        date(2026, 9, 2),
    ]


@pytest.mark.parametrize(
    ("due", "expires", "leaves"),
    [
        # In time: as it is. At night: in the morning.
        (at(2014, 5, 5, 9), at(2014, 5, 6, 9), at(2014, 5, 5, 9)),
        (at(2014, 5, 5, 7), at(2014, 5, 6, 9), at(2014, 5, 5, 7)),
        (at(2014, 5, 5, 20, 59), at(2014, 5, 6, 9), at(2014, 5, 5, 20, 59)),
        (at(2014, 5, 5, 21), at(2014, 5, 7, 9), at(2014, 5, 6, 7)),
        (at(2014, 5, 6, 0), at(2014, 5, 7, 9), at(2014, 5, 6, 7)),
        (at(2013, 12, 31, 23), at(2014, 1, 5, 9), at(2014, 1, 1, 7)),
        # Of a day off to the next working day, while that leaves half of the time.
        (at(2014, 2, 1, 9), at(2014, 2, 20, 9), at(2014, 2, 4, 7)),
        # A day before the first session after Tết: the same hour of the last day before Tết.
        (at(2014, 2, 3, 8), at(2014, 2, 4, 8), at(2014, 1, 29, 8)),
        # Little time left: in the evening before.
        (at(2014, 5, 6, 5), at(2014, 5, 6, 7, 30), at(2014, 5, 5, 20, 59)),
        (at(2014, 2, 4, 5), at(2014, 2, 4, 7, 30), at(2014, 1, 29, 20, 59)),
        (at(2014, 5, 5, 22), at(2014, 5, 6, 7, 30), at(2014, 5, 5, 20, 59)),
        (at(2014, 2, 2, 23), at(2014, 2, 4, 8), at(2014, 1, 29, 20, 59)),
    ],
)
def test_due_moment_is_moved_to_a_better_one(due, expires, leaves):
    now = at(2013, 12, 1, 9)
    assert best_moment(due_at=due, expires_at=expires, now=now, hours=HOURS) == leaves


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        # Friday evening, Saturday, Sunday: Monday morning, or Tuesday where Monday is off as well.
        (at(2014, 5, 9, 20), at(2014, 5, 9, 20)),
        (at(2014, 5, 9, 22), at(2014, 5, 12, 7)),
        (at(2014, 5, 10, 9), at(2014, 5, 12, 7)),
        (at(2014, 4, 27, 9), at(2014, 4, 29, 7)),
    ],
)
def test_weekly_days_off_lead_to_the_next_working_day(due, leaves):
    hours = OpenHours(
        time(7), time(21), frozenset({date(2014, 4, 28)}), weekly_days_off(["sat", "Sun"])
    )

    found = best_moment(due_at=due, expires_at=due + 9 * DAY, now=due, hours=hours)

    assert found == leaves


@pytest.mark.parametrize("told", [["sabbath"], ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]])
def test_weekly_days_off_that_leave_no_day_or_are_none_stop_the_start(told):
    with pytest.raises(ImproperlyConfigured):
        weekly_days_off(told)


def test_moment_before_that_is_over_is_not_chosen():
    due, expires = at(2014, 5, 6, 5), at(2014, 5, 6, 7, 30)
    assert best_moment(due_at=due, expires_at=expires, now=due, hours=HOURS) == at(2014, 5, 6, 7)
    late = at(2014, 5, 6, 6)
    assert best_moment(due_at=due, expires_at=late, now=due, hours=HOURS) == due


_MOMENTS = st.datetimes(datetime(2013, 11, 1), datetime(2014, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    due=_MOMENTS,
    hours=st.integers(0, 24 * 40),
    ahead=st.integers(-48, 24 * 40),
    off=st.frozensets(st.dates(date(2013, 12, 1), date(2014, 3, 31)), max_size=60),
    weekly=st.frozensets(st.integers(0, 6), max_size=6),
)
def test_chosen_moment_is_open_and_in_time_or_nothing_would_have_been(
    due, hours, ahead, off, weekly
):
    open_ = OpenHours(time(7), time(21), off, weekly)
    expires, now = due + timedelta(hours=hours), due - timedelta(hours=ahead)

    chosen = best_moment(due_at=due, expires_at=expires, now=now, hours=open_)

    if open_.is_open(chosen):
        assert chosen <= max(expires, due)
        assert chosen >= min(due, now)
    else:
        assert chosen == due
        assert open_.next_open(due) >= expires
    assert open_.is_open(open_.next_open(due))
    assert open_.is_open(open_.last_open(due))
    assert open_.last_open(due) <= due <= open_.next_open(due)


@given(_MOMENTS)
def test_open_are_the_hours_of_the_clock_in_viet_nam(moment):
    hour = (moment + timedelta(hours=7)).hour
    assert OpenHours(time(7), time(21)).is_open(moment) == (7 <= hour < 21)
    assert OpenHours().is_open(moment)


# --- In the database ------------------------------------------------------------------


@pytest.fixture
def quiet(settings, db):
    settings.SUITE_SENDING_HOURS = (time(7), time(21))
    settings.SUITE_WEEKLY_DAYS_OFF = frozenset()


def test_days_off_are_written_once_a_year_and_stay_away_when_removed(quiet):
    now = at(2014, 12, 31, 23)
    assert ensure_days_off(now=now) == 16
    DayOff.objects.filter(day=date(2014, 9, 2)).delete()

    assert ensure_days_off(now=now) == 0
    assert ensure_days_off(now=at(2015, 1, 1, 0)) == 8
    assert not DayOff.objects.filter(day=date(2014, 9, 2)).exists()
    assert str(DayOff.objects.earliest("day")).startswith("01/01/2014: ")


def test_hours_of_a_site_that_sends_at_any_time(db, settings, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert open_hours(now=at(2014, 1, 1, 3)) == OpenHours()
        assert ensure_days_off(now=at(2014, 1, 1, 3)) == 0


def test_planned_at_the_better_moment_but_what_is_urgent_at_once(quiet, kind):
    due = at(2014, 5, 5, 23)
    people = UserFactory.create_batch(2)
    kind.planned = [
        PlannedReminder(f"tests.note:{one.pk}", one.pk, due, due + 3 * DAY, urgent=urgent)
        for one, urgent in zip(people, (False, True), strict=True)
    ]

    plan_reminders(now=at(2014, 5, 5, 12))

    rows = Reminder.objects.order_by("user").values_list("due_at", "urgent")
    assert list(rows) == [(at(2014, 5, 6, 7), False), (due, True)]


def test_nothing_but_what_is_urgent_leaves_at_night_and_on_days_off(quiet, kind):
    DayOff.objects.create(day=date(2014, 9, 2), name="Quốc khánh")
    rule = ReminderRuleFactory()
    long_ago, far = at(2014, 1, 1, 9), timezone.now() + 9999 * DAY
    calm, urgent = (
        ReminderFactory(rule=rule, due_at=long_ago, expires_at=far, urgent=value)
        for value in (False, True)
    )

    assert set(due_reminders(now=at(2014, 9, 1, 20))) == {calm, urgent}
    assert list(due_reminders(now=at(2014, 9, 1, 21))) == [urgent]
    assert list(due_reminders(now=at(2014, 9, 2, 10))) == [urgent]
    assert set(due_reminders(now=at(2014, 9, 3, 7))) == {calm, urgent}


def test_nothing_leaves_on_the_weekly_days_off_of_the_site_but_on_a_saturday_that_is_worked(
    quiet, settings, kind
):
    reminder = ReminderFactory(due_at=at(2014, 5, 9, 9), expires_at=timezone.now() + 9999 * DAY)
    settings.SUITE_WEEKLY_DAYS_OFF = frozenset({5, 6})

    def leaving(*days):
        moments = (local_moment(date(2014, 5, day), time(10)) for day in days)
        return [list(due_reminders(now=moment)) for moment in moments]

    assert leaving(9, 10, 11, 12) == [[reminder], [], [], [reminder]]
    DayOff.objects.create(day=date(2014, 5, 10), name="Làm bù 02/05", is_working_day=True)
    assert leaving(10, 11, 17) == [[reminder], [], []]
    # Looked for from the Saturday before: the next working day is one of a weekend.
    hours = open_hours(now=at(2014, 5, 9, 9))
    assert hours.next_open(at(2014, 5, 9, 22)) == at(2014, 5, 10, 7)
    assert hours.last_open(at(2014, 5, 11, 9)) == at(2014, 5, 10, 9)


def test_day_typed_in_before_is_left_alone_and_a_working_day_changes_nothing_in_the_week(quiet):
    DayOff.objects.create(day=date(2014, 4, 30), name="Thống nhất, nghỉ bù")
    DayOff.objects.create(day=date(2014, 9, 2), name="Làm bù", is_working_day=True)

    assert ensure_days_off(now=at(2014, 5, 5, 9)) == 14
    typed = DayOff.objects.filter(day__in=[date(2014, 4, 30), date(2014, 9, 2)]).order_by("day")
    assert [one.name for one in typed] == ["Thống nhất, nghỉ bù", "Làm bù"]
    assert open_hours(now=at(2014, 9, 1, 9)).is_open(at(2014, 9, 2, 10))
