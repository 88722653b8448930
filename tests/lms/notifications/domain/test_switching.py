"""A rule is switched by a person, once."""

from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.notifications.domain.switching import SWITCH_ACTION, switch_rule
from tests.factories.accounts import make_official
from tests.factories.notifications import ReminderRuleFactory


def test_second_press_changes_nothing_and_is_not_logged(edition):
    by = make_official(Role.COORDINATOR, "350")
    rule = ReminderRuleFactory(enabled=False)

    assert [switch_rule(rule=rule, on=True, by=by) for _press in range(2)] == [True, False]

    assert [one.user for one in ModelLogEntry.objects.filter(action=SWITCH_ACTION)] == [by]
