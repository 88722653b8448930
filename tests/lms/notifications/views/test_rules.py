import pytest
from django.urls import reverse

from lms.accounts.enums import Role
from lms.notifications.models import ReminderRule
from tests.factories.accounts import log_in
from tests.factories.notifications import ReminderRuleFactory
from tests.shared import shared

pytestmark = pytest.mark.usefixtures("kind")


@shared
def rule(db):
    return ReminderRuleFactory(lead_minutes=3 * 24 * 60)


def save(client, rule, **fields):
    data = {"number": 2, "unit": 60, "enabled": "on"} | fields
    return client.post(reverse("reminder_rules:edit", args=[rule.pk]), data, follow=True)


@pytest.mark.parametrize(
    ("minutes", "told"), [(4320, "3 ngày"), (180, "3 giờ"), (90, "90 phút"), (0, "0 phút")]
)
def test_list_tells_the_lead_time_as_people_say_it(as_monitor, minutes, told):
    ReminderRuleFactory(lead_minutes=minutes)

    page = as_monitor.get(reverse("reminder_rules:index")).content.decode()

    assert "Ghi chú" in page
    assert told in page


def test_list_names_a_kind_whose_app_was_taken_out_by_its_key(as_monitor):
    ReminderRuleFactory(kind="gone.note")

    assert "gone.note" in as_monitor.get(reverse("reminder_rules:index")).content.decode()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MONITOR])
def test_form_saves_hours_as_minutes(edition, rule, role):
    response = save(log_in(role, "35"), rule, number=36, unit=60)

    assert response.status_code == 200
    rule.refresh_from_db()
    assert (rule.lead_minutes, rule.enabled) == (36 * 60, True)


def test_form_shows_the_stored_lead_time(as_monitor, rule):
    page = as_monitor.get(reverse("reminder_rules:edit", args=[rule.pk])).content.decode()

    assert 'name="number" value="3"' in page
    assert '<option value="1440" selected>ngày</option>' in page


def test_form_switches_a_rule_off(as_monitor, rule):
    save(as_monitor, rule, number=3, unit=1440, enabled="")

    assert list(ReminderRule.objects.values_list("lead_minutes", "enabled")) == [(4320, False)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"number": 61, "unit": 1440}, "Chỉ nhắc trước nhiều nhất 60 ngày."),
        ({"number": -1}, "Giá trị này không được nhỏ hơn 0."),
        ({"number": ""}, "Anh/chị cần điền mục này."),
        ({"unit": 7}, "7 không có trong các lựa chọn."),
    ],
)
def test_form_with_a_senseless_lead_time_says_so_and_saves_nothing(as_monitor, rule, fields, told):
    response = save(as_monitor, rule, **fields)

    assert told in response.content.decode()
    assert ReminderRule.objects.get().lead_minutes == 4320


def test_rules_are_no_business_of_a_coordinator(as_coordinator, rule):
    assert as_coordinator.get(reverse("reminder_rules:index")).status_code == 302
    assert save(as_coordinator, rule).status_code in {200, 404}
    assert ReminderRule.objects.get().lead_minutes == 4320
