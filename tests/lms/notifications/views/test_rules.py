from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from courses.enums import RunStatus
from lms.accounts.enums import Role
from lms.notifications.domain.switching import SWITCH_ACTION
from lms.notifications.extensions import PlannedReminder
from lms.notifications.labels import audience_facts, audience_label, way_label
from lms.notifications.models import ReminderRule
from tests.factories.accounts import PostingFactory, log_in
from tests.factories.attendance import make_class
from tests.factories.geography import unit
from tests.factories.notifications import ReminderRuleFactory
from tests.reading import error_codes, html_of
from tests.shared import shared

pytestmark = pytest.mark.usefixtures("kind")


@shared
def rule(db):
    return ReminderRuleFactory(lead_minutes=3 * 24 * 60)


def save(client, rule, **fields):
    data = {"number": 2, "unit_of_time": 60, "repeat_times": 0, "repeat_days": 1} | fields
    return client.post(reverse("reminder_rules:edit", args=[rule.pk]), data, follow=True)


def test_list_tells_the_lead_time_as_people_say_it_and_a_kind_that_is_gone_by_its_key(as_monitor):
    leads = {"gone.days": 4320, "gone.hours": 180, "gone.minutes": 90, "gone.none": 0}
    for kind, minutes in leads.items():
        ReminderRuleFactory(kind=kind, lead_minutes=minutes)

    page = BeautifulSoup(html_of(as_monitor.get(reverse("reminder_rules:index"))), "html.parser")

    rows = {kind: row.text for row in page.select("tbody tr") for kind in leads if kind in row.text}
    said = zip(("3 ngày", "3 giờ", "90 phút", "ngay"), leads, strict=True)
    assert all(told in rows[kind] for told, kind in said)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MONITOR])
def test_form_saves_hours_as_minutes(edition, rule, role):
    response = save(log_in(role, "35"), rule, number=36, unit_of_time=60)

    assert response.status_code == 200
    rule.refresh_from_db()
    assert (rule.lead_minutes, rule.enabled) == (36 * 60, True)


def test_form_shows_the_stored_lead_time(as_monitor, rule):
    page = html_of(as_monitor.get(reverse("reminder_rules:edit", args=[rule.pk])))

    assert 'name="number" value="3"' in page
    assert '<option value="1440" selected>ngày</option>' in page


def switch(client, rule, to):
    return client.post(reverse("reminder_rules:preview", args=[rule.pk]), {to: "1"}, follow=True)


def test_rule_is_switched_off_and_on_from_its_preview(as_monitor, rule):
    switch(as_monitor, rule, "off")
    assert not ReminderRule.objects.get().enabled

    switch(as_monitor, rule, "on")
    assert ReminderRule.objects.get().enabled
    assert ModelLogEntry.objects.filter(action=SWITCH_ACTION).count() == 2


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"number": 61, "unit_of_time": 1440}, {"number": ["too_long"]}),
        ({"number": -1}, {"number": ["min_value"]}),
        ({"number": ""}, {"number": ["required"]}),
        ({"unit_of_time": 7}, {"unit_of_time": ["invalid_choice"]}),
    ],
)
def test_form_with_a_senseless_lead_time_says_so_and_saves_nothing(as_monitor, rule, fields, told):
    response = save(as_monitor, rule, **fields)

    assert error_codes(response.context["form"]) == told
    assert ReminderRule.objects.get().lead_minutes == 4320


def test_coordinator_looks_at_a_rule_of_the_province_and_changes_nothing(as_coordinator, rule):
    assert as_coordinator.get(reverse("reminder_rules:preview", args=[rule.pk])).status_code == 200
    save(as_coordinator, rule)
    assert switch(as_coordinator, rule, "off").redirect_chain

    rule.refresh_from_db()
    assert (rule.lead_minutes, rule.enabled) == (4320, True)


def test_trainer_does_not_meet_rules(as_trainer, rule):
    assert as_trainer.get(reverse("reminder_rules:index")).status_code == 302
    assert as_trainer.get(reverse("reminder_rules:preview", args=[rule.pk])).status_code == 302


def new(client, **fields):
    data = {"kind": "tests.note", "number": 1, "unit_of_time": 1440} | fields
    data = {"repeat_times": 0, "repeat_days": 1} | data
    return client.post(reverse("reminder_rules:add"), data, follow=True)


def test_coordinator_writes_a_rule_for_the_own_district_which_is_off_at_first(
    as_coordinator, edition
):
    new(as_coordinator)
    new(as_coordinator, unit=unit("353").pk)
    assert not ReminderRule.objects.exists()

    new(as_coordinator, unit=unit("350").pk, subject_vi="Mời {name} đi học", ways=["email"])

    rule = ReminderRule.objects.get()
    assert (rule.unit, rule.enabled, rule.shipped_as) == (unit("350"), False, None)
    assert (rule.subject_vi, rule.ways) == ("Mời {name} đi học", ["email"])


def test_text_that_names_what_nobody_gives_is_refused_beside_its_field(as_monitor, edition):
    response = new(as_monitor, body_vi="Chào {ten}")

    assert response.context["form"].errors.as_data()["body_vi"][0].code == "unknown_placeholder"
    assert not ReminderRule.objects.exists()


def test_preview_shows_real_people_and_saves_nothing(as_monitor, rule, kind):
    person = PostingFactory(unit=unit("13387"), user__email="an@example.vn").user
    due = timezone.now() + timedelta(minutes=1)
    kind.planned = [PlannedReminder("tests.note:1", person.pk, due, due + timedelta(days=1))]
    url = reverse("reminder_rules:edit", args=[rule.pk])
    fields = {"number": 1, "unit_of_time": 1440, "repeat_times": 0, "repeat_days": 1}

    page = as_monitor.post(url, {**fields, "subject_vi": "Mời {name}", "preview": "1"})

    assert f"Mời {person.full_name}" in html_of(page)
    rule.refresh_from_db()
    assert rule.subject_vi == ""

    wrong = as_monitor.post(url, {**fields, "subject_vi": "Mời {ai}", "preview": "1"})
    assert "found" not in wrong.context
    assert as_monitor.get(url).status_code == 200


def test_page_and_list_say_to_whom_and_by_which_ways_alone(as_monitor, edition):
    run = make_class("350", title="Lớp Kim Bảng")
    rule = ReminderRuleFactory(about={"class": [run.pk]}, cadres=["commune_officer"], ways=["sms"])

    facts = [text for _label, text in audience_facts(rule)]

    assert facts[2:] == ["Lớp Kim Bảng", way_label("sms")]
    assert len(facts) == 4
    page = html_of(as_monitor.get(reverse("reminder_rules:preview", args=[rule.pk])))
    assert "Lớp Kim Bảng" in page
    assert audience_label(rule) not in (audience_label(ReminderRule()), "")
    assert audience_label(ReminderRule(unit=unit("350"))) == str(unit("350"))


def test_rule_for_a_class_that_was_cancelled_does_not_widen_to_everybody(as_monitor, edition):
    run = make_class("350", title="Lớp Kim Bảng", status=RunStatus.CANCELLED)
    rule = ReminderRuleFactory(about={"class": [run.pk]})
    form = as_monitor.get(reverse("reminder_rules:edit", args=[rule.pk])).context["form"]
    assert form.initial["about_class"] == [run.pk]

    save(as_monitor, rule, name="Nhắc lớp", about_class=[run.pk])

    rule.refresh_from_db()
    assert (rule.name, rule.about) == ("Nhắc lớp", {"class": [run.pk]})
