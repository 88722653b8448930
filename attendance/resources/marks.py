"""Attendance of past classes, as a list that is imported."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.cells import (
    AttendedWidget,
    DayPartWidget,
    MinutesWidget,
    SessionCodeWidget,
    SessionDayWidget,
    SessionNumberWidget,
    StatusWidget,
)
from attendance.domain.register.foresight import foresee_marks
from attendance.domain.roll.late_marks import require_unsigned
from attendance.domain.roll.queries import RecordedStatus
from attendance.domain.roll.recording import (
    RollEntry,
    record_roll_call,
    require_acceptable,
    require_markable,
)
from attendance.domain.roll.undo import MarkToUndo, take_back_marks
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Session
from attendance.resources.grid_reading import grid_form
from attendance.resources.noted_records import NotedRecord, compare, is_empty_cell, name_some
from attendance.resources.session_of_row import (
    code_of,
    session_by_code,
    session_by_words,
    settle_attended,
    tell_sessions,
)
from attendance.resources.session_titles import session_day_in, session_number_in
from courses.models import CourseRun, Enrolment
from courses.permissions import RUN_MANAGERS
from courses.resources.class_titles import ClassCodeWidget, class_code_in
from lms.accounts.models import User
from lms.accounts.rosters.resources.people import PersonRowResource, told_by
from lms.core.change_journal import Change
from lms.core.text import spoken
from lms.importing.extensions import ImportKind
from lms.spreadsheets.import_rows import (
    CommonColumn,
    ImportColumn,
    PlannedRow,
    RefusalOnRow,
    SheetRow,
    Surroundings,
)

_MARK = "attendance.attendancemark"
_TELLS_APART = ("staff_code", "phone", "year_of_birth")
_CELL_OF = {
    "minutes_late_too_many": "minutes_late",
    "minutes_left_early_too_many": "minutes_left_early",
    "withdrawn": "full_name",
}


class AttendanceResource(PersonRowResource):
    """Each row notes one person of a class in one session, by number or by day."""

    title_tells_commune = False
    looks_ahead = True

    run_code = CommonColumn(
        "run_code",
        gettext_lazy("Class code"),
        aliases=("Mã lớp", "Lớp", "Lớp tập huấn", "Mã lớp tập huấn"),
        widget=ClassCodeWidget(),
    )
    session_code = ImportColumn(
        "session_code",
        gettext_lazy("Session code"),
        aliases=("Mã buổi", "Mã buổi học", "Mã phiếu"),
        widget=SessionCodeWidget(),
    )
    number = CommonColumn(
        "number",
        gettext_lazy("Session number"),
        aliases=("Buổi", "Buổi học", "Buổi số", "Số buổi"),
        widget=SessionNumberWidget(),
    )
    day = CommonColumn(
        "day",
        gettext_lazy("Date of the session"),
        aliases=("Ngày", "Ngày học", "Ngày điểm danh", "Ngày tập huấn"),
        widget=SessionDayWidget(),
    )
    day_part = ImportColumn(
        "day_part",
        gettext_lazy("Part of the day"),
        aliases=("Sáng/chiều", "Buổi sáng/chiều", "Buổi trong ngày"),
        widget=DayPartWidget(),
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
    minutes_left_early = ImportColumn(
        "minutes_left_early",
        gettext_lazy("Minutes left early"),
        aliases=("Số phút về sớm", "Về sớm (phút)"),
        widget=MinutesWidget(),
    )
    attended = ImportColumn(
        "attended",
        gettext_lazy("Part attended"),
        aliases=("Số phút có mặt", "Thời lượng tham dự"),
        widget=AttendedWidget(),
    )
    # They follow from what was noted; read to be compared.
    minutes = ImportColumn(
        "minutes",
        gettext_lazy("Minutes attended"),
        aliases=("Số phút tham dự",),
        widget=MinutesWidget(),
    )

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._now = timezone.now()
        self._sessions: dict[str, list[Session]] = {}
        self._enrolments: dict[tuple[int, int], Enrolment] = {}
        self._noted: dict[tuple[int, int], AttendanceRecord] = {}
        self._taken: dict[tuple[int, int], str] = {}
        self._by_id: dict[int, Session] = {}

    def read_around(self, around: Surroundings) -> dict[str, str]:
        """Return class and session that stand around the row; the number goes before the day."""
        told = {
            "run_code": class_code_in(around.nearest),
            "number": session_number_in(around.nearest),
        }
        if not told["number"]:
            told["day"] = session_day_in(around.nearest)
        found = {key: text for key, text in told.items() if text}
        return super().read_around(around) | found

    @classmethod
    def candidate_scope(cls, by: User) -> QuerySet[Any]:
        """Return the people of the classes, as far as one may see them on the roll."""
        return User.objects.filter(pk__in=Enrolment.objects.visible_to(by).values("user"))

    def load(self, rows: Sequence[SheetRow]) -> None:
        super().load(rows)
        codes = {code_of(row) for row in rows} - self._sessions.keys()
        mine = CourseRun.objects.manageable_by(self.by)
        meant = {row.values.get("session_code") for row in rows} - self._by_id.keys() - {None}
        known = Session.objects.select_related("run", "sign_off")
        self._by_id |= known.filter(run__in=mine).in_bulk(list(meant))
        by_code: dict[str, list[Session]] = defaultdict(list)
        for session in known.filter(run__in=mine.with_codes(codes)).order_by("starts_at", "pk"):
            by_code[session.run.code.lower()].append(session)
        self._sessions |= {code: by_code[code.lower()] for code in codes}
        met = [one for code in {code_of(row) for row in rows} for one in self._sessions[code]]
        met += self._by_id.values()
        enrolments = Enrolment.objects.visible_to(self.by).filter(
            run__in={session.run_id for session in met}, user__in=self.register.people
        )
        enrolments = enrolments.select_related("user", "run")
        self._enrolments = {(one.user_id, one.run_id): one for one in enrolments}
        records = AttendanceRecord.objects.filter(session__in=met).select_related("mark")
        self._noted = {(one.session_id, one.enrolment_id): one for one in records}

    def find(self, row: SheetRow) -> NotedRecord | None:
        user_id, session = self.resolve(row), self._session(row)
        if user_id is None and session is not None:
            user_id = self._on_roll(row, session)
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
        late, early = mark.minutes_late, mark.minutes_left_early
        return NotedRecord(
            noted.pk,
            noted.status,
            # What the list says nothing of is not compared.
            late if row.values.get("minutes_late") is not None else None,
            early if row.values.get("minutes_left_early") is not None else None,
            session,
            enrolment,
            late_before=late,
            early_before=early,
            minutes_before=noted.minutes,
        )

    def init_instance(self, row: Any = None) -> NotedRecord:
        return NotedRecord()

    def import_instance(self, instance: Any, row: SheetRow, **kwargs: Any) -> None:
        instance.session, instance.enrolment = row.values["session"], row.values["enrolment"]
        if not is_empty_cell(row):
            instance.status = row.values.get("status", "")
            instance.minutes_late = row.values.get("minutes_late")
            instance.minutes_left_early = row.values.get("minutes_left_early")

    def check(self, row: SheetRow, record: NotedRecord, original: NotedRecord) -> None:
        if not (record.status or row.errors.get("status") or is_empty_cell(row)):
            row.refuse("status", "status_missing", _("Attendance is missing."))
        if record.session is None:
            return
        if record.enrolment is None:
            row.refuse(
                told_by(row), "not_enrolled", _("This person is not enrolled in this class.")
            )
            return
        key = (record.session.pk, record.enrolment.pk)
        if key in self._taken:
            same = _("Same as row %(number)s.") % {"number": self._taken[key]}
            row.refuse(told_by(row), "same_row", same)
        if row.errors:
            return
        if record.said == original.said:
            compare(row, original)
            return
        recorded = RecordedStatus(record.enrolment.status, original.status or None)
        with RefusalOnRow(row, "run_code", columns=_CELL_OF):
            require_markable(session=record.session, at=self._now)
            require_unsigned(record.session)
            require_acceptable(_entry(record), recorded, session=record.session)

    def claim(self, row: SheetRow, record: NotedRecord) -> None:
        if record.session is not None and record.enrolment is not None:
            self._taken[record.session.pk, record.enrolment.pk] = row.where

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
                method=MarkMethod.IMPORTED,
            )
            for refusal in result.refused.values():
                raise refusal
            if result.kept:
                # Signed since the rehearsal.
                require_unsigned(Session.objects.get(pk=pk))
        return _written([pair for noted in by_session.values() for pair in noted])

    def foresee(self, planned: Sequence[PlannedRow]) -> list[str]:
        entries_of: dict[Session, list[RollEntry]] = defaultdict(list)
        names = {}
        for plan in planned:
            person = plan.instance.enrolment
            entries_of[plan.instance.session].append(_entry(plan.instance))
            names[person.pk] = f"{person.user.full_name} ({person.run.code})"
        found = foresee_marks(
            entries_of=entries_of, by=self.by, at=self._now, method=MarkMethod.IMPORTED
        )
        told = (
            (_("Withdraws the completion of: %(names)s."), found.losing),
            (_("Completes the class: %(names)s."), found.completing),
        )
        sessions = tell_sessions(planned)
        return [
            *super().foresee(planned),
            *sessions,
            *(text % {"names": name_some([names[pk] for pk in pks])} for text, pks in told if pks),
        ]

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
        why = _("The import of the list was undone.")
        return take_back_marks(noted=noted, why=why, by=by, at=timezone.now())

    def _on_roll(self, row: SheetRow, session: Session) -> int | None:
        """Return the one of this name in the class, where the row tells no more than the name and
        so leaves it open who of the register is meant.
        """
        if any(row.cells.get(key) for key in _TELLS_APART):
            return None
        here = [pk for pk in row.candidates if (pk, session.run_id) in self._enrolments]
        called = spoken(row.values.get("full_name", ""))
        if len(here) != 1 or spoken(self.register.people[here[0]].full_name) != called:
            return None
        row.candidates = []
        row.notes["full_name"] = _("The only person of this name in the class.")
        return here[0]

    def _session(self, row: SheetRow) -> Session | None:
        if row.cells.get("session_code"):
            return session_by_code(row, self._by_id)
        session = session_by_words(row, self._sessions[code_of(row)])
        if session is not None:
            settle_attended(row, session)
        return session


def _entry(record: NotedRecord) -> RollEntry:
    assert record.enrolment is not None  # noqa: S101 (checked before anything is written)
    return RollEntry(
        enrolment_id=record.enrolment.pk,
        status=AttendanceStatus(record.status),
        client_id=uuid.uuid4(),
        minutes_late=record.minutes_late or 0,
        minutes_left_early=record.minutes_left_early,
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
        "mặt”, “muộn”, “vắng có phép” or “vắng” (also x, m, p, v). Or the attendance table of a "
        "class as it was downloaded, with the cells that you have changed; or a table of your own, "
        "with people down and sessions across (“Buổi 1”, “06/05”), where the class stands in the "
        "title and cells hold x, m, p, v, ½ or the minutes attended."
    ),
    roles=RUN_MANAGERS,
    resource_class=AttendanceResource,
    table_form=grid_form(AttendanceResource.columns()),
    examples=(
        {
            "run_code": "DA2-KB-01",
            "full_name": "Nguyễn Thị Ví Dụ",
            "year_of_birth": "1980",
            "number": "1",
            "status": "có mặt",
        },
        {
            "run_code": "DA2-KB-01",
            "full_name": "Trần Văn Mẫu",
            "year_of_birth": "1975",
            "number": "1",
            "status": "muộn",
            "minutes_late": "15",
        },
    ),
)
