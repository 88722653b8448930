"""The proof that progress follows from what was learned and attended: find it anew and compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from courses.domain.completion import evaluate_many, find_progress
from courses.domain.progress import by_key, facts_of, kept_progress
from courses.models import CourseRun, Enrolment
from lms.core.derived_rows import Fault, find_faults

# Enrolments of one class looked at in one go: bounds the memory.
BATCH: Final = 500


@dataclass(frozen=True)
class Difference:
    """One row of progress that is not what the criterion finds now."""

    enrolment_id: int
    criterion: str
    fault: Fault

    def __str__(self) -> str:
        return f"enrolment {self.enrolment_id}, {self.criterion}: {self.fault}"


def find_differences() -> Iterator[Difference]:
    """Yield every row that differs from what is found now, class by class; write nothing."""
    for run, ids in _batches():
        yield from _compare(run, ids)


def rebuild_progress(*, at: datetime) -> list[Difference]:
    """Put every row right, and decide completion anew for whom one was wrong.

    Returns what was wrong; where nothing was, nothing is written. Each batch of a class is a
    transaction of its own.
    """
    found = []
    for run, ids in _batches():
        with transaction.atomic():
            # Held, so that nobody learns anything between the comparison and the correction.
            held = Enrolment.objects.select_for_update(no_key=True).filter(pk__in=ids)
            list(held.order_by("pk").values_list("pk"))
            differences = _compare(run, ids)
            if differences:
                wrong = {difference.enrolment_id for difference in differences}
                evaluate_many(run=run, enrolment_ids=wrong, at=at)
            found += differences
    return found


def _batches() -> Iterator[tuple[CourseRun, list[int]]]:
    for run in CourseRun.objects.select_related("course").order_by("pk").iterator(BATCH):
        last = 0
        rows = Enrolment.objects.filter(run=run).order_by("pk").values_list("pk", flat=True)
        while ids := list(rows.filter(pk__gt=last)[:BATCH]):
            yield run, ids
            last = ids[-1]


def _compare(run: CourseRun, ids: list[int]) -> list[Difference]:
    wanted = by_key(find_progress(run=run, enrolment_ids=ids))
    stored = kept_progress(enrolment_ids=ids)
    faults = find_faults(wanted=facts_of(wanted), stored=facts_of(stored))
    return [Difference(*key, fault) for key, fault in faults.items()]
