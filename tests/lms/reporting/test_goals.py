"""What a place is compared with, and when it is done."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.enums import Cadre
from lms.reporting.domain.goals import Goal
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.enums import TargetUse
from lms.reporting.models import CoverageTarget
from tests.factories.accounts import PostingFactory
from tests.factories.geography import make_map, unit
from tests.factories.reporting import ask_cadre, enrolled, set_target, table_of


def goals_of(table):
    rows = {row.unit.code: row for row in table.rows if row.unit}
    return {code: row.goal.people for code, row in rows.items()} | {"": table.total.goal.people}


# --- The threshold


@given(people=st.integers(0, 400), percent=st.integers(1, 100), completed=st.integers(0, 500))
def test_percentage_is_reached_with_so_many_people_and_not_with_one_less(
    people, percent, completed
):
    goal = Goal(people, Threshold(percent=percent))
    reached = goal.is_reached(completed=completed, fewest=None)
    assert reached == (people > 0 and completed * 100 >= percent * people)
    assert not people or reached == (completed >= goal.wanted(communes=3))


@pytest.mark.parametrize(
    ("fewest", "is_reached"), [(None, False), (1, False), (2, True), (3, True)]
)
def test_so_many_in_each_commune_are_asked_of_the_one_with_the_fewest(fewest, is_reached):
    goal = Goal(20, Threshold(each_commune=2))
    assert goal.is_reached(completed=40, fewest=fewest) == is_reached
    assert (goal.wanted(communes=1), goal.wanted(communes=9)) == (2, None)


# --- Which target


def test_without_targets_whoever_should_be_trained_is_the_goal_and_all_must_complete(
    world, monitor
):
    enrolled(world, "350", "13384", completed=True)
    PostingFactory(unit=unit("13387"))
    table = table_of(world, monitor)
    assert table.target_use == TargetUse.NONE_SET
    assert goals_of(table) == {"350": 2, "353": 0, "": 2}
    assert (table.total.communes_done, [row.is_done for row in table.rows]) == (1, [False, False])


def test_target_of_another_cadre_is_not_said_to_be_none(world, monitor, as_monitor):
    enrolled(world, "350", "13384")
    set_target(world, "350", cadre=Cadre.COMMUNE_OFFICER, people=9, percent=80)
    assert table_of(world, monitor).target_use == TargetUse.OTHER_CADRES
    other_cadres = as_monitor.get(reverse("reporting:completion")).context["compared_with"]
    CoverageTarget.objects.all().delete()
    none_set = as_monitor.get(reverse("reporting:completion")).context["compared_with"]
    assert other_cadres != none_set


def test_own_target_comes_first_then_those_of_the_communes_then_the_posts(world, monitor):
    for code in ("13384", "13384", "13387", "13591"):
        enrolled(world, "350", code, completed=True)
    set_target(world, "13384", people=5, percent=40)
    set_target(world, "353", people=7, percent=100)
    table = table_of(world, monitor)
    assert table.target_use == TargetUse.SET
    assert goals_of(table) == {"350": 5 + 1, "353": 7, "": 13}
    assert [place.goal.people for place in table.places] == [5, 1, 1, 0]
    # Of 5 people 40 % are 2; everybody of the next commune; the district is asked for all six.
    assert [row.communes_done for row in table.rows] == [2, 1]
    assert not any(row.is_done for row in table.rows)


def test_threshold_of_the_province_holds_below_and_its_number_for_the_whole(world, monitor):
    for commune, completed in (("13384", True), ("13387", False), ("13591", True)):
        enrolled(world, "350", commune, completed=completed)
    set_target(world, "35", people=100, percent=50)
    table = table_of(world, monitor)
    assert goals_of(table) == {"350": 2, "353": 1, "": 100}
    assert [row.is_done for row in table.rows] == [True, True]
    assert (table.total.is_done, table.total.communes_done) == (False, 2)


def test_both_officers_of_each_commune(world, monitor):
    set_target(world, "350", each_commune=2)
    for code in ("13384", "13384", "13387"):
        enrolled(world, "350", code, completed=True)
    kim_bang = table_of(world, monitor).rows[0]
    assert (kim_bang.is_done, kim_bang.communes_done, kim_bang.fewest) == (False, 1, 1)
    enrolled(world, "350", "13387", completed=True)
    assert table_of(world, monitor).rows[0].is_done


def test_number_of_a_whole_is_not_asked_of_whoever_oversees_a_part(world, coordinator):
    set_target(world, "35", people=100, percent=50)
    set_target(world, "350", people=10, percent=50)
    enrolled(world, "350", "13384", completed=True)
    table = table_of(world, coordinator)
    assert goals_of(table) == {"13384": 1, "13387": 0, "": 10}


def test_targets_by_cadre_are_summed_when_each_cadre_has_one(world, monitor):
    ask_cadre(world)
    enrolled(world, "350", "13384")
    set_target(world, "350", cadre=Cadre.COLLABORATOR, people=10, percent=80)
    assert goals_of(table_of(world, monitor))["350"] == 1
    assert goals_of(table_of(world, monitor, cadres=[Cadre.COLLABORATOR]))["350"] == 10
    set_target(world, "350", cadre=Cadre.COMMUNE_OFFICER, people=4, percent=80)
    assert goals_of(table_of(world, monitor))["350"] == 14
    assert table_of(world, monitor).rows[0].goal.threshold == Threshold(percent=80)
    CoverageTarget.objects.filter(cadre=Cadre.COMMUNE_OFFICER).update(people=None, percent=90)
    goal = table_of(world, monitor).rows[0].goal
    assert (goal.people, goal.threshold) == (1, Threshold(percent=100))


def test_on_another_map_there_are_no_targets(world, monitor):
    later = make_map("2020-01-01")
    set_target(world, "350", people=10, percent=80)
    enrolled(world, "350", "13384")
    table = table_of(world, monitor, edition=later)
    assert (table.target_use, goals_of(table)[""]) == (TargetUse.ELSEWHERE, 1)
