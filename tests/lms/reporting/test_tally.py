"""Kept figures: read where they hold, counted anew where something changed, never lost."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.timezone import localdate

from courses.enums import RunStatus
from courses.models import CourseRun, Programme, ProgrammeRequirement
from lms.accounts.enums import Cadre, Role, Sex
from lms.accounts.models import Posting, User
from lms.accounts.models.scope import UnitScope
from lms.reporting.domain import queries, tally_keeping, tally_reading
from lms.reporting.domain.counting import count_by_unit
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.tally_keeping import find_differences, update_tallies
from lms.reporting.domain.tally_reading import count_figures
from lms.reporting.enums import PersonState
from lms.reporting.extensions import report_columns
from lms.reporting.models import CompletionTally, TallyDue, TallyState
from lms.reporting.tasks import update_tallies_task
from tests.factories.accounts import PostingFactory, UserFactory, assign_role, make_official
from tests.factories.courses import (
    EnrolmentFactory,
    ProgrammeFactory,
    make_course,
    make_run,
)
from tests.factories.geography import unit
from tests.factories.reporting import also_in, ask_cadre, enrolled, put_off
from tests.lms.reporting.test_counting import TODAY, Papers
from tests.shared import shared

on_sqlite_too = pytest.mark.sqlite("triggers: of its own kind")


@shared
def kept(world):
    """A world of four people, its figures kept as of today."""
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13384")
    enrolled(world, "353", "13591")
    PostingFactory(unit=unit("13588"))
    update_tallies(on=TODAY)
    return world


def plain(figures):
    """Figures without those that are nought."""
    for one in figures.values():
        one.extra = {key: figure for key, figure in one.extra.items() if figure}
    return {unit: one for unit, one in figures.items() if one.people or one.extra}


def read(world, reader, on=TODAY, **more):
    return plain(count_figures(programme=world.programme, on=on, reader=reader, **more))


def counted(world, reader, on=TODAY, **more):
    return plain(count_by_unit(programme=world.programme, on=on, reader=reader, **more))


def overstate() -> None:
    """Make every kept figure wrong: whatever is right now was counted of the rows."""
    CompletionTally.objects.update(people=1000)


def people_in(figures) -> dict[str, int]:
    codes = {unit(code).pk: code for code in ("13384", "13387", "13591", "13588", "350")}
    return {codes[pk]: one.people for pk, one in figures.items() if one.people}


@on_sqlite_too
def test_kept_figures_are_those_counted_and_read_in_two_queries(
    kept, monitor, coordinator, django_assert_num_queries
):
    assert not TallyDue.objects.exists()
    assert monitor.scope
    with django_assert_num_queries(2):
        read(kept, monitor)
    for reader in (monitor, coordinator):
        assert read(kept, reader) == counted(kept, reader) != {}
        for cadres in (Cadre.COLLABORATOR,), (Cadre.COMMUNE_OFFICER,):
            assert read(kept, reader, cadres=cadres) == counted(kept, reader, cadres=cadres)


@on_sqlite_too
def test_only_units_that_changed_are_counted_of_the_rows(kept, monitor):
    overstate()
    PostingFactory(unit=unit("13588"))

    assert people_in(read(kept, monitor)) == {"13384": 2000, "13591": 1000, "13588": 2}


@on_sqlite_too
def test_what_changed_elsewhere_leaves_the_figures_of_an_area(
    kept, monitor, coordinator, monkeypatch
):
    monkeypatch.setattr(tally_reading, "MOST_STALE", 1)
    overstate()
    for code in ("13387", "13588", "13591"):
        PostingFactory(unit=unit(code))

    for reader, asked in ((monitor, {"parent": unit("350")}), (coordinator, {})):
        assert people_in(read(kept, reader, **asked)) == {"13384": 2000, "13387": 1}


@on_sqlite_too
@pytest.mark.parametrize(
    "change",
    [
        lambda world: User.objects.filter(postings__unit=unit("13384")).update(sex=Sex.MALE),
        lambda world: Posting.objects.filter(unit=unit("13384")).delete(),
        lambda world: CourseRun.objects.filter(pk=world.runs["350"].pk).update(
            status=RunStatus.CLOSED
        ),
        lambda world: world.runs["350"].enrolments.update(unit=unit("13387")),
        lambda world: put_off(world, "350"),
        lambda world: world.programme.requirements.update(cadre=Cadre.COMMUNE_OFFICER),
        lambda world: ProgrammeRequirement.objects.all().delete(),
    ],
)
def test_each_change_is_noted_and_told_at_once_and_counted_later(kept, monitor, change):
    change(kept)

    assert read(kept, monitor) == counted(kept, monitor)
    assert TallyDue.objects.exists()
    update_tallies(on=TODAY)
    assert not TallyDue.objects.exists()
    assert list(find_differences(on=TODAY)) == []
    assert read(kept, monitor) == counted(kept, monitor)


@on_sqlite_too
def test_what_changes_nothing_counted_is_not_noted(kept):
    User.objects.update(full_name="Tên khác", sex="")
    CourseRun.objects.update(place="Nhà văn hoá")

    assert not TallyDue.objects.exists()


@on_sqlite_too
def test_class_begins_and_posts_end_without_anybody_counting(kept, monitor):
    put_off(kept, "353")
    Posting.objects.filter(unit=unit("13588")).update(valid_to=TODAY + timedelta(days=3))
    PostingFactory(unit=unit("13387"), valid_from=TODAY + timedelta(days=5))
    update_tallies(on=TODAY)
    # Each day on which something begins or ends, that before and that after.
    for days in (*range(3, 7), *range(8, 11)):
        day = TODAY + timedelta(days=days)
        assert read(kept, monitor, on=day) == counted(kept, monitor, on=day), day

    later = TODAY + timedelta(days=15)
    assert update_tallies(on=later)
    assert not update_tallies(on=later)
    overstate()
    assert people_in(read(kept, monitor, on=later)) == {"13384": 2000, "13591": 1000, "13387": 1000}
    # Of a day before they were counted, they are counted of the rows.
    assert people_in(read(kept, monitor)) == {"13384": 2, "13591": 1, "13588": 1}


@on_sqlite_too
def test_no_day_is_kept_of_whoever_learns_and_waits_for_another_class(kept):
    learner = kept.runs["350"].enrolments.get(completed_at=None)
    later = put_off(kept, "353")
    also_in(learner, later)
    update_tallies(on=TODAY)

    days = {
        state: set(CompletionTally.objects.filter(state=state).values_list("day", flat=True))
        for state in (PersonState.LEARNING, PersonState.TO_COME)
    }
    assert days == {PersonState.LEARNING: {None}, PersonState.TO_COME: {later.starts_on}}


def test_cadre_or_course_that_is_not_asked_has_nobody(kept, monitor, everywhere):
    """Where figures have changed, and where another course is asked alone."""
    of_course = {"narrowing": Narrowing(course_id=make_course("khac").pk)}
    assert read(kept, monitor, **of_course) == counted(kept, monitor, **of_course) == {}
    PostingFactory(unit=unit("13588"), cadre=Cadre.COMMUNE_OFFICER)
    for reader in (monitor, everywhere):
        assert read(kept, reader, cadres=[Cadre.COMMUNE_OFFICER]) == {}


@on_sqlite_too
def test_class_of_another_course_tells_nothing_of_the_only_one_that_is_asked(kept, monitor):
    """Neither where it is kept how far people are, nor where that has changed; of all courses it tells."""
    of_course = {"narrowing": Narrowing(course_id=kept.course.pk)}
    run = make_run(make_course("khac"), unit("353"))
    where = unit("13588")
    post = Posting.objects.get(unit=where)
    before = read(kept, monitor, **of_course)
    EnrolmentFactory(user=post.user, run=run, unit=where, posting=post)
    for _ in range(2):
        assert read(kept, monitor, **of_course) == counted(kept, monitor, **of_course) == before
        assert read(kept, monitor)[where.pk].learning == 1
        update_tallies(on=TODAY)
    assert before[where.pk].no_class == 1


def test_what_kept_figures_do_not_tell_is_counted_of_the_rows(kept, monitor, monkeypatch):
    """Several cadres at once, a column that says nothing of its tables, and many changes."""
    overstate()
    both = [Cadre.COLLABORATOR, Cadre.COMMUNE_OFFICER]
    assert people_in(read(kept, monitor, cadres=both))["13588"] == 1
    with monkeypatch.context() as beside:
        beside.setitem(report_columns._entries, Papers.key, Papers())
        assert people_in(read(kept, monitor))["13588"] == 1
    PostingFactory(unit=unit("13588"))
    assert people_in(read(kept, monitor))["13384"] == 2000
    monkeypatch.setattr(tally_reading, "MOST_STALE", 0)
    assert people_in(read(kept, monitor))["13384"] == 2


@on_sqlite_too
def test_killed_half_way_nothing_is_lost(kept, monitor, monkeypatch):
    PostingFactory(unit=unit("13588"))
    noted = TallyDue.objects.count()

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(tally_keeping.TallyLimit.objects, "bulk_create", die)
    with pytest.raises(KeyboardInterrupt):
        update_tallies(on=TODAY)
    monkeypatch.undo()

    assert TallyDue.objects.count() == noted
    assert people_in(read(kept, monitor))["13588"] == 2
    update_tallies(on=TODAY)
    assert list(find_differences(on=TODAY)) == []


@on_sqlite_too
def test_change_that_comes_while_it_is_counted_is_counted_once_more(kept, monkeypatch):
    PostingFactory(unit=unit("13588"))
    count_cells = tally_keeping.count_cells

    def count_and_let_somebody_come(**asked):
        cells = count_cells(**asked)
        monkeypatch.undo()
        PostingFactory(unit=unit("13384"))
        return cells

    monkeypatch.setattr(tally_keeping, "count_cells", count_and_let_somebody_come)
    update_tallies(on=TODAY)

    assert not TallyDue.objects.exists()
    assert list(find_differences(on=TODAY)) == []


def test_command_tells_and_mends_what_is_wrong(kept, capsys):
    update_tallies(on=localdate())
    call_command("rebuild_tally", "--check")
    overstate()
    with pytest.raises(CommandError):
        call_command("rebuild_tally", "--check")
    assert "wrong" in capsys.readouterr().out

    call_command("rebuild_tally")
    call_command("rebuild_tally", "--check")


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="tells PostgreSQL how many rows there are"
)
def test_whoever_counts_all_tells_the_database_how_many_rows_there_are(kept):
    def told():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT stadistinct FROM pg_statistic WHERE starelid = %s::regclass",
                [CompletionTally._meta.db_table],
            )
            return len(cursor.fetchall())

    with connection.cursor() as cursor:
        for model in tally_keeping.KEPT:
            cursor.execute(
                "DELETE FROM pg_statistic WHERE starelid = %s::regclass", [model._meta.db_table]
            )
    PostingFactory(unit=unit("13588"))
    update_tallies(on=TODAY)
    assert not told()
    TallyDue.objects.create(programme_id=kept.programme.pk)
    update_tallies(on=TODAY)
    assert told()


def test_tick_keeps_a_programme_that_is_new(kept):
    new: Programme = ProgrammeFactory(code="moi", edition=kept.programme.edition)
    assert not TallyState.objects.filter(programme=new).exists()

    update_tallies_task()

    assert TallyState.objects.filter(programme=new).exists()


@on_sqlite_too
def test_wrong_figure_of_a_unit_that_is_noted_is_no_fault(kept):
    overstate()
    PostingFactory(unit=unit("13384"))
    found = find_differences(on=TODAY)
    assert {one.cell[0] for one in found if one.kept_in is CompletionTally} == {
        unit("13591").pk,
        unit("13588").pk,
    }


@on_sqlite_too
def test_person_of_two_cadres_counts_once_and_for_each_cadre_alone(kept, monitor):
    ask_cadre(kept)
    person = PostingFactory(unit=unit("13588"), cadre=Cadre.COLLABORATOR).user
    PostingFactory(user=person, unit=unit("13588"), cadre=Cadre.COMMUNE_OFFICER)
    update_tallies(on=TODAY)
    for cadres in (None, (Cadre.COLLABORATOR,), (Cadre.COMMUNE_OFFICER,)):
        assert read(kept, monitor, cadres=cadres) == counted(kept, monitor, cadres=cadres)


@on_sqlite_too
@pytest.mark.parametrize(
    "codes", [("350",), ("13384", "353"), ("13384", "13387", "13588", "13591")]
)
@pytest.mark.parametrize("named", [queries.MOST_NAMED, 0])
def test_whoever_oversees_few_units_or_many_is_told_of_all_of_them(kept, codes, monkeypatch, named):
    monkeypatch.setattr(queries, "OVERSEEN", 2)
    monkeypatch.setattr(queries, "MOST_NAMED", named)
    several = make_official(Role.COORDINATOR, codes[0])
    for code in codes[1:]:
        assign_role(user=several, role=Role.COORDINATOR, unit=unit(code))
    several = User.objects.get(pk=several.pk)

    assert read(kept, several) == counted(kept, several) != {}
    for code in ("13384", "13591"):
        PostingFactory(unit=unit(code))
        assert read(kept, several) == counted(kept, several)


@on_sqlite_too
def test_those_who_oversee_hundreds_of_units_together_are_told_of_them(kept):
    """As whoever is reminded of a week: SQLite takes no thousand conditions beside each other."""
    here, scattered = unit("13384"), UserFactory()
    units = (f"{here.path[:-4]}{number:04d}" for number in range(5000, 6200))
    paths = (*units, here.path)
    scattered.scope = UnitScope(assignments=tuple((Role.COORDINATOR, path) for path in paths))
    PostingFactory(unit=unit("13384"))

    assert [*read(kept, scattered)] == [here.pk]
