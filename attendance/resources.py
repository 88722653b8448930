"""Attendance of past classes, as a list that is imported."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.cells import MinutesWidget, SessionNumberWidget, StatusWidget
from attendance.domain.late_marks import require_unsigned
from attendance.domain.queries import RecordedStatus
from attendance.domain.recording import (
    RollEntry,
    record_roll_call,
    require_acceptable,
    require_markable,
)
from attendance.domain.undo_marks import MarkToUndo, take_back_marks
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.models import CourseRun, Enrolment
from courses.permissions import RUN_MANAGERS
from lms.accounts.models import User
from lms.accounts.rosters.resources.people import PersonRowResource, told_by
from lms.core.change_journal import Change
from lms.core.text import nfc
from lms.importing.extensions import ImportKind
from lms.spreadsheets.import_rows import (
    CellKind,
    DayWidget,
    ImportColumn,
    PlannedRow,
    RefusalOnRow,
    SheetRow,
)

_MARK = "attendance.attendancemark"
_CELL_OF = {"minutes_late_too_many": "minutes_late", "withdrawn": "full_name"}


@dataclass
class NotedRecord:
    """What is noted about an enrolment in a session; `pk` of the settled record, None for none."""

    pk: int | None = None
    status: str = ""
    minutes_late: int | None = None
    session: Session | None = None
    enrolment: Enrolment | None = None
    #: What stands on the register, also where the list says nothing of minutes.
    late_before: int = 0
    early_before: int = 0

    def __deepcopy__(self, _memo: Any) -> "NotedRecord":
        return replace(self)

    def __str__(self) -> str:
        # Import-export puts each record into words: those of the enrolment would cost queries.
        return self.status


class AttendanceResource(PersonRowResource):
    """Each row notes one person of a class in one session, by number or by day."""

    run_code = ImportColumn(
        "run_code",
        gettext_lazy("Class code"),
        aliases=("Mã lớp", "Lớp", "Lớp tập huấn", "Mã lớp tập huấn"),
        required=True,
    )
    number = ImportColumn(
        "number",
        gettext_lazy("Session number"),
        aliases=("Buổi", "Buổi học", "Buổi số", "Số buổi"),
        widget=SessionNumberWidget(),
    )
    day = ImportColumn(
        "day",
        gettext_lazy("Date of the session"),
        aliases=("Ngày", "Ngày học", "Ngày điểm danh", "Ngày tập huấn"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )
    status = ImportColumn(
        "status",
        gettext_lazy("Attendance"),
        aliases=("Điểm danh", "Có mặt", "Tình trạng", "Chuyên cần", "Tham dự"),
        required=True,
        widget=StatusWidget(),
    )
    minutes_late = ImportColumn(
        "minutes_late",
        gettext_lazy("Minutes late"),
        aliases=("Số phút muộn", "Số phút đi muộn", "Muộn (phút)"),
        widget=MinutesWidget(),
    )

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._now = timezone.now()
        self._sessions: dict[str, list[Session]] = {}
        self._enrolments: dict[tuple[int, int], Enrolment] = {}
        self._noted: dict[tuple[int, int], AttendanceRecord] = {}
        self._taken: dict[tuple[int, int], int] = {}

    @classmethod
    def candidate_scope(cls, by: User) -> QuerySet[Any]:
        """Return the people of the classes, as far as one may see them on the roll."""
        return User.objects.filter(pk__in=Enrolment.objects.visible_to(by).values("user"))

    def load(self, rows: Sequence[SheetRow]) -> None:
        super().load(rows)
        codes = {_code(row) for row in rows} - self._sessions.keys()
        runs = CourseRun.objects.manageable_by(self.by).with_codes(codes)
        sessions = Session.objects.filter(run__in=runs).select_related("run", "sign_off")
        by_code: dict[str, list[Session]] = defaultdict(list)
        for session in sessions.order_by("starts_at", "pk"):
            by_code[session.run.code.lower()].append(session)
        self._sessions |= {code: by_code[code.lower()] for code in codes}
        met = [one for code in {_code(row) for row in rows} for one in self._sessions[code]]
        enrolments = Enrolment.objects.visible_to(self.by).filter(
            run__in={session.run_id for session in met}, user__in=self.register.people
        )
        self._enrolments = {(one.user_id, one.run_id): one for one in enrolments}
        records = AttendanceRecord.objects.filter(session__in=met).select_related("mark")
        self._noted = {(one.session_id, one.enrolment_id): one for one in records}

    def find(self, row: SheetRow) -> NotedRecord | None:
        user_id, session = self.resolve(row), self._session(row)
        enrolment = None
        if session is not None and user_id is not None:
            enrolment = self._enrolments.get((user_id, session.run_id))
        row.values |= {"session": session, "enrolment": enrolment}
        if session is None or enrolment is None:
            return None
        noted = self._noted.get((session.pk, enrolment.pk))
        if noted is None:
            return None
        mark = noted.mark
        late = mark.minutes_late if row.values.get("minutes_late") is not None else None
        before = (mark.minutes_late, mark.minutes_left_early)
        return NotedRecord(noted.pk, noted.status, late, session, enrolment, *before)

    def init_instance(self, row: Any = None) -> NotedRecord:
        return NotedRecord()

    def import_instance(self, instance: Any, row: SheetRow, **kwargs: Any) -> None:
        instance.session, instance.enrolment = row.values["session"], row.values["enrolment"]
        instance.status = row.values.get("status", "")
        instance.minutes_late = row.values.get("minutes_late")

    def check(self, row: SheetRow, record: NotedRecord, original: NotedRecord) -> None:
        if not record.status:
            row.refuse("status", _("Attendance is missing."))
        if record.session is None:
            return
        if record.enrolment is None:
            row.refuse(told_by(row), _("This person is not enrolled in this class."))
            return
        key = (record.session.pk, record.enrolment.pk)
        if key in self._taken:
            row.refuse(
                told_by(row),
                _("Same as row %(number)s.") % {"number": str(self._taken[key])},
            )
        if row.errors:
            return
        recorded = RecordedStatus(record.enrolment.status, original.status or None)
        with RefusalOnRow(row, "run_code", columns=_CELL_OF):
            require_markable(session=record.session, at=self._now)
            require_unsigned(record.session)
            require_acceptable(_entry(record), recorded, session=record.session)

    def claim(self, row: SheetRow, record: NotedRecord) -> None:
        if record.session is not None and record.enrolment is not None:
            self._taken[record.session.pk, record.enrolment.pk] = row.number

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        """Write session by session, as when the roll is taken by hand; raise its Refusals."""
        by_session: dict[int, list[tuple[PlannedRow, RollEntry]]] = defaultdict(list)
        for plan in planned:
            by_session[plan.instance.session.pk].append((plan, _entry(plan.instance)))
        for pk, noted in sorted(by_session.items()):
            result = record_roll_call(
                session=noted[0][0].instance.session,
                entries=[entry for _plan, entry in noted],
                by=self.by,
                at=self._now,
                among=Enrolment.objects.visible_to(self.by),
            )
            for refusal in result.refused.values():
                raise refusal
            if result.kept:
                # Signed since the rehearsal.
                require_unsigned(Session.objects.get(pk=pk))
        return _written([pair for noted in by_session.values() for pair in noted])

    @classmethod
    def take_back(cls, *, written: Sequence[Change], by: User) -> dict[int, str]:
        noted = [
            MarkToUndo(
                one.pk,
                AttendanceStatus(one.fields["status"][0]) if one.fields["status"][0] else None,
                one.fields["minutes_late"][0] or 0,
                # Lists from before there was such a thing have none.
                one.fields.get("minutes_left_early", [None])[0] or 0,
            )
            for one in written
        ]
        return take_back_marks(noted=noted, by=by, at=timezone.now())

    def _session(self, row: SheetRow) -> Session | None:
        """Return the session that the row names, by its number in the class, by its day,
        or by both.
        """
        number, day = row.values.get("number"), row.values.get("day")
        sessions = self._sessions[_code(row)]
        if not sessions:
            row.refuse("run_code", _("You have no class with this code that has sessions."))
            return None
        if number is None and day is None:
            row.refuse("number", _("Please enter the number or the date of the session."))
            return None
        found = [
            session
            for place, session in enumerate(sessions, start=1)
            if number in (None, place) and day in (None, timezone.localdate(session.starts_at))
        ]
        if len(found) != 1:
            several = _("There are several sessions on this date: please give the number as well.")
            none = _("The class has no such session.")
            row.refuse("day" if number is None else "number", several if found else none)
            return None
        return found[0]


def _code(row: SheetRow) -> str:
    return nfc(str(row.values.get("run_code", "")))


def _entry(record: NotedRecord) -> RollEntry:
    assert record.enrolment is not None  # noqa: S101 (checked before anything is written)
    return RollEntry(
        enrolment_id=record.enrolment.pk,
        status=AttendanceStatus(record.status),
        client_id=uuid.uuid4(),
        minutes_late=record.minutes_late or 0,
        reason=_("From an imported list."),
    )


def _written(noted: list[tuple[PlannedRow, RollEntry]]) -> dict[int, list[Change]]:
    client_ids = [entry.client_id for _plan, entry in noted]
    marks = {
        mark.client_id: mark for mark in AttendanceMark.objects.filter(client_id__in=client_ids)
    }
    written: dict[int, list[Change]] = {}
    for plan, entry in noted:
        mark = marks[entry.client_id]
        before = plan.original
        fields = {
            "status": [before.status if before else None, mark.status],
            "minutes_late": [before.late_before if before else None, mark.minutes_late],
            "minutes_left_early": [
                before.early_before if before else None,
                mark.minutes_left_early,
            ],
        }
        written[plan.row.number] = [Change(_MARK, mark.pk, True, fields)]
    return written


ATTENDANCE = ImportKind(
    key="attendance",
    label=gettext_lazy("Attendance of past classes"),
    order=210,
    help=gettext_lazy(
        "One row for each person and session: the class code, the person (staff code, phone "
        "number, or name, year of birth and commune), the number or date of the session, and “có "
        "mặt”, “muộn”, “vắng có phép” or “vắng” (also x, m, p, v)."
    ),
    roles=RUN_MANAGERS,
    resource_class=AttendanceResource,
)
