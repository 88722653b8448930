"""A past day of one place is told of those who had to do with it; nobody else would change a figure."""

from datetime import date, timedelta
from itertools import product

import pytest

from courses.domain.history import record_enrolments, record_missing
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import User
from lms.core.local_time import local_moment
from lms.reporting.domain import as_of, judging_as_of
from lms.reporting.domain.people_as_of import find_people_as_of
from lms.reporting.domain.queries import area_of
from lms.reporting.domain.tables import completion_table, completion_table_as_of
from lms.reporting.enums import CountedAt, NamesOf, PersonState
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.geography import unit
from tests.factories.reporting import DONE_AT, asked_of, enrolled
from tests.factories.rows import set_fields
from tests.lms.reporting.histories import BEGAN, CADRES, TODAY, History
from tests.lms.reporting.test_as_of import cells
from tests.lms.reporting.test_recount import live_at_random

DAY = TODAY - timedelta(days=1)


def test_past_day_of_a_place_is_what_it_is_among_everybody(edition, monkeypatch):
    history = History(edition)
    later = history.next_edition.code
    readers = [history.reader, make_official(Role.COORDINATOR, "350")]
    readers.append(make_official(Role.FOCAL_POINT, "13591"))
    live_at_random(history, seed=3)
    readers.append(UserFactory(is_superuser=True))
    for cadre in CADRES:
        PostingFactory(unit=unit("13591"), cadre=cadre, valid_from=BEGAN)
    record_missing(at=local_moment(DAY))
    places = [(edition, None), (history.next_edition, None), (edition, unit("350"))]
    places += [(edition, unit("13591")), (history.next_edition, unit("13591", later))]
    views = list(product(readers, places, CountedAt))

    told = [told_of(history, *view) for view in views]
    monkeypatch.setattr(as_of, "concerned_people", everybody)

    assert told == [told_of(history, *view) for view in views]
    with_names = {
        reader.pk for (reader, *_), (_table, names) in zip(views, told, strict=True) if names[0]
    }
    assert with_names == {reader.pk for reader in readers}


def everybody(**asked):
    return [User.objects.order_by().values_list("pk")]


def told_of(history, reader, place, counted_at):
    """Every cell of the table, and the names behind all and behind one reason to stand nowhere."""
    edition, parent = place
    asked = {"programme": history.programme, "edition": edition, "on": DAY, "reader": reader}
    asked["counted_at"] = counted_at
    names = [
        sorted(
            (line.user.pk, line.unit.pk, line.state)
            for line in find_people_as_of(**asked, unit=parent, where=where).lines(
                states=list(PersonState)
            )
        )
        for where in (NamesOf.AREA, NamesOf.DIVIDED)
    ]
    return cells(completion_table_as_of(**asked, parent=parent)), names


def test_whom_a_class_has_stamped_here_is_told_without_ever_a_post_here(world, coordinator):
    guest = enrolled(world, "350", "13384", completed=True)
    set_fields(guest.posting, unit=unit("13591"))
    record_enrolments(enrolments=[guest], at=DONE_AT)
    asked = asked_of(world, coordinator, on=DONE_AT.date())

    past, live = completion_table_as_of(**asked), completion_table(**asked)

    assert past.total.figures.completed == live.total.figures.completed == 1


def test_class_that_comes_to_a_person_while_the_day_is_read_is_not_told(world, monitor):
    """Two records are made one between two queries: the class of the other was nobody's here before."""
    here, other = enrolled(world, "350", "13384"), enrolled(world, "353", "13591")
    record_enrolments(enrolments=[here, other], at=DONE_AT)
    day = as_of.day_of(
        programme=world.programme,
        on=DONE_AT.date(),
        reader=monitor,
        cadres=None,
        counted_at=CountedAt.ENROLMENT,
        area=area_of(unit("350")),
    )
    set_fields(other, user=here.user)

    told = [judging_as_of.person_of(enrolments, day.judge) for enrolments in as_of.by_person(day)]

    assert [(one.user, one.enrolment) for one in told] == [(here.user_id, here.pk)]


@pytest.mark.sqlite("queries that are known to find nothing, inside another")
@pytest.mark.parametrize(
    ("code", "cadres", "no_class"),
    [(None, None, 1), ("353", None, 0), (None, [Cadre.DISTRICT_OFFICER], 0)],
)
def test_day_without_any_class_tells_of_those_who_held_a_post(
    world, monitor, code, cadres, no_class
):
    """Also of a district where nobody ever was, and of a cadre of whom nothing is asked."""
    PostingFactory(unit=unit("13384"), valid_from=date(2014, 1, 1))
    world.programme.runs.all().delete()

    table = completion_table_as_of(
        programme=world.programme,
        edition=world.programme.edition,
        on=DONE_AT.date(),
        reader=monitor,
        parent=unit(code) if code else None,
        cadres=cadres,
    )

    assert (table.total.figures.people, table.total.figures.no_class) == (no_class, no_class)
