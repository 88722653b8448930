"""What signed sheets say beside what the roll says: kept line by line, compared at any time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from attendance.domain.hours.guests import roll_for
from attendance.domain.paper.typed_sheet import PaperMark
from attendance.domain.wording import describe_mark
from attendance.models import AttendanceMark, AttendanceRecord, PaperLine, Session
from courses.models import Enrolment
from lms.accounts.models import User


@dataclass(frozen=True)
class PaperDifference:
    """A person of whom the sheet said something else than the roll did, or does.

    `before`: the roll when the sheet was typed, `mark`: what counts now; both in `now` and
    `before` are words, "" for nothing noted. `is_open`: the two still differ.
    """

    enrolment: Any
    line: PaperLine
    said: str
    before: str
    now: str
    mark: AttendanceMark | None
    is_open: bool


@dataclass(frozen=True)
class PaperCount:
    """How many people of a session the sheet speaks of, and of how many the roll differs."""

    people: int
    differing: int


@transaction.atomic
def keep_paper(
    *, session: Session, said: Mapping[int, PaperMark], by: User, at: datetime
) -> list[PaperLine]:
    """Keep what a sheet says, by enrolment id, before it is noted; what it said before is not
    kept again. Three queries, whatever the number of people.
    """
    lines = _last_lines(session).filter(enrolment__in=said)
    known = {line.enrolment_id: _content(line) for line in lines}
    marks = AttendanceRecord.objects.filter(session=session, enrolment__in=said)
    before = dict(marks.values_list("enrolment_id", "mark_id"))
    new = [
        PaperLine(
            session=session,
            enrolment_id=pk,
            status=mark.status,
            minutes_late=mark.minutes_late,
            minutes_left_early=mark.minutes_left_early,
            mark_before_id=before.get(pk),
            typed_by=by,
            typed_at=at,
        )
        for pk, mark in said.items()
    ]
    return PaperLine.objects.bulk_create(
        line for line in new if _content(line) != known.get(line.enrolment_id)
    )


def paper_differences(*, session: Session, reader: User) -> list[PaperDifference]:
    """Return of whom sheet and roll say something else, or did, of those on the reader's roll:
    what is still open first, else in name order; a constant number of queries.
    """
    people = roll_for(reader, session=session).counted().select_related("user", "unit")
    by_pk: dict[int, Any] = {one.pk: one for one in people.in_name_order()}
    lines = _with_agreement(_last_lines(session)).filter(enrolment__in=list(by_pk))
    by_person = {
        line.enrolment_id: line for line in lines.select_related("mark_before", "typed_by")
    }
    marks = {
        record.enrolment_id: record.mark
        for record in AttendanceRecord.objects.filter(
            session=session, enrolment__in=list(by_person)
        ).select_related("mark__marked_by")
    }
    found = [
        _difference(one, by_person[pk], marks.get(pk))
        for pk, one in by_pk.items()
        if pk in by_person and _differed(by_person[pk])
    ]
    return sorted(found, key=lambda one: not one.is_open)


def paper_counts(*, sessions: Collection[Session], reader: User) -> dict[int, PaperCount]:
    """Return by session id, where a sheet was typed, how many lines of it the reader sees and how
    many of these differ from the roll; one query.
    """
    people = Enrolment.objects.visible_to(reader).counted()
    lines = _with_agreement(_last(PaperLine.objects.filter(session__in=sessions)))
    counted = (
        lines.filter(enrolment__in=people)
        .order_by()
        .values("session")
        .annotate(people=Count("pk"), differing=Count("pk", filter=Q(agrees=False)))
    )
    return {row["session"]: PaperCount(row["people"], row["differing"]) for row in counted}


def _last_lines(session: Session) -> QuerySet[PaperLine]:
    return _last(PaperLine.objects.filter(session=session))


def _last(lines: QuerySet[PaperLine]) -> QuerySet[PaperLine]:
    later = PaperLine.objects.filter(
        session=OuterRef("session"), enrolment=OuterRef("enrolment"), pk__gt=OuterRef("pk")
    )
    return lines.filter(~Exists(later))


def _with_agreement(lines: QuerySet[PaperLine]) -> QuerySet[Any]:
    """Add `agrees`: the roll says the same now, as far as the sheet says anything."""
    early = Coalesce(OuterRef("minutes_left_early"), F("mark__minutes_left_early"))
    same = AttendanceRecord.objects.filter(
        session=OuterRef("session"),
        enrolment=OuterRef("enrolment"),
        status=OuterRef("status"),
        mark__minutes_late=OuterRef("minutes_late"),
        mark__minutes_left_early=early,
    )
    return lines.annotate(agrees=Exists(same))


def _content(line: PaperLine) -> tuple[str, int, int | None]:
    return line.status, line.minutes_late, line.minutes_left_early


def _differed(line: Any) -> bool:
    """Return whether sheet and roll differ, or something else was noted before the sheet."""
    if not line.agrees:
        return True
    before = line.mark_before
    if before is None:
        return False
    early = line.minutes_left_early
    said = (line.status, line.minutes_late, before.minutes_left_early if early is None else early)
    return said != (before.status, before.minutes_late, before.minutes_left_early)


def _difference(enrolment: Any, line: Any, mark: AttendanceMark | None) -> PaperDifference:
    return PaperDifference(
        enrolment=enrolment,
        line=line,
        said=describe_mark(line.status, line.minutes_late, line.minutes_left_early or 0),
        before=_describe(line.mark_before),
        now=_describe(mark),
        mark=mark,
        is_open=not line.agrees,
    )


def _describe(mark: AttendanceMark | None) -> str:
    if mark is None:
        return ""
    return describe_mark(mark.status, mark.minutes_late, mark.minutes_left_early)
