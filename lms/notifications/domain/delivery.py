"""What became of the messages, counted by way, kind, class or district."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Substr
from django.utils import timezone

from lms.accounts.models import Posting
from lms.core.local_time import days_q
from lms.geography.models import AdministrativeUnit
from lms.notifications.enums import PEOPLE, DeliveryFigure, ReceiptState, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder

_DISTRICT: Final = 2 * AdministrativeUnit.steplen
_ON_ITS_WAY: Final = (ReminderState.PLANNED, ReminderState.CLAIMED, ReminderState.HANDING_OVER)
_NO_WAY: Final = Q(state=ReminderState.UNREACHABLE) | Q(state__in=_ON_ITS_WAY, way=PEOPLE)


@dataclass(frozen=True)
class DeliveryLine:
    """`key` is what the list of reminders is narrowed by; None: of those without any."""

    key: str | int | None
    figures: Mapping[DeliveryFigure, int]


def in_figure(figure: DeliveryFigure) -> Any:
    """Return which reminders a figure counts. All but the two that are parts of others add up."""
    arrived = DeliveryAttempt.objects.filter(
        reminder=OuterRef("pk"), receipt=ReceiptState.DELIVERED
    )
    return {
        DeliveryFigure.ALL: Q(),
        DeliveryFigure.PLANNED: Q(state__in=_ON_ITS_WAY) & ~Q(way=PEOPLE),
        DeliveryFigure.SENT: Q(state=ReminderState.SENT),
        DeliveryFigure.DELIVERED: Q(Exists(arrived)),
        DeliveryFigure.READ: Q(notice__read_at__isnull=False),
        DeliveryFigure.FAILED: Q(state=ReminderState.FAILED),
        DeliveryFigure.WITHDRAWN: Q(state=ReminderState.CANCELLED),
        DeliveryFigure.UNKNOWN: Q(state=ReminderState.UNCERTAIN),
        DeliveryFigure.NO_WAY: _NO_WAY,
    }[figure]


def due_between(rows: QuerySet[Reminder], *, first: date, last: date) -> QuerySet[Reminder]:
    """Return those due on these days, local time."""
    return rows.filter(days_q("due_at", first, last))


def count_delivery(rows: QuerySet[Reminder], *, by: str) -> Sequence[DeliveryLine]:
    """Return a line for each way, kind, run or district, the largest first; one query.

    Whoever has posts in two districts is counted in both, as the list of a district shows; whoever has
    none today, or none any more, in the line without a district.
    """
    field = {"way": "way", "kind": "rule__kind", "run": "run_number", "district": "district"}[by]
    if by == "district":
        today = Posting.objects.on(timezone.localdate())
        is_held = Q(user__postings__in=today.values("pk"))
        path = Substr(F("user__postings__unit__path"), 1, _DISTRICT)
        rows = rows.filter(is_held | ~Exists(today.filter(user=OuterRef("user")))).annotate(
            # Of whoever has left the former posts stand beside the row: they tell nothing.
            district=Case(When(is_held, then=path), default=None)
        )
    counted = rows.order_by().values(field).annotate(**_counts())
    lines = [DeliveryLine(row[field] or None, _figures(row)) for row in counted]
    return sorted(lines, key=lambda line: (-line.figures[DeliveryFigure.ALL], str(line.key)))


def count_all(rows: QuerySet[Reminder]) -> Mapping[DeliveryFigure, int]:
    """Return the figures of all of them, each reminder once; one query."""
    return _figures(rows.order_by().aggregate(**_counts()))


def _counts() -> dict[str, Count]:
    return {
        f"n_{one.value}": Count("pk", distinct=True, filter=in_figure(one))
        if one != DeliveryFigure.ALL
        else Count("pk", distinct=True)
        for one in DeliveryFigure
    }


def _figures(row: Mapping[str, Any]) -> dict[DeliveryFigure, int]:
    return {one: row[f"n_{one.value}"] for one in DeliveryFigure}
