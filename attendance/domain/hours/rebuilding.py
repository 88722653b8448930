"""The proof that records follow from the marks: make them all anew and compare."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from attendance.domain.hours.deriving import derive_record, store_records
from attendance.domain.hours.rules import rules_of_runs
from attendance.enums import MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.domain import completion
from courses.models import CourseRun, Enrolment
from lms.core.derived_rows import Fault, find_faults

# Sessions looked at in one go: bounds the memory.
BATCH: Final = 50

# Session id and enrolment id.
_Key = tuple[int, int]


@dataclass(frozen=True)
class Difference:
    """One record that is not what the marks say."""

    session_id: int
    enrolment_id: int
    fault: Fault

    def __str__(self) -> str:
        return f"session {self.session_id}, enrolment {self.enrolment_id}: {self.fault}"


@dataclass(frozen=True)
class _Comparison:
    """The records of some sessions, as the marks want them and as they are stored."""

    wanted: dict[_Key, AttendanceRecord]
    stored: dict[_Key, AttendanceRecord]

    def differences(self) -> list[Difference]:
        faults = find_faults(wanted=_facts_of(self.wanted), stored=_facts_of(self.stored))
        return [Difference(*key, fault) for key, fault in faults.items()]


def find_differences() -> Iterator[Difference]:
    """Yield every record that differs from what its marks say, session by session;
    write nothing.
    """
    for session_ids in _batches():
        yield from _compare(session_ids).differences()


def rebuild_records(*, at: datetime) -> list[Difference]:
    """Put every record right and decide completion anew where one was wrong.

    Returns what was wrong; where nothing was, nothing is written. Each batch of sessions is a
    transaction of its own.
    """
    found = []
    for session_ids in _batches():
        with transaction.atomic():
            # Held, so that no roll is taken between the comparison and the correction.
            held = Session.objects.select_for_update(no_key=True).filter(pk__in=session_ids)
            list(held.order_by("pk").values_list("pk"))
            found += _mend(_compare(session_ids), at=at)
    return found


def _batches() -> Iterator[list[int]]:
    last = 0
    while session_ids := list(
        Session.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield session_ids
        last = session_ids[-1]


def _compare(session_ids: list[int]) -> _Comparison:
    # Read once, not with each of their marks.
    minutes = {pk: one.minutes for pk, one in Session.objects.in_bulk(session_ids).items()}
    marks: Any = AttendanceMark.objects.filter(session__in=session_ids)
    marks = marks.annotate(own_run=F("enrolment__run")).order_by("pk")
    # The last mark by pk is the one that counts.
    last_marks = {(mark.session_id, mark.enrolment_id): mark for mark in marks}
    rules = rules_of_runs(run_ids={mark.own_run for mark in last_marks.values()})
    records = AttendanceRecord.objects.filter(session__in=session_ids)
    return _Comparison(
        wanted={
            key: derive_record(
                mark=mark,
                session_minutes=minutes[mark.session_id],
                rules=rules[mark.own_run],
            )
            for key, mark in last_marks.items()
            if mark.method != MarkMethod.TAKEN_BACK
        },
        stored={(record.session_id, record.enrolment_id): record for record in records},
    )


def _facts_of(records: dict[_Key, AttendanceRecord]) -> dict[_Key, tuple[int, str, int, int]]:
    return {
        key: (one.mark_id, one.status, one.minutes, one.minutes_waived)
        for key, one in records.items()
    }


def _mend(comparison: _Comparison, *, at: datetime) -> list[Difference]:
    differences = comparison.differences()
    keys = [(difference.session_id, difference.enrolment_id) for difference in differences]
    surplus = [comparison.stored[key].pk for key in keys if key not in comparison.wanted]
    if surplus:
        AttendanceRecord.objects.filter(pk__in=surplus).delete()
    store_records([comparison.wanted[key] for key in keys if key in comparison.wanted])
    _evaluate({enrolment_id for _session_id, enrolment_id in keys}, at=at)
    return differences


def _evaluate(enrolment_ids: Iterable[int], *, at: datetime) -> None:
    by_run = defaultdict(list)
    rows = Enrolment.objects.filter(pk__in=enrolment_ids).order_by("run", "pk")
    for run_id, enrolment_id in rows.values_list("run", "pk"):
        by_run[run_id].append(enrolment_id)
    runs = CourseRun.objects.select_related("course").in_bulk(by_run)
    for run_id, ids in by_run.items():
        completion.evaluate_many(run=runs[run_id], enrolment_ids=ids, at=at)
