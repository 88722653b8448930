"""Targets of a programme: how a threshold is read, what may be set, and by whom."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lms.accounts.enums import Cadre
from lms.reporting.domain.thresholds import Threshold, read_threshold
from lms.reporting.forms import CoverageTargetForm
from lms.reporting.models import CoverageTarget
from tests.factories.courses import ProgrammeFactory
from tests.factories.geography import make_map, unit
from tests.factories.reporting import set_target
from tests.refusing import raises_refusal


@pytest.mark.parametrize(
    ("text", "percent", "each_commune"),
    [
        ("80 %", 80, None), ("80%", 80, None), ("80", 80, None), ("0.8", 80, None),
        ("0,85", 85, None), ("1", 100, None), ("80 phần trăm", 80, None),
        ("2 người mỗi xã", None, 2), ("Mỗi xã 2 cán bộ", None, 2), ("1 xã 2 CB", None, 2),
        ("3 CB/xã", None, 3), ("cả hai cán bộ của xã", None, 2),
        ("2 people in each commune", None, 2), ("both officers of a commune", None, 2),
    ],
)  # fmt: skip
def test_threshold_is_read_as_offices_write_it(text, percent, each_commune):
    assert read_threshold(text=text) == Threshold(percent, each_commune)


@pytest.mark.parametrize(
    "text",
    ["0", "0 %", "101 %", "80 % số xã", "đạt", "0 người mỗi xã", "12.345", "2 đến 3 người/xã"],
)
def test_what_is_no_threshold_is_refused(text):
    with raises_refusal("threshold_unclear"):
        read_threshold(text=text)


@pytest.mark.parametrize("written", [Threshold(80), Threshold(each_commune=2)])
def test_threshold_reads_what_it_says_itself(written):
    assert read_threshold(text=str(written)) == written


# --- In the admin ----------------------------------------------------------------------


def add(client, world, code="350", **said):
    data = {
        "programme": world.programme.pk,
        "unit": unit(code).pk,
        "cadre": Cadre.COLLABORATOR.value,
        "people": "40",
        "percent": "80",
        "each_commune": "",
    }
    return client.post(reverse("coverage-targets:add"), data | said)


def codes_of(answer):
    found = answer.context["form"].errors.as_data()
    return {field: [error.code for error in errors] for field, errors in found.items()}


def test_who_plans_sets_a_target_and_its_history_tells(world, as_monitor, monitor):
    answer = add(as_monitor, world)

    assert answer.status_code == 302
    target = CoverageTarget.objects.get()
    assert (target.people, target.percent, target.each_commune) == (40, 80, None)
    page = as_monitor.get(reverse("coverage-targets:history", args=[target.pk]))
    assert page.status_code == 200
    assert monitor.full_name in page.text


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"percent": ""}, "percent", "threshold_missing"),
        ({"each_commune": "2"}, "each_commune", "threshold_twice"),
        ({"percent": "", "each_commune": "41"}, "people", "fewer_than_threshold"),
        ({"cadre": Cadre.DISTRICT_OFFICER.value}, "cadre", "cadre_not_trained"),
        ({"percent": "101"}, "percent", "max_value"),
        ({"people": "0"}, "people", "min_value"),
    ],
)
def test_what_no_target_may_ask_is_refused(world, as_monitor, said, field, code):
    assert codes_of(add(as_monitor, world, **said)) == {field: [code]}
    assert not CoverageTarget.objects.exists()


def test_second_target_of_a_unit_and_cadre_is_refused(world, as_monitor):
    add(as_monitor, world)

    answer = add(as_monitor, world, percent="90")

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert CoverageTarget.objects.get().percent == 80


def test_unit_of_another_map_is_refused(world, as_monitor):
    other = ProgrammeFactory(code="du-an-3", edition=make_map("2025-07-01"))
    answer = add(as_monitor, world, programme=other.pk)

    assert codes_of(answer) == {"unit": ["unit_off_map"]}


def test_database_keeps_one_threshold(world):
    for wrong in ({}, {"percent": 80, "each_commune": 2}, {"percent": 0}, {"each_commune": 0}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            set_target(world, "350", **wrong)


def test_each_role_meets_the_targets_of_its_area_alone(world, coordinator, trainer, as_coordinator):
    for code in ("350", "353"):
        set_target(world, code, percent=80)

    assert [one.unit.code for one in CoverageTarget.objects.visible_to(coordinator)] == ["350"]
    assert not CoverageTarget.objects.manageable_by(coordinator).exists()
    assert not CoverageTarget.objects.visible_to(trainer).exists()
    assert add(as_coordinator, world).status_code == 302
    assert CoverageTarget.objects.count() == 2


@pytest.fixture
def target(world):
    return set_target(world, "350", cadre=Cadre.COLLABORATOR, people=40, percent=80)


def typed_into(page, **said):
    """What the browser sends of the form of this page, with these fields typed anew."""
    form = page.context["form"]
    return {one.html_name: "" if one.value() is None else one.value() for one in form} | said


def test_target_is_not_saved_over_what_somebody_else_has_saved(target, as_monitor):
    url = reverse("coverage-targets:edit", args=[target.pk])
    mine, theirs = as_monitor.get(url), as_monitor.get(url)
    assert as_monitor.post(url, typed_into(theirs, people="50")).status_code == 302

    answer = as_monitor.post(url, typed_into(mine, percent="90"))

    assert codes_of(answer) == {"__all__": ["changed_meanwhile"]}
    target.refresh_from_db()
    assert (target.people, target.percent) == (50, 80)
    # What was typed stays, and what somebody else has saved is told: to save once more is a decision.
    assert "50" in str(answer.context["form"].non_field_errors())
    assert as_monitor.post(url, typed_into(answer)).status_code == 302
    target.refresh_from_db()
    assert (target.people, target.percent) == (40, 90)


def test_target_that_somebody_else_has_deleted_is_not_made_again(target, as_monitor, monkeypatch):
    url = reverse("coverage-targets:edit", args=[target.pk])
    page = as_monitor.get(url)
    # Between finding the row and saving it.
    monkeypatch.setattr(CoverageTargetForm, "clean", _deleting(CoverageTargetForm.clean, target))

    answer = as_monitor.post(url, typed_into(page, people="50"))

    assert codes_of(answer) == {"__all__": ["changed_meanwhile"]}
    assert not CoverageTarget.objects.exists()


def _deleting(clean, target):
    def cleaned(form):
        CoverageTarget.objects.filter(pk=target.pk).delete()
        return clean(form)

    return cleaned
