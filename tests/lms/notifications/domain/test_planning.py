from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.notifications.domain.planning import plan_reminders, rules_not_planned
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import PlannedReminder, Subject
from lms.notifications.models import Reminder, ReminderRule
from tests.factories.accounts import MinimalFactory, UserFactory
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.lms.notifications.conftest import NoteKind, only_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("time: days and moments in sub-queries")]


def planned(user, key="tests.note:1", *, due=1, expires=24, payload=None, subject=Subject()):  # noqa: B008
    now = timezone.now()
    return PlannedReminder(
        unique_key=key,
        user_id=user.pk,
        due_at=now + timedelta(hours=due),
        expires_at=now + timedelta(hours=expires),
        payload=payload or {},
        subject=subject,
    )


def test_plan_reminders_makes_the_rule_of_a_new_kind_and_leaves_a_changed_one_alone(kind):
    columns = ("kind", "shipped_as", "lead_minutes", "enabled")
    plan_reminders(now=timezone.now())
    assert list(ReminderRule.objects.values_list(*columns)) == [
        ("tests.note", "standard", 90, True)
    ]

    ReminderRule.objects.update(lead_minutes=30, enabled=False)
    plan_reminders(now=timezone.now())
    assert list(ReminderRule.objects.values_list(*columns[2:])) == [(30, False)]


def test_plan_reminders_beside_another_worker_plans_once(kind):
    user = UserFactory()

    class PlannedMeanwhile(list):
        """Another worker writes the row after this one has looked."""

        def __iter__(self):
            item = planned(user)
            Reminder.objects.create(
                rule=ReminderRule.objects.get(),
                user=user,
                unique_key=item.unique_key,
                due_at=item.due_at,
                expires_at=item.expires_at,
            )
            yield item

    kind.planned = PlannedMeanwhile()

    plan_reminders(now=timezone.now())

    assert Reminder.objects.count() == 1


def test_plan_reminders_writes_what_the_kind_names_and_lets_it_follow_while_it_waits(kind):
    user = UserFactory()
    for hours, place in ((5, "Nhà văn hoá"), (7, "Hội trường")):
        about = Subject(run_id=7, run="Lớp Kim Bảng", session="Buổi 1", place=place)
        item = planned(user, due=hours, expires=hours + 20, payload={"session": 7}, subject=about)
        kind.planned = [item]
        assert plan_reminders(now=timezone.now()) == (1 if hours == 5 else 0)

        row = Reminder.objects.get()
        assert (row.user, row.unique_key, row.rule.kind) == (user, "tests.note:1", "tests.note")
        assert (row.state, row.payload) == (ReminderState.PLANNED, {"session": 7})
        assert (row.due_at, row.expires_at) == (item.due_at, item.expires_at)
        kept = (row.run_number, row.run_title, row.session_title, row.place)
        assert kept == (7, "Lớp Kim Bảng", "Buổi 1", place)


def test_plan_reminders_never_moves_those_that_left_the_queue(kind):
    states = set(ReminderState) - {ReminderState.PLANNED}
    items = {state: planned(UserFactory(), f"tests.note:{state}", due=5) for state in states}
    kind.planned = [*items.values()]
    plan_reminders(now=timezone.now())
    for state, item in items.items():
        Reminder.objects.filter(unique_key=item.unique_key).update(state=state)

    later = timedelta(hours=2)
    kind.planned = [replace(item, due_at=item.due_at + later) for item in items.values()]
    plan_reminders(now=timezone.now())

    found = dict(Reminder.objects.values_list("state", "due_at"))
    assert found == {state: item.due_at for state, item in items.items()}


def test_plan_reminders_takes_back_what_is_no_longer_named_unless_it_is_under_way(kind):
    under_way = {
        "due": {"due_at": timezone.now() - timedelta(minutes=1)},
        "tried": {"attempts": 1},
        "claimed": {"state": ReminderState.CLAIMED},
        "sent": {"state": ReminderState.SENT},
    }
    items = {name: planned(UserFactory(), name) for name in (*under_way, "waiting")}
    kind.planned = [*items.values()]
    plan_reminders(now=timezone.now())
    for name, fields in under_way.items():
        Reminder.objects.filter(unique_key=name).update(**fields)

    kind.planned = []
    plan_reminders(now=timezone.now())

    assert set(Reminder.objects.values_list("unique_key", flat=True)) == under_way.keys()
    # What was taken back may be planned again.
    kind.planned = [items["waiting"]]
    assert plan_reminders(now=timezone.now()) == 1


def test_two_rules_of_a_kind_plan_the_same_thing_each_for_itself(kind):
    item = planned(UserFactory())
    kind.planned = [item]
    for minutes in (60, 120):
        ReminderRule.objects.create(kind=kind.key, shipped_as=None, lead_minutes=minutes)
    count = ReminderRule.objects.count() + 1

    assert plan_reminders(now=timezone.now()) == count
    assert plan_reminders(now=timezone.now()) == 0
    assert Reminder.objects.filter(unique_key=item.unique_key).count() == count


def test_plan_reminders_leaves_the_reminders_of_other_rules_alone(kind):
    other = ReminderFactory(
        rule=ReminderRuleFactory(kind="gone.note"), due_at=timezone.now() + timedelta(hours=1)
    )

    plan_reminders(now=timezone.now())

    assert list(Reminder.objects.all()) == [other]


@pytest.mark.parametrize(
    ("rule", "due"),
    [({"enabled": False}, 5), ({"kind": "gone.note"}, None), ({}, -3)],
    ids=["switched off", "app taken out", "too late"],
)
def test_plan_reminders_plans_nothing_of(kind, rule, due):
    ReminderRuleFactory(**rule)
    kind.planned = [] if due is None else [planned(UserFactory(), due=due, expires=due + 2)]

    assert plan_reminders(now=timezone.now()) == 0
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_plan_reminders_query_count(kind, people, django_assert_num_queries):
    ReminderRuleFactory()
    kind.planned = [
        planned(user, f"tests.note:{user.pk}") for user in UserFactory.create_batch(people)
    ]
    # Kinds that have a rule, rules, people, their wishes, dead addresses, known reminders, one INSERT, what is no longer
    # named, rules that failed before.
    with django_assert_num_queries(9):
        assert plan_reminders(now=timezone.now()) == people
    with django_assert_num_queries(8):
        assert plan_reminders(now=timezone.now()) == 0
    kind.planned = [planned(row.user, row.unique_key, due=9) for row in Reminder.objects.all()]
    # One UPDATE for all that moved.
    with django_assert_num_queries(9):
        assert plan_reminders(now=timezone.now()) == 0


def test_parents_and_core_children_are_planned_nothing(kind):
    ReminderRuleFactory()
    child, grown = MinimalFactory(), UserFactory()
    kind.planned = [planned(user, f"tests.note:{user.pk}") for user in (child, grown)]

    assert plan_reminders(now=timezone.now()) == 1
    assert [reminder.user for reminder in Reminder.objects.all()] == [grown]


def test_kind_that_fails_does_not_stop_the_others(kind, caplog):
    class Broken(NoteKind):
        key = "tests.broken"

        def plan(self, *, rule, now, ahead=None):
            raise RuntimeError

    for _ in only_kinds(Broken(), kind):
        kind.planned = [planned(UserFactory())]
        assert plan_reminders(now=timezone.now()) == 1
    assert "tests.broken" in caplog.text


def test_rule_that_cannot_be_planned_is_told_until_it_can(kind, monkeypatch):
    def fail(**_asked):
        raise RuntimeError

    plan, begun = kind.plan, timezone.now()
    monkeypatch.setattr(kind, "plan", fail)
    told = []
    for minute in (0, 1, 15):
        now = begun + timedelta(minutes=minute)
        plan_reminders(now=now)
        told.append([rule.failing_since for rule in rules_not_planned(now=now)])
    assert told == [[], [], [begun]]

    # Whoever switches it off need not hear of it.
    ReminderRule.objects.update(enabled=False)
    assert not rules_not_planned(now=now)
    ReminderRule.objects.update(enabled=True)
    monkeypatch.setattr(kind, "plan", plan)
    plan_reminders(now=now)
    assert ReminderRule.objects.get().failing_since is None
