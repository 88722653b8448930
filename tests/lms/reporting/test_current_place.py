"""Counting people where they work today: the same people, elsewhere, and nobody more."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from courses.enums import EnrolmentStatus
from courses.models import ProgrammeRequirement
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import Posting
from lms.geography.enums import Extent
from lms.geography.models import UnitSuccession
from lms.reporting.domain.course_progress import find_person
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.tables import completion_table
from lms.reporting.enums import Beyond, CountedAt, NamesOf
from lms.reporting.extensions import report_columns
from tests.chance import fewer_examples
from tests.factories.accounts import PostingFactory
from tests.factories.courses import EnrolmentFactory, make_course
from tests.factories.geography import make_map, unit
from tests.factories.reporting import DONE_AT, enrolled, lines_of
from tests.factories.rows import set_fields
from tests.lms.reporting.test_counting import TODAY, Papers

on_sqlite_too = pytest.mark.sqlite("time: days and moments in sub-queries")

YESTERDAY = TODAY - timedelta(days=1)
COMMUNES = ("13384", "13387", "13591", "13588")
PLACES = ("350", *COMMUNES)
OFFICER = Cadre.COMMUNE_OFFICER
COLLABORATOR = Cadre.COLLABORATOR


def moved(enrolment, code, cadre=COLLABORATOR):
    """The post of the enrolment ends, one in another place begins."""
    leave(enrolment)
    return PostingFactory(user=enrolment.user, unit=unit(code), cadre=cadre, valid_from=TODAY)


def leave(enrolment):
    set_fields(enrolment.posting, valid_to=YESTERDAY)


def table_of(world, reader, code="", cadres=None, counted_at=CountedAt.NOW, edition=None):
    return completion_table(
        programme=world.programme,
        edition=edition or world.programme.edition,
        on=TODAY,
        reader=reader,
        parent=unit(code) if code else None,
        cadres=cadres,
        counted_at=counted_at,
    )


def names_in(world, reader, code, counted_at=CountedAt.NOW, cadres=None, where=NamesOf.AREA):
    lines = lines_of(
        programme=world.programme,
        edition=world.programme.edition,
        unit=unit(code),
        narrowing=Narrowing(where=where),
        on=TODAY,
        reader=reader,
        cadres=cadres,
        counted_at=counted_at,
    )
    return {line.user for line in lines}


def told(table):
    """(people, completed, moved in, moved out) by the code of the unit, "" for none."""
    return {
        row.unit.code if row.unit else "": (
            row.figures.people,
            row.figures.completed,
            row.moved_in,
            row.moved_out,
        )
        for row in table.rows
    }


@on_sqlite_too
def test_move_inside_a_district_comes_to_nothing_in_its_row(world, monitor):
    moved(enrolled(world, "350", "13384"), "13387")

    table = table_of(world, monitor)

    assert told(table) == {"350": (1, 0, 0, 0), "353": (0, 0, 0, 0)}
    assert table.moved == 1


@on_sqlite_too
def test_person_who_moved_is_counted_where_the_open_post_is(world, monitor):
    moved(enrolled(world, "350", "13384", completed=True), "13591")
    enrolled(world, "350", "13384")
    assert told(table_of(world, monitor, counted_at=CountedAt.ENROLMENT)) == {
        "350": (2, 1, 0, 0),
        "353": (0, 0, 0, 0),
    }
    table = table_of(world, monitor)
    assert told(table) == {"350": (1, 0, 0, 1), "353": (1, 1, 1, 0)}
    assert (table.total.figures.people, table.total.figures.completed, table.moved) == (2, 1, 1)
    assert (table.total.moved_in, table.total.moved_out) == (0, 0)


@on_sqlite_too
def test_difference_of_a_district_is_who_came_less_who_went(world, monitor):
    moved(enrolled(world, "350", "13384"), "13591")
    moved(enrolled(world, "350", "13384"), "13387")
    moved(enrolled(world, "353", "13591"), "13387")
    table = table_of(world, monitor, "350")
    assert told(table) == {"13384": (0, 0, 0, 2), "13387": (2, 0, 2, 0)}
    total = table.total
    assert (total.figures.people, total.moved_in, total.moved_out, total.enrolled_from) == (
        2,
        1,
        1,
        2,
    )
    assert table.moved == 3


@on_sqlite_too
def test_person_without_a_post_stands_where_the_last_one_was_and_is_told_apart(world, monitor):
    enrolment = enrolled(world, "350", "13384")
    last = moved(enrolment, "13591")
    last.valid_from = last.valid_to = YESTERDAY
    last.save()
    table = table_of(world, monitor)
    assert told(table)["353"] == (1, 0, 1, 0)
    assert table.total.figures.left == 1
    (line,) = lines_of(
        programme=world.programme,
        edition=world.programme.edition,
        unit=unit("13591"),
        on=TODAY,
        reader=monitor,
        counted_at=CountedAt.NOW,
    )
    assert (line.has_left, line.enrolled_from) == (True, unit("13384"))


@on_sqlite_too
def test_person_who_never_held_a_post_stands_where_enrolled(world, monitor):
    enrolment = enrolled(world, "350", "13384")
    Posting.objects.all().delete()
    table = table_of(world, monitor)
    assert told(table)["350"] == (1, 0, 0, 0)
    assert table.total.figures.left == 1
    assert names_in(world, monitor, "13384") == {enrolment.user}


@on_sqlite_too
@pytest.mark.parametrize(
    "since", [date(2013, 1, 1), TODAY + timedelta(days=1)], ids=["beside the first", "not begun"]
)
def test_second_post_moves_nobody(world, monitor, since):
    enrolment = enrolled(world, "350", "13384")
    PostingFactory(user=enrolment.user, unit=unit("13591"), valid_from=since)
    table = table_of(world, monitor)
    assert told(table) == {"350": (1, 0, 0, 0), "353": (0, 0, 0, 0)}
    assert table.moved == 0


@on_sqlite_too
@pytest.mark.parametrize(
    ("posts", "stands_in"),
    [
        # The same place in another cadre before the same cadre elsewhere.
        ([("13591", COLLABORATOR), ("13384", OFFICER)], "350"),
        # The same cadre before another one, though that began before.
        ([("350", OFFICER), ("13591", COLLABORATOR)], "353"),
    ],
)
def test_of_several_new_posts_the_nearest_to_the_old_one_counts(world, monitor, posts, stands_in):
    enrolment = enrolled(world, "350", "13384")
    leave(enrolment)
    for place, (code, cadre) in enumerate(posts):
        PostingFactory(
            user=enrolment.user,
            unit=unit(code),
            cadre=cadre,
            valid_from=date(2014, 5, 1) + timedelta(days=place),
        )
    assert {code for code, row in told(table_of(world, monitor)).items() if row[0]} == {stands_in}


@on_sqlite_too
def test_change_of_cadre_asks_nothing_new_and_moves_between_filters(world, monitor):
    other = make_course(code="khoa-hai")
    for course in (world.course, other):
        ProgrammeRequirement.objects.create(programme=world.programme, course=course, cadre=OFFICER)
    enrolment = enrolled(world, "350", "13384", completed=True)
    moved(enrolment, "13384", OFFICER)
    assert told(table_of(world, monitor))["350"] == (1, 1, 0, 0)
    officers = table_of(world, monitor, cadres=[OFFICER])
    assert told(officers)["350"] == (1, 1, 1, 0)
    assert (officers.total.moved_in, officers.total.enrolled_from) == (1, 0)
    collaborators = table_of(world, monitor, cadres=[COLLABORATOR])
    assert told(collaborators)["350"] == (0, 0, 0, 1)
    assert names_in(world, monitor, "13384", cadres=[OFFICER]) == {enrolment.user}
    assert names_in(world, monitor, "13384", cadres=[COLLABORATOR]) == set()


@on_sqlite_too
def test_coordinator_sees_nobody_more_and_where_nobody_went(world, coordinator):
    gone = moved(enrolled(world, "350", "13384", completed=True), "13591").user
    come = moved(enrolled(world, "353", "13591"), "13384").user
    stayed = enrolled(world, "350", "13384").user
    before = table_of(world, coordinator, counted_at=CountedAt.ENROLMENT)
    table = table_of(world, coordinator)
    assert told(table) == {"13384": (1, 0, 0, 1), "13387": (0, 0, 0, 0), "": (1, 1, 1, 0)}
    assert table.rows[-1].beyond == Beyond.AWAY
    assert table.total.figures.people == before.total.figures.people == 2
    assert table.total.figures.completed == before.total.figures.completed == 1
    assert names_in(world, coordinator, "13384") == {stayed}
    line = find_person(
        programme=world.programme,
        user_id=gone.pk,
        on=TODAY,
        reader=coordinator,
        counted_at=CountedAt.NOW,
    )
    assert (line.unit, line.enrolled_from) == (unit("13384"), None)
    assert (
        find_person(
            programme=world.programme,
            user_id=come.pk,
            on=TODAY,
            reader=coordinator,
            counted_at=CountedAt.NOW,
        )
        is None
    )


@on_sqlite_too
def test_page_of_a_person_follows_the_choice(world, monitor):
    user = moved(enrolled(world, "350", "13384"), "13591", OFFICER).user
    line = find_person(
        programme=world.programme,
        user_id=user.pk,
        on=TODAY,
        reader=monitor,
        counted_at=CountedAt.NOW,
    )
    assert (line.unit, line.enrolled_from) == (unit("13591"), unit("13384"))
    assert (line.cadre_key, line.held_key) == (COLLABORATOR, OFFICER)


@on_sqlite_too
@pytest.mark.parametrize(
    ("extent", "rows", "moved"),
    [
        (Extent.WHOLE, {"350": (1, 0, 0, 0), "353": (0, 0, 0, 0)}, 0),
        (Extent.PART, {"350": (1, 0, 1, 0), "353": (0, 0, 0, 0), "": (0, 0, 0, 1)}, 1),
    ],
    ids=["followed the new map", "whom the map cannot place"],
)
def test_post_on_a_new_map_is_a_move_where_the_map_cannot_place_it(
    world, monitor, extent, rows, moved
):
    later, new = make_map("2020-01-01"), "2020-01-01"
    UnitSuccession.objects.create(
        from_unit=unit("13384"), to_unit=unit("13384", new), extent=extent
    )
    enrolment = enrolled(world, "350", "13384")
    leave(enrolment)
    PostingFactory(user=enrolment.user, unit=unit("13384", new), valid_from=date(2014, 6, 1))
    table = table_of(world, monitor, edition=later)
    assert told(table) == rows
    assert table.moved == moved


@on_sqlite_too
def test_figures_of_plug_ins_follow_the_people(world, monitor, monkeypatch):
    class Placed(Papers):
        def count(self, enrolments, place):
            placed = enrolments.annotate(place=place)
            return dict.fromkeys(placed.values_list("place", flat=True), 2)

        def count_parts(self, people, place):
            placed = people.annotate(place=place)
            return {"held": dict.fromkeys(placed.values_list("place", flat=True), 1)}

    monkeypatch.setattr(report_columns, "_entries", {Papers.key: Placed()})
    moved(enrolled(world, "350", "13384", completed=True), "13591")
    table = table_of(world, monitor)
    assert [row.figures.extra.get(Papers.key, 0) for row in table.rows] == [0, 2]


@dataclass(frozen=True)
class Life:
    """Where somebody was enrolled, which posts came after it, and whether the first is left."""

    place: str
    cadre: str
    later: list
    leaves: bool
    completed: bool


CADRES = st.sampled_from([COLLABORATOR, OFFICER])
LIVES = st.builds(
    Life,
    place=st.sampled_from(PLACES),
    cadre=CADRES,
    later=st.lists(st.tuples(st.sampled_from(PLACES), CADRES, st.booleans()), max_size=2),
    leaves=st.booleans(),
    completed=st.booleans(),
)


def live(world, life):
    posting = PostingFactory(unit=unit(life.place), cadre=life.cadre)
    done = {"status": EnrolmentStatus.COMPLETED, "completed_at": DONE_AT} if life.completed else {}
    EnrolmentFactory(
        user=posting.user,
        run=world.runs["350"],
        unit=posting.unit,
        cadre=life.cadre,
        posting=posting,
        **done,
    )
    if life.leaves:
        set_fields(posting, valid_to=YESTERDAY)
    known = set() if life.leaves else {(life.place, life.cadre)}
    for code, cadre, ends in life.later:
        if ends or (code, cadre) not in known:
            PostingFactory(
                user=posting.user,
                unit=unit(code),
                cadre=cadre,
                valid_from=date(2014, 5, 1),
                valid_to=date(2014, 5, 20) if ends else None,
            )
            known |= set() if ends else {(code, cadre)}


# Each cell is counted a second time in `test_recount`.
@fewer_examples(10)
@given(lives=st.lists(LIVES, max_size=5), role=st.sampled_from([Role.MONITOR, Role.COORDINATOR]))
def test_both_ways_count_the_same_people_and_every_row_reconciles(
    world, monitor, coordinator, lives, role
):
    with transaction.atomic():
        ProgrammeRequirement.objects.create(
            programme=world.programme, course=world.course, cadre=OFFICER
        )
        for life in lives:
            live(world, life)
        reconcile(world, monitor if role == Role.MONITOR else coordinator)
        transaction.set_rollback(True)


def reconcile(world, reader):
    for code in ("", "350"):
        before = table_of(world, reader, code, counted_at=CountedAt.ENROLMENT)
        now = table_of(world, reader, code)
        for rows, earlier in ((now.rows, before.rows), (now.places, before.places)):
            was = {(row.unit and row.unit.pk, row.is_office, row.beyond): row for row in earlier}
            for row in rows:
                same = was.get((row.unit and row.unit.pk, row.is_office, row.beyond))
                people = same.figures.people if same else 0
                assert row.figures.people - people == row.moved_in - row.moved_out
                assert row.enrolled_from == people
        total, whole = now.total, before.total
        assert total.figures.people - whole.figures.people == total.moved_in - total.moved_out
        if code:
            continue
        assert (total.moved_in, total.moved_out) == (0, 0)
        assert total.figures.completed == whole.figures.completed
        assert total.figures.people == sum(row.figures.people for row in now.rows)
        for row in now.places or now.rows:
            if row.unit is not None:
                where = NamesOf.OFFICE if row.is_office else NamesOf.AREA
                names = names_in(world, reader, row.unit.code, where=where)
                assert len(names) == row.figures.people
