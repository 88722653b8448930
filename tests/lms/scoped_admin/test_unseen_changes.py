"""Rows within a form, such as the draws of a quiz: nobody saves them over what somebody else has saved."""

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from lms.accounts.enums import Cadre
from lms.accounts.register.domain.postings import PostingWrite, transfer, write_postings
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.notifications import ReminderRuleFactory
from tests.factories.reporting import make_world
from tests.factories.rows import set_fields
from tests.shared import shared

A_DAY = 24 * 60


@shared
def world(edition):
    return make_world(edition)


@pytest.fixture
def programme(world):
    return world.programme


@pytest.fixture
def url(programme):
    return reverse("programmes:edit", args=[programme.pk])


def typed_into(page, **said):
    """What the browser sends of the form of this page, with these fields typed anew."""
    form = page.context["form"]
    rows = [
        {one.name: one.value() for one in row if one.name != "DELETE"}
        for row in form.formsets["requirements"]
    ]
    values = {one.html_name: one.value() for one in form}
    days = {"starts_on": "01/01/2014", "ends_on": "31/12/2014"}
    listed = inline_formset(rows, initial=len(rows))
    return nested_form_data(values | days | {"requirements": listed} | said)


def codes_of(answer):
    return [error.code for error in answer.context["form"].non_field_errors().as_data()]


def change(client, url, page, **said):
    """Save what was typed, having seen the effect on the figures where there is one."""
    answer = client.post(url, typed_into(page, **said))
    seen = answer.context and answer.context.get("seen")
    return client.post(url, typed_into(page, seen=seen, **said)) if seen else answer


def test_long_text_is_told_from_where_it_differs(programme, url, as_administrator):
    long = "Dự án nâng cao năng lực cho đội ngũ cán bộ, cộng tác viên và tình nguyện viên"
    set_fields(programme, name=f"{long} năm 2014")
    page = as_administrator.get(url)
    set_fields(programme, name=f"{long} năm 2015")

    answer = change(as_administrator, url, page, name=f"{long} năm 2014 và sau đó")

    assert codes_of(answer) == ["changed_meanwhile"]
    assert "năm 2015" in str(answer.context["form"].non_field_errors())


def test_row_within_a_form_is_not_saved_over_what_somebody_else_has_saved(
    programme, url, as_administrator
):
    page = as_administrator.get(url)
    set_fields(programme.requirements.get(), cadre=Cadre.COMMUNE_OFFICER)

    answer = change(as_administrator, url, page, name="Another")

    assert codes_of(answer) == ["changed_meanwhile"]
    assert programme.requirements.get().cadre == Cadre.COMMUNE_OFFICER
    # What stands there now is told: to save once more is a decision.
    assert str(Cadre.COMMUNE_OFFICER.label) in str(answer.context["form"].non_field_errors())
    assert change(as_administrator, url, answer, name="Another").status_code == 302
    assert programme.requirements.get().cadre == Cadre.COLLABORATOR


def test_row_that_somebody_else_has_added_is_told(programme, world, url, as_administrator):
    page = as_administrator.get(url)
    row = {"course": world.course, "cadre": Cadre.COMMUNE_OFFICER}
    programme.requirements.model.objects.create(programme=programme, **row)

    answer = change(as_administrator, url, page, name="Another")
    assert codes_of(answer) == ["changed_meanwhile"]

    assert change(as_administrator, url, answer, name="Another").status_code == 302
    assert programme.requirements.model.objects.count() == 2


def test_row_that_somebody_else_has_removed_is_told(programme, url, as_administrator):
    page = as_administrator.get(url)
    programme.requirements.model.objects.all().delete()

    answer = change(as_administrator, url, page, name="Another")

    assert codes_of(answer) == ["changed_meanwhile"]
    assert not programme.requirements.model.objects.exists()


def test_form_with_rows_is_saved_as_it_was_opened(programme, url, as_administrator):
    page = as_administrator.get(url)
    assert page.context["form"]["row_seen"].value()
    assert change(as_administrator, url, page).status_code == 302
    assert change(as_administrator, url, as_administrator.get(url), name="X").status_code == 302


def moved(held):
    day = held.valid_from + timedelta(days=30)
    transfer(user=held.user, from_unit=held.unit, to_unit=unit("13591"), on=day, cadre=None)


def ended(held):
    write_postings(writes=[PostingWrite(ends=held, last_day=held.valid_from)])


def corrected(held):
    """Somebody puts right what was never so."""
    set_fields(held, unit=unit("13591"), valid_from=held.valid_from - timedelta(days=30))


@pytest.mark.parametrize("change", [moved, ended, corrected])
def test_post_that_somebody_else_has_changed_is_not_put_back(world, as_administrator, change):
    held = PostingFactory(unit=unit("13384"), cadre=Cadre.COLLABORATOR)
    url = reverse("wagtailusers_users:edit", args=[held.user_id])
    form = as_administrator.get(url).context["form"]
    change(held)
    posts = list(held.user.postings.order_by("pk").values())
    shown = {one.html_name: "" if one.value() is None else one.value() for one in form}

    answer = as_administrator.post(url, shown | {"full_name": "Lê Thị Bưởi"})

    assert posts == list(held.user.postings.order_by("pk").values())
    assert codes_of(answer) == ["changed_meanwhile"]
    told = str(answer.context["form"].non_field_errors())
    assert all(post["valid_to"] or unit("13591").name in told for post in posts)


def test_time_of_a_rule_that_somebody_else_has_changed_is_told(world, as_administrator):
    rule = ReminderRuleFactory(lead_minutes=2 * A_DAY)
    url = reverse("reminder_rules:edit", args=[rule.pk])
    form = as_administrator.get(url).context["form"]
    shown = {one.html_name: "" if one.value() is None else one.value() for one in form}
    set_fields(rule, lead_minutes=3 * A_DAY)

    answer = as_administrator.post(url, shown)

    assert codes_of(answer) == ["changed_meanwhile"]
    rule.refresh_from_db()
    assert rule.lead_minutes == 3 * A_DAY
