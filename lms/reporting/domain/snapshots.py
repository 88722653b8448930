"""The life of a frozen report: drafted, approved by a second person, replaced or withdrawn.

Every change of state is one of these functions.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.models import Programme
from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.core.text import nfc
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.judging_as_of import PersonThen
from lms.reporting.domain.periods import Period
from lms.reporting.domain.snapshot_facts import Office, collect
from lms.reporting.domain.snapshot_hiding import hide_beside_others
from lms.reporting.enums import APPROVING_ROLES, PREPARING_ROLES, SnapshotState
from lms.reporting.models import ReportSeries, ReportSnapshot, SnapshotPerson

DRAFT_ACTION = "reporting.draft_report"
APPROVE_ACTION = "reporting.approve_report"
WITHDRAW_ACTION = "reporting.withdraw_report"
_BATCH = 1000
_LIVE = (SnapshotState.DRAFT, SnapshotState.APPROVED)


def units_to_report(*, by: User) -> QuerySet[AdministrativeUnit]:
    """Return the provinces and districts of which this person may prepare a report."""
    units = AdministrativeUnit.objects.filter(by.scope.units_q("", PREPARING_ROLES))
    return units.filter(level__in=(Level.PROVINCE, Level.DISTRICT)).select_related("edition")


def draft_snapshot(
    *,
    programme: Programme,
    unit: AdministrativeUnit,
    period: Period,
    office: Office,
    by: User,
    at: datetime,
) -> ReportSnapshot:
    """Freeze the figures of a period and the people behind them, to replace the approved report of it;
    nothing has a number yet. Raises Refusal `not_yours`, that of `collect`, `nobody_to_count`, `draft_exists`.
    """
    if not by.scope.covers(unit.path, PREPARING_ROLES):
        raise Refusal("not_yours", _("This is outside the area you look after."), field="unit")
    # Outside of what is written, for it tells of one moment.
    collected = collect(programme=programme, unit=unit, period=period, office=office, reader=by)
    if not collected.people:
        raise Refusal(
            "nobody_to_count",
            _("Nobody was to be trained there on the last day of the period."),
            field="period",
        )
    with transaction.atomic():
        snapshot = ReportSnapshot(
            programme=programme,
            unit=unit,
            edition=unit.edition,
            kind=period.kind,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            facts=collected.facts,
            prepared_by=by,
            prepared_at=at,
            replaces=_approved(programme, unit, period),
        )
        hide_beside_others(snapshot=snapshot)
        snapshot.save()
        _keep_people(snapshot, collected.people)
        log(snapshot, DRAFT_ACTION, user=by, timestamp=at)
    return snapshot


@transaction.atomic
def approve_snapshot(*, snapshot: ReportSnapshot, by: User, at: datetime) -> ReportSnapshot:
    """Give a draft its number: draft → approved; the report that it replaces becomes replaced.

    A repeat by the same person changes nothing. Raises Refusal as `check_approval`.
    """
    locked = _lock(snapshot)
    if locked.is_approved and locked.approved_by_id == by.pk:
        return locked
    check_approval(snapshot=locked, by=by)
    # No other report of the programme leaves the office meanwhile; some may have since this one was drafted.
    Programme.objects.select_for_update(no_key=True).get(pk=locked.programme_id)
    hide_beside_others(snapshot=locked)
    if locked.replaces_id is not None:
        ReportSnapshot.objects.filter(pk=locked.replaces_id, state=SnapshotState.APPROVED).update(
            state=SnapshotState.REPLACED, ended_by=by, ended_at=at
        )
    # The series last: it is locked for everybody until the transaction ends.
    locked.series, locked.number = _take_number(
        office_code=locked.facts["office"]["code"], year=localdate(at).year
    )
    locked.state, locked.approved_by, locked.approved_at = SnapshotState.APPROVED, by, at
    locked.save()
    log(locked, APPROVE_ACTION, user=by, timestamp=at, data={"serial": locked.serial})
    return locked


def check_approval(*, snapshot: ReportSnapshot, by: User) -> None:
    """Raise the Refusal that keeps this person from approving: `not_approvable` for whoever may
    not answer for the unit, `not_a_draft`, `approved_by_the_same` for whoever prepared it.
    """
    if not by.scope.covers(snapshot.unit.path, APPROVING_ROLES):
        raise Refusal(
            "not_approvable",
            _("A monitor of the department or an administrator approves it: let them know."),
        )
    if not snapshot.is_draft:
        raise Refusal(
            "not_a_draft",
            _("Only a draft can be approved; this report is: %(state)s.")
            % {"state": snapshot.get_state_display()},
        )
    if snapshot.prepared_by_id == by.pk:
        raise Refusal(
            "approved_by_the_same",
            _("You prepared this report: another person must approve it."),
        )


@transaction.atomic
def withdraw_snapshot(
    *, snapshot: ReportSnapshot, by: User, reason: str, at: datetime, seen: str = ""
) -> ReportSnapshot:
    """Withdraw a draft or an approved report, which stays on file with its number.

    A draft is discarded by those who may prepare it, an approved one withdrawn by those who may
    approve. `seen`: the state in which the person saw it, that of `snapshot` unless told: whoever
    discards a draft does not mean to take back a report with a number. A repeat changes nothing. Raises
    Refusal `reason_missing`, `not_withdrawable`, `changed_meanwhile`.
    """
    locked = _lock(snapshot)
    if locked.state == SnapshotState.WITHDRAWN:
        return locked
    roles = PREPARING_ROLES if locked.is_draft else APPROVING_ROLES
    if locked.state not in _LIVE or not by.scope.covers(locked.unit.path, roles):
        raise Refusal("not_withdrawable", _("You cannot withdraw this report."))
    if locked.state != (seen or snapshot.state):
        raise Refusal(
            "changed_meanwhile",
            _("Somebody has decided about this report meanwhile; it is now: %(state)s.")
            % {"state": locked.get_state_display()},
        )
    if not nfc(reason):
        raise Refusal("reason_missing", _("Please give the reason."), field="reason")
    locked.state, locked.reason = SnapshotState.WITHDRAWN, nfc(reason)
    locked.ended_by, locked.ended_at = by, at
    locked.save()
    log(locked, WITHDRAW_ACTION, user=by, timestamp=at, data={"reason": locked.reason})
    return locked


def _approved(
    programme: Programme, unit: AdministrativeUnit, period: Period
) -> ReportSnapshot | None:
    """Return the approved report of the period; refuse a second draft of it."""
    # Held, so that two clerks do not draft the same period side by side.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    live = ReportSnapshot.objects.filter(
        programme=programme,
        unit=unit,
        kind=period.kind,
        starts_on=period.starts_on,
        state__in=_LIVE,
    )
    same = {SnapshotState(one.state): one for one in live}
    if SnapshotState.DRAFT in same:
        raise Refusal(
            "draft_exists",
            _("A draft of this period exists already. Approve it or discard it first."),
            field="period",
        )
    return same.get(SnapshotState.APPROVED)


def _lock(snapshot: ReportSnapshot) -> ReportSnapshot:
    rows = ReportSnapshot.objects.select_related("unit").select_for_update(
        of=("self",), no_key=True
    )
    return rows.get(pk=snapshot.pk)


def _keep_people(snapshot: ReportSnapshot, people: Sequence[PersonThen]) -> None:
    SnapshotPerson.objects.bulk_create(
        (
            SnapshotPerson(
                snapshot=snapshot,
                user_id=one.user,
                unit_id=one.place,
                cadre=one.held,
                state=one.state,
            )
            for one in people
        ),
        batch_size=_BATCH,
    )


def _take_number(*, office_code: str, year: int) -> tuple[ReportSeries, int]:
    """Take the next number; the series stays locked until the transaction ends."""
    locked = ReportSeries.objects.select_for_update().filter(office_code=office_code, year=year)
    series = locked.first()
    if series is None:
        ReportSeries.objects.get_or_create(office_code=office_code, year=year)
        series = locked.get()
    number = series.next_number
    series.next_number = number + 1
    series.save(update_fields=["next_number"])
    return series, number
