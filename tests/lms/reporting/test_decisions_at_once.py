"""Two people who decide about a report, a schedule or targets at the same moment: one is heard, the other told why not."""

from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from lms.accounts.enums import Cadre, Role
from lms.reporting.domain.periods import period_of
from lms.reporting.domain.snapshots import approve_snapshot, withdraw_snapshot
from lms.reporting.domain.target_grid import RowChange, read_grid, save_grid
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.enums import PeriodKind, SnapshotState
from lms.reporting.models import CoverageTarget, ReportSchedule, ReportSeries, ReportSnapshot
from tests.at_once import ON_REAL_CONNECTIONS, at_once, codes_of
from tests.factories.accounts import PostingFactory, browse, make_official
from tests.factories.geography import make_map, unit
from tests.factories.reporting import make_world
from tests.lms.reporting.frozen import JUNE, draft

pytestmark = ON_REAL_CONNECTIONS
APRIL = period_of(kind=PeriodKind.MONTH, day=date(2014, 4, 1))


@pytest.fixture
def world():
    return make_world(make_map())


@pytest.fixture
def clerk(world):
    for _one in range(6):
        PostingFactory(unit=unit("13384"))
    return make_official(Role.MONITOR, "35")


@pytest.fixture
def chiefs():
    return [make_official(Role.ADMINISTRATOR, "35") for _one in range(2)]


def test_one_of_two_approvals_gives_the_number(world, clerk, chiefs):
    snapshot = draft(world, clerk)

    outcomes = at_once(
        *(partial(approve_snapshot, snapshot=snapshot, by=one, at=JUNE) for one in chiefs)
    )

    assert codes_of(outcomes) == ["not_a_draft"]
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.number) == (SnapshotState.APPROVED, 1)
    assert snapshot.approved_by in chiefs
    assert ReportSeries.objects.get().next_number == 2


def test_two_reports_approved_together_take_two_numbers(world, clerk, chiefs):
    both = [draft(world, clerk), draft(world, clerk, period=APRIL)]

    at_once(*(partial(approve_snapshot, snapshot=one, by=chiefs[0], at=JUNE) for one in both))

    numbers = ReportSnapshot.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]


def test_draft_is_approved_or_discarded(world, clerk, chiefs):
    """Whoever discards it does not take back a report with a number."""
    snapshot = draft(world, clerk)

    outcomes = at_once(
        partial(approve_snapshot, snapshot=snapshot, by=chiefs[0], at=JUNE),
        partial(withdraw_snapshot, snapshot=snapshot, by=chiefs[1], reason="Sai", at=JUNE),
    )

    snapshot.refresh_from_db()
    told = {SnapshotState.APPROVED: "changed_meanwhile", SnapshotState.WITHDRAWN: "not_a_draft"}
    assert codes_of(outcomes) == [told[SnapshotState(snapshot.state)]]
    assert (snapshot.number is None) == (snapshot.state == SnapshotState.WITHDRAWN)


def test_report_is_replaced_or_withdrawn(world, clerk, chiefs):
    """The later one gets its number either way."""
    first = approve_snapshot(snapshot=draft(world, clerk), by=chiefs[0], at=JUNE)
    later = draft(world, clerk)

    outcomes = at_once(
        partial(approve_snapshot, snapshot=later, by=chiefs[0], at=JUNE),
        partial(withdraw_snapshot, snapshot=first, by=chiefs[1], reason="Sai", at=JUNE),
    )

    first.refresh_from_db()
    later.refresh_from_db()
    assert (later.state, later.number) == (SnapshotState.APPROVED, 2)
    told = {SnapshotState.REPLACED: ["not_withdrawable"], SnapshotState.WITHDRAWN: []}
    assert codes_of(outcomes) == told[SnapshotState(first.state)]


def test_one_of_two_drafts_of_a_period_is_made(world, clerk, chiefs):
    outcomes = at_once(*(partial(draft, world, one) for one in (clerk, chiefs[0])))

    assert codes_of(outcomes) == ["draft_exists"]
    assert ReportSnapshot.objects.count() == 1


def test_one_of_two_schedules_of_a_unit_is_made_and_the_other_form_says_so(world, clerk, chiefs):
    sent = {
        "programme": world.programme.pk,
        "unit": unit("350").pk,
        "kind": PeriodKind.MONTH,
        "recipients": [clerk.pk],
    }
    url = reverse("report-schedules:add")

    pages = at_once(*(partial(browse(one).post, url, sent) for one in chiefs))

    assert sorted(page.status_code for page in pages) == [200, 302]
    assert ReportSchedule.objects.count() == 1


def test_targets_saved_by_two_are_those_of_one(world, clerk, chiefs):
    grid = read_grid(programme=world.programme, by=chiefs[0])
    row = next(one for one in grid.rows if one.unit.code == "350")
    cadre, threshold = Cadre.COLLABORATOR.value, Threshold(percent=80)
    saves = [
        partial(
            save_grid,
            programme=world.programme,
            changes=[RowChange(row, {cadre: people}, threshold)],
            by=chief,
            at=JUNE,
        )
        for chief, people in zip(chiefs, (30, 40), strict=True)
    ]

    outcomes = at_once(*saves)

    assert codes_of(outcomes) == ["targets_changed"]
    assert CoverageTarget.objects.get().people == (30 if outcomes[0] == 1 else 40)
