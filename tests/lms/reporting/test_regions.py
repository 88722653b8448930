"""Rows of whole provinces and districts, read of kept sums: they tell what the whole table tells."""

from datetime import timedelta
from itertools import product

import pytest

from lms.accounts.enums import Cadre, Role, Sex
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role
from lms.geography.domain.areas import record_areas
from lms.geography.enums import Extent
from lms.geography.models import UnitSuccession
from lms.reporting.domain import region_figures
from lms.reporting.domain.narrowing import EVERYBODY, DayRange, Narrowing
from lms.reporting.domain.tables import completion_table, table_in_short
from lms.reporting.domain.tally_keeping import find_differences, rebuild_tally, update_tallies
from lms.reporting.enums import CountedAt
from lms.reporting.extensions import report_columns
from lms.reporting.models import CompletionTally, TallyState, TallySum
from tests.factories.accounts import PostingFactory, make_official
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.courses import make_run
from tests.factories.geography import add_province, make_map, unit
from tests.factories.reporting import (
    DONE_AT,
    also_in,
    ask_cadre,
    ask_course,
    asked_of,
    enrolled,
    put_off,
    set_target,
)
from tests.factories.rows import set_fields
from tests.lms.reporting.test_counting import TODAY, Papers
from tests.lms.reporting.test_recount import described, told
from tests.shared import shared

pytestmark = pytest.mark.sqlite("windows, parts of texts, triggers")
BEFORE = "2010-01-01"


@shared
def country(world):
    """Two provinces on the map, people in communes and offices of both, and some on a map before it."""
    add_province(world.programme.edition)
    ask_cadre(world)
    for district, commune in (("350", "13384"), ("350", "13387"), ("353", "13591")):
        enrolled(world, district, commune, completed=commune != "13387")
        enrolled(world, district, commune)
    put_off(world, "353")
    for code in ("13384", "13588", "13588", "13690", "350", "35"):
        PostingFactory(unit=unit(code), user__sex=Sex.FEMALE)
    PostingFactory(unit=unit("13591"), cadre=Cadre.COMMUNE_OFFICER)
    update_tallies(on=TODAY)
    return world


@pytest.fixture
def compare(country, everywhere):
    """Ask both ways and hold one against the other; return the short table."""

    def ask(*, is_short=True, reader=everywhere, on=TODAY, **more):
        asked = asked_of(country, reader, on=on, **more)
        short, whole = table_in_short(**asked), completion_table(**asked)
        assert bool(short.places) is (not is_short and bool(whole.places))
        assert described(short, on) == described(whole, on)
        for one, other in zip((*short.rows, short.total), (*whole.rows, whole.total), strict=True):
            assert told(one) == told(other)
            # What such a target alone asks for is looked for where there is one.
            asks_each = one.goal.threshold.each_commune is not None
            assert not asks_each or one.fewest == other.fewest
        return short

    return ask


VIEWS = (None, "35", "36")


@pytest.mark.parametrize("code", VIEWS)
@pytest.mark.parametrize("cadres", [None, [Cadre.COLLABORATOR], [Cadre.COMMUNE_OFFICER]])
def test_sums_tell_what_is_counted(compare, code, cadres):
    compare(parent=unit(code) if code else None, cadres=cadres)


@shared
def other_course(country):
    """A second course that collaborators must complete as well; one person has, another is late."""
    course = ask_course(country)
    run = make_run(course, unit("350"))
    for one in country.runs["350"].enrolments.order_by("pk")[:3]:
        also_in(one, run, unit=unit("13387"), status=one.status, completed_at=one.completed_at)
    update_tallies(on=TODAY)
    assert list(find_differences(on=TODAY)) == []
    return course


def test_sums_tell_of_one_course_what_is_counted(country, compare, other_course):
    of_courses = [Narrowing(course_id=one.pk) for one in (country.course, other_course)]
    asked = ({}, {"parent": unit("35")}, {"cadres": [Cadre.COLLABORATOR]})
    for narrowing, more in product((*of_courses, EVERYBODY), asked):
        compare(narrowing=narrowing, **more)
    enrolled(country, "350", "13387", completed=True)
    for more in asked:
        compare(narrowing=of_courses[-1], **more)


def test_one_course_is_all_where_no_other_is_asked(country, compare):
    compare(narrowing=Narrowing(course_id=country.course.pk))
    assert not CompletionTally.objects.exclude(course=0).exists()


def test_units_that_changed_are_set_right_and_sums_follow(country, compare):
    parents = [unit(code) if code else None for code in VIEWS]
    enrolled(country, "353", "13588", completed=True)
    PostingFactory(unit=unit("350"))
    PostingFactory(unit=unit("35"))
    country.runs["350"].enrolments.filter(unit=unit("13384")).delete()
    for parent, cadres in product(parents, (None, [Cadre.COLLABORATOR])):
        compare(parent=parent, cadres=cadres)

    update_tallies(on=TODAY)
    assert list(find_differences(on=TODAY)) == []
    for parent in parents:
        compare(parent=parent)


def test_sum_that_is_wrong_is_found(country):
    TallySum.objects.filter(unit=unit("35")).update(figure=1000)

    assert {one.kept_in for one in find_differences(on=TODAY)} == {TallySum}


@pytest.mark.parametrize("target", ["13384", "350", None])
def test_people_on_a_map_before_stand_where_their_unit_went(country, compare, monkeypatch, target):
    earlier = make_map(BEFORE)
    if target:
        UnitSuccession.objects.create(
            from_unit=unit("13384", BEFORE), to_unit=unit(target), extent=Extent.WHOLE
        )
    record_areas()
    for code in ("13384", "13588"):
        PostingFactory(unit=unit(code, BEFORE))
    for _ in range(2):
        compare()
        compare(parent=unit("35"))
        update_tallies(on=TODAY)
    PostingFactory(unit=unit(target or "13387"))
    PostingFactory(unit=unit("13384", BEFORE))
    found = compare()

    assert sum(row.figures.people for row in found.rows) == found.total.figures.people
    compare(edition=earlier)
    monkeypatch.setattr(region_figures, "MOST_STALE", 0)
    update_tallies(on=TODAY)
    compare()
    monkeypatch.setattr(region_figures, "MOST_MET", 0)
    compare(is_short=False)


@pytest.mark.parametrize("target", ["13588", "350", None])
@pytest.mark.parametrize("cadres", [None, [Cadre.COLLABORATOR]])
def test_certificate_counts_on_a_map_before_where_nobody_stands_any_more(
    country, compare, cadres, target
):
    """Of one who has another class elsewhere since."""
    make_map(BEFORE)
    if target:
        UnitSuccession.objects.create(
            from_unit=unit("13384", BEFORE), to_unit=unit(target), extent=Extent.WHOLE
        )
        record_areas()
    CertificateTemplateFactory()
    first = enrolled(country, "350", "13387", completed=True)
    set_fields(first, unit=unit("13384", BEFORE), enrolled_at=DONE_AT - timedelta(days=90))
    issued(first, at=DONE_AT)
    also_in(first, country.runs["353"], unit=unit("13591"), posting=None)
    update_tallies(on=TODAY)

    assert compare(cadres=cadres).total.figures.extra["certificates.issued"] == 1


TARGETS = (
    {"13384": {"people": 10, "percent": 50}, "350": {"percent": 30}},
    {"13588": {"people": 1, "percent": 100}, "35": {"people": 4, "percent": 80}},
    {"35": {"each_commune": 1}, "353": {"people": 2, "percent": 50}},
    {"13690": {"people": 1, "percent": 50}, "36": {"each_commune": 1}},
    # Of communes it is said when they are done, and not how many are wanted.
    {"13384": {"percent": 50}, "13588": {"each_commune": 1}, "350": {"people": 9, "percent": 90}},
)


@pytest.mark.parametrize("targets", TARGETS)
def test_targets_are_held_against_sums(country, compare, targets):
    for code, said in targets.items():
        set_target(country, code, **said)
    compare()
    compare(parent=unit("35"))
    enrolled(country, "350", "13387", completed=True)
    compare()


def completed_in(table, period):
    days = table.total.figures.days
    return sum(people for day, people in days.items() if period.holds(day))


def test_days_of_completion_are_told_as_far_back_as_they_are_kept(compare):
    for first, last in ((20, 5), (400, None), (None, 12), (3, 1)):
        days = [TODAY - timedelta(days=back) if back else None for back in (first, last)]
        period = DayRange(*days)
        narrowing = Narrowing(within=period)
        short = compare(narrowing=narrowing)
        assert completed_in(short, period) == (2 if (first or 99) > 11 and (last or 0) < 13 else 0)
    long_ago = DayRange(TODAY - timedelta(days=900))
    compare(narrowing=Narrowing(within=long_ago), is_short=False)


def test_what_sums_do_not_tell_is_counted(country, compare, coordinator, monkeypatch):
    compare(is_short=False, counted_at=CountedAt.NOW)
    compare(is_short=False, narrowing=Narrowing(sex=Sex.FEMALE))
    compare(is_short=False, cadres=[Cadre.COLLABORATOR, Cadre.COMMUNE_OFFICER])
    compare(is_short=False, reader=coordinator)
    compare(is_short=False, parent=unit("350"))
    compare(is_short=False, on=TODAY - timedelta(days=1))
    PostingFactory(unit=unit("13387"))
    monkeypatch.setattr(region_figures, "MOST_STALE", 0)
    compare(is_short=False)
    monkeypatch.undo()
    monkeypatch.setitem(report_columns._entries, Papers.key, Papers())
    compare(is_short=False)


def test_whoever_oversees_one_province_sees_that_alone(compare):
    for code in ("35", "36"):
        table = compare(reader=make_official(Role.MONITOR, code))
        assert {row.unit.path[:4] for row in table.rows if row.unit} == {unit(code).path}


def test_part_of_another_province_is_counted(compare):
    reader = make_official(Role.MONITOR, "35")
    assign_role(user=reader, role=Role.COORDINATOR, unit=unit("358"))
    reader = User.objects.get(pk=reader.pk)

    compare(reader=reader, is_short=False)
    compare(reader=reader, edition=make_map("2020-01-01"), is_short=False)


def test_whoever_oversees_all_districts_of_a_province_sees_nothing_of_its_office(compare):
    reader = make_official(Role.MONITOR, "35")
    assign_role(user=reader, role=Role.COORDINATOR, unit=unit("358"))
    for code in ("36", "358"):
        PostingFactory(unit=unit(code))
    update_tallies(on=TODAY)

    table = compare(reader=User.objects.get(pk=reader.pk), parent=unit("36"), is_short=False)

    assert [(row.unit.code, row.figures.people) for row in table.rows] == [("358", 2)]


def test_sums_take_the_same_queries_for_few_and_many(
    country, everywhere, django_assert_num_queries
):
    asked = asked_of(country, everywhere)
    for _ in range(2):
        assert everywhere.scope
        with django_assert_num_queries(7):
            table_in_short(**asked)
        for code in ("13384", "13588", "13690"):
            PostingFactory(unit=unit(code))
        update_tallies(on=TODAY)


def test_sums_are_read_once_until_any_figure_is_counted_anew(
    country, everywhere, django_assert_num_queries
):
    asked = asked_of(country, everywhere)
    known = described(table_in_short(**asked), TODAY)

    with django_assert_num_queries(4):
        assert described(table_in_short(**asked), TODAY) == known
    PostingFactory(unit=unit("13384"))
    counted_anew = described(table_in_short(**asked), TODAY)
    assert counted_anew != known
    update_tallies(on=TODAY)
    with django_assert_num_queries(7):
        assert described(table_in_short(**asked), TODAY) == counted_anew


def test_sums_that_are_remembered_stay_as_they_are(compare, country):
    for _ in range(3):
        PostingFactory(unit=unit("13384"))
        enrolled(country, "353", "13591", completed=True)
        for parent in (None, unit("35")):
            compare(parent=parent)


def test_latest_commune_that_has_changed_is_looked_for_anew(compare, country):
    """And of the others what is known holds: of a region where another one changed, and of one where none did."""
    remembered = compare()
    latest = [row.latest.unit for row in remembered.rows if row.latest]
    assert latest

    for there in latest:
        for _ in range(4):
            enrolled(country, "350", "13384", completed=True)
            PostingFactory(unit=there)
        compare()
    PostingFactory(unit=unit("13693"))
    compare()


def test_sums_of_another_day_or_period_are_others(compare, country):
    for on in (TODAY, TODAY + timedelta(days=8)):
        for within in (None, DayRange(TODAY - timedelta(days=3), TODAY)):
            compare(on=on, narrowing=Narrowing(within=within))


def test_whoever_counts_anew_gives_the_figures_a_version_of_their_own(country):
    versions = set()
    for _ in range(2):
        rebuild_tally(programme=country.programme, on=TODAY)
        versions.add(TallyState.objects.get(programme=country.programme).version)
        PostingFactory(unit=unit("13384"))
        update_tallies(on=TODAY)
        versions.add(TallyState.objects.get(programme=country.programme).version)

    assert len(versions) == 4
