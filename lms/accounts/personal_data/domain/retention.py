"""Personal data that has been kept long enough: told first, then taken away, rule by rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.accounts.extensions import RetentionRule, retention_rules
from lms.accounts.models import PurgeRun

BATCH: Final = 500


@dataclass(frozen=True)
class RuleState:
    """What a rule would do now. `due`: rows, or what is held where they are kept for good;
    `exempted`: how many old ones stay, and why.
    """

    rule: RetentionRule
    days: int | None
    due: int
    exempted: list[tuple[int, str]]


def period_of(rule: RetentionRule) -> int | None:
    """Return days, as the settings say, else the default; None: for good."""
    if rule.days is None or rule.is_fixed:
        return rule.days
    days: int = settings.SUITE_RETENTION_DAYS.get(rule.key, rule.days)
    return days


def days_kept(*, key: str) -> int | None:
    """Return for how many days the rule of this key keeps its rows; None: for good, or no such rule."""
    return next((period_of(rule) for rule in retention_rules() if rule.key == key), None)


def rehearse(*, at: datetime) -> list[RuleState]:
    """Return what a purge would do and what would stay;
    write nothing, a constant number of queries.
    """
    states = []
    for rule in retention_rules():
        days = period_of(rule)
        before = _before(days, at)
        exempted = [(count, str(why)) for count, why in rule.exempted(before) if count]
        states.append(RuleState(rule, days, rule.due(before).count(), exempted))
    return states


def purge_personal_data(*, at: datetime, batch: int = BATCH) -> PurgeRun:
    """Do what each rule says, at most `batch` rows in a transaction; of what is done, a row is kept.

    Killed half-way, all finished batches are done and counted, and the next run does the rest.
    """
    run = PurgeRun.objects.create(started_at=at)
    for rule in retention_rules():
        days = period_of(rule)
        if days is not None:
            _purge(rule, run, before=_before(days, at), at=at, batch=batch)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return run


def _purge(
    rule: RetentionRule, run: PurgeRun, *, before: datetime, at: datetime, batch: int
) -> None:
    """Purge batch by batch in the order of the keys: no row is tried twice, so it always ends."""
    next_keys = _keys(rule, before, batch)
    last: Any = None
    while keys := next_keys(last):
        with transaction.atomic():
            rows = rule.due(before).filter(pk__in=keys).order_by()
            done = rule.purge(rows, at)
            run.counts = {**run.counts, rule.key: run.counts.get(rule.key, 0) + done}
            run.save(update_fields=["counts"])
        last = keys[-1]


def _keys(rule: RetentionRule, before: datetime, batch: int) -> Callable[[Any], list[Any]]:
    def after(last: Any) -> list[Any]:
        rows = rule.due(before).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        return list(rows.values_list("pk", flat=True)[:batch])

    return after


def _before(days: int | None, at: datetime) -> datetime:
    return at - timedelta(days=days or 0)
