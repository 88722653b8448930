"""To whom a rule speaks, how often, and by which way: one list for planning and for the preview."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.enums import Cadre, Role
from lms.geography.models import UnitCover
from lms.notifications.domain.forecast import forecast
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.wanted import _times, wanted_reminders
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.extensions import PlannedReminder, Subject, audience_parts
from lms.notifications.models import Reminder, ReminderRule
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.geography import unit
from tests.factories.notifications import ReminderRuleFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2014, 5, 5, 3, 0, tzinfo=UTC)


def item(user, number=1, *, hours=2, days=5, run=None):
    due = NOW + timedelta(hours=hours)
    return PlannedReminder(
        f"tests.note:{user.pk}:{number}",
        user.pk,
        due,
        due + timedelta(days=days),
        subject=Subject(run_id=run),
    )


def reached(rule):
    return [one.user for batch in wanted_reminders(rule=rule, now=NOW) for one in batch]


@pytest.fixture
def people(kind, edition):
    """A commune officer and a collaborator of Kim Bảng, an officer of Thanh Liêm, a coordinator."""
    posts = {
        "near": ("13387", Cadre.COMMUNE_OFFICER),
        "helper": ("13387", Cadre.COLLABORATOR),
        "far": ("13591", Cadre.COMMUNE_OFFICER),
    }
    found = {
        name: PostingFactory(unit=unit(code), cadre=cadre).user
        for name, (code, cadre) in posts.items()
    }
    found["office"] = make_official(Role.COORDINATOR, "350")
    kind.planned = [item(user) for user in found.values()]
    return found


def test_rule_speaks_to_all_named_or_to_an_area_and_to_cadres_of_today_alone(people):
    rule = ReminderRuleFactory()
    assert reached(rule) == list(people.values())

    rule.unit = unit("350")
    # Posted there, or in charge.
    assert reached(rule) == [people["near"], people["helper"], people["office"]]
    rule.cadres = [Cadre.COMMUNE_OFFICER]
    assert reached(rule) == [people["near"]]
    rule.unit = None
    assert reached(rule) == [people["near"], people["far"]]


def test_area_is_the_same_on_another_map(people):
    rule = ReminderRuleFactory(unit=unit("353"))
    UnitCover.objects.create(unit=unit("353"), covered=unit("350"))

    assert set(reached(rule)) == set(people.values())


def test_classes_narrow_to_what_belongs_to_them(kind, monkeypatch):
    class Courses:
        key, label = "course", "Khóa học"

        def classes(self, *, ids):
            return [10 * one for one in ids]

    monkeypatch.setitem(audience_parts._entries, "course", Courses())
    user = UserFactory()
    kind.planned = [item(user, number, run=run) for number, run in enumerate((None, 10, 20, 30))]
    rule = ReminderRuleFactory(about={"course": [1, 2]})

    wanted = [
        one.item.subject.run_id for batch in wanted_reminders(rule=rule, now=NOW) for one in batch
    ]
    assert wanted == [10, 20]

    rule.about = {"course": [1], "gone": [4]}
    assert reached(rule) == []
    rule.about = {"gone": []}
    assert len(reached(rule)) == 4


def test_ways_of_the_rule_stand_above_the_order_of_the_site(kind):
    user = UserFactory(email="an@example.vn")
    kind.planned = [item(user)]
    ways = [
        one.way
        for ways in ([], ["email"], ["sms"])
        for batch in wanted_reminders(rule=ReminderRule(kind=kind.key, ways=ways), now=NOW)
        for one in batch
    ]

    assert ways == ["email", "email", PEOPLE]


def test_said_again_until_the_last_time_and_each_once(kind):
    kind.planned = [item(UserFactory(), days=30)]
    ReminderRuleFactory(repeat_days=2, repeat_times=3)

    for _again in range(2):
        plan_reminders(now=NOW)

    rows = Reminder.objects.order_by("occurrence")
    told = [((row.due_at - NOW) // timedelta(days=1), row.occurrence) for row in rows]
    assert told == [(0, 0), (2, 1), (4, 2), (6, 3)]


@given(
    times=st.integers(0, 10),
    pause=st.integers(1, 60),
    hours=st.integers(-2000, 2000),
    days=st.integers(0, 90),
)
def test_times_follow_each_other_and_never_come_too_late(times, pause, hours, days):
    rule = ReminderRule(repeat_times=times, repeat_days=pause)
    due = NOW + timedelta(hours=hours)
    thing = PlannedReminder("tests.note:1", 1, due, due + timedelta(days=days))

    found = list(_times(rule, thing, NOW))

    assert [number for _thing, number, *_rest in found] == sorted({one[1] for one in found})
    for _thing, number, due_at, expires_at in found:
        assert due_at == due + number * timedelta(days=pause)
        assert max(due_at, NOW) <= expires_at <= thing.expires_at
    ends = [expires_at for *_rest, expires_at in found]
    starts = [due_at for _thing, _number, due_at, _end in found]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


# --- What the preview says is what planning does --------------------------------------


def test_preview_counts_what_planning_then_writes_and_leaves_out_what_was_sent(
    people, monitor, settings
):
    settings.SUITE_SMS_GATEWAY, settings.SUITE_SMS_PRICE = "lms.messaging.sms.FolderGateway", 500
    people["near"].phone = "+84912345678"
    people["near"].save()
    people["far"].email = "xa@example.vn"
    people["far"].save()
    rule = ReminderRuleFactory(enabled=False, repeat_times=2, repeat_days=3)

    found = forecast(rule=rule, now=NOW, by=monitor)
    ReminderRule.objects.update(enabled=True)
    for day in range(30):
        plan_reminders(now=NOW + timedelta(days=day))

    rows = Reminder.objects.filter(due_at__lt=NOW + timedelta(days=30))
    assert found.in_days == Counter(rows.values_list("way", flat=True))
    assert found.in_days == {"sms": 2, "email": 2, PEOPLE: 4}
    assert found.today == {"sms": 1, "email": 1, PEOPLE: 2}
    assert (found.people, found.cost_at_most(found.in_days)) == (4, 2 * 500 * found.parts)
    settings.SUITE_SMS_PRICE = 0
    assert found.cost_at_most(found.in_days) is None
    # What was sent is no longer to come.
    Reminder.objects.filter(user=people["far"]).update(state=ReminderState.SENT)
    assert forecast(rule=rule, now=NOW, by=monitor).people == 3


def test_preview_of_a_rule_without_rows_or_kind(kind, monitor):
    assert forecast(rule=ReminderRule(kind="gone"), now=NOW, by=monitor).people == 0
    kind.planned = [item(UserFactory())]
    assert forecast(rule=ReminderRule(kind=kind.key), now=NOW, by=monitor).people == 1


def test_samples_are_people_whom_the_reader_may_see(people, coordinator, kind):
    kind.unwanted = {f"tests.note:{people['near'].pk}:1"}
    rule = ReminderRuleFactory(subject_vi="Chào {name}")

    found = forecast(rule=rule, now=NOW, by=coordinator)

    assert [one.user for one in found.samples] == [people["helper"], people["office"]]
    assert found.samples[0].message.subject == f"Chào {people['helper'].full_name}"
    assert found.people == 4
