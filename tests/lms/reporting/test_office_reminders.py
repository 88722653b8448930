"""Each week those who oversee an area hear how many are late, and where nobody learns."""

from datetime import datetime, timedelta

import pytest

from courses.enums import RunStatus
from lms.accounts.models import RoleAssignment, User
from lms.geography.domain.rules import ListedUnit
from lms.geography.enums import Level
from lms.notifications.extensions import NEWS_OF_MONDAY
from lms.notifications.models import Reminder
from lms.reporting.office_reminders import WeekInArea
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory, UserFactory
from tests.factories.courses import HANOI
from tests.factories.geography import merge_kim_bang, unit
from tests.factories.reporting import enrolled, make_world, set_target, table_of
from tests.factories.rows import set_fields
from tests.reminding import planned, said
from tests.shared import shared

KIND = WeekInArea()
# A Monday on which a class of the world goes on.
MONDAY = datetime(2014, 5, 26, 8, tzinfo=HANOI)


@shared
def readers(coordinator, monitor):
    return coordinator, monitor


@shared
def world(edition, readers):
    """In Kim Bảng one of two communes learns, in Lý Nhân none."""
    world = make_world(edition)
    enrolled(world, "350", "13384")
    for code in ("13387", "13591"):
        PostingFactory(unit=unit(code))
    return world


def told(people) -> dict[int, tuple[str, str]]:
    """What each of these reads on Monday: who is late, and communes with nobody in a class."""
    found = said(KIND, planned(KIND, MONDAY), MONDAY)
    return {
        person: (found[pk].values["count"], found[pk].values["empty"])
        for person, pk in people.items()
        if pk in found
    }


@pytest.mark.usefixtures("world")
def test_each_monday_once(readers):
    found = planned(KIND, MONDAY - timedelta(hours=1))

    assert sorted({one.user_id for one in found}) == sorted(one.pk for one in readers)
    assert {one.due_at for one in found} == {MONDAY}
    late = planned(KIND, MONDAY + NEWS_OF_MONDAY)
    assert {one.due_at for one in late} == {MONDAY + timedelta(days=7)}


@pytest.mark.usefixtures("world")
def test_rule_that_tells_it_weeks_later_names_it_until_then(readers):
    """Else each new Monday would take back what waits of the one before."""
    due = MONDAY + timedelta(days=10)

    for now in (due - timedelta(days=7), due - timedelta(hours=1), due):
        named = planned(KIND, now, lead_minutes=10 * 24 * 60)
        assert (readers[0].pk, due) in [(one.user_id, one.due_at) for one in named]


def test_figures_are_those_of_the_report_of_the_own_area(world, readers):
    people = dict(zip(("coordinator", "monitor"), (one.pk for one in readers), strict=True))
    assert told(people) == {"coordinator": ("1", "1"), "monitor": ("2", "2")}

    set_fields(world.runs["350"], status=RunStatus.CLOSED)
    assert told(people) == {"coordinator": ("2", "1"), "monitor": ("3", "2")}
    for name, reader in zip(people, readers, strict=True):
        total = table_of(world, reader, on=MONDAY.date()).total
        assert told(people)[name] == (str(total.figures.late), str(total.communes_unreached))

    # A target for one of the districts, which it has not reached; the other district has none.
    set_target(world, "350", people=4, percent=50)
    behind = {
        person: (message.values["behind"], message.values["targeted"])
        for person, message in said(KIND, planned(KIND, MONDAY), MONDAY).items()
    }
    # In the district its communes are held to the same part.
    assert behind == {people["monitor"]: ("1", "1"), people["coordinator"]: ("2", "2")}

    # Whoever has lost the role since is told nothing.
    waiting = planned(KIND, MONDAY)
    RoleAssignment.objects.all().delete()
    assert said(KIND, waiting, MONDAY) == {}


@pytest.mark.usefixtures("edition", "coordinator")
def test_nothing_to_tell_is_not_told():
    assert said(KIND, planned(KIND, MONDAY), MONDAY) == {}
    make_world(unit("350").edition)
    assert said(KIND, planned(KIND, MONDAY), MONDAY) == {}


def rows_of(people):
    found = User.objects.in_bulk([one.pk for one in people])
    return [Reminder(pk=number, user=found[one.pk]) for number, one in enumerate(people, start=1)]


@shared
def six_districts(world):
    """Two of the map, and four more without a commune."""
    units = [ListedUnit(0, Level.PROVINCE, "35", "tỉnh", "Hà Nam")]
    units += [
        ListedUnit(0, Level.DISTRICT, code, "huyện", f"Huyện {code}", "35")
        for code in ("350", "353", "361", "362", "363", "364")
    ]
    province = unit("35")
    for one in units[3:]:
        province.refresh_from_db()
        province.add_child(
            edition=province.edition, level=one.level, code=one.code, kind=one.kind, name=one.name
        )
    return [unit(one.code) for one in units[1:]]


def test_report_costs_the_same_for_two_districts_and_for_six(
    six_districts, make_official, django_assert_num_queries
):
    officials = [make_official("coordinator", one.code) for one in six_districts]
    assert len(officials) == 6
    for count in (2, 6):
        rows = rows_of(officials[:count])
        # The roles and the programme, its requirements, the figures, the units, the targets.
        with django_assert_num_queries(8):
            KIND.messages(reminders=rows, now=MONDAY)


@shared
def merged(world):
    """A commune of a later map, covered by a district of the first one, with somebody posted there."""
    found = merge_kim_bang()
    PostingFactory(unit=found)
    return found


def test_each_area_is_told_what_its_report_says(world, merged, make_official, readers):
    officials = [make_official("coordinator", code) for code in ("350", "353", "13387")]
    both, later = (
        make_official("coordinator", "353"),
        RoleAssignmentFactory(role="coordinator", unit=merged),
    )
    RoleAssignmentFactory(user=both, role="coordinator", unit=unit("13384"))
    root = UserFactory(is_superuser=True)
    RoleAssignmentFactory(user=root, role="monitor", unit=unit("350"))
    rows = rows_of([*officials, both, later.user, root, *readers])

    told = KIND.messages(reminders=rows, now=MONDAY)

    for row in rows:
        total = table_of(world, row.user, on=MONDAY.date()).total
        values = told[row.pk].values if row.pk in told else {"count": "0", "empty": "0"}
        figures = (str(total.figures.late), str(total.communes_unreached))
        assert (values["count"], values["empty"]) == figures, row.user.scope
    assert len(told) == len(rows)
