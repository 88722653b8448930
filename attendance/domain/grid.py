"""The register of a class as a grid, people by sessions: one definition for page and file."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.hours.make_up_credit import credits_of, make_ups_for
from attendance.domain.hours.reach import Shortfall, shortfalls_of
from attendance.domain.hours.rules import HOURS_KEY, rules_of
from attendance.domain.make_ups.words import describe_make_up
from attendance.domain.paper.sheet_codes import sheet_code
from attendance.domain.status_words import sign_of
from attendance.models import AttendanceRecord, Session
from courses.models import CourseRun, CriterionProgress, Enrolment
from lms.accounts.models import User
from lms.core.codes import group_code
from lms.core.display import vi_date
from lms.core.text import place_key
from lms.spreadsheets.tables import Cell

#: Between what was noted and the minutes that follow from it.
SEPARATOR: Final = " · "


@dataclass(frozen=True)
class GridCell:
    """What is settled about one person in one session; `minutes` None while they do not count."""

    status: str
    minutes: int | None
    minutes_late: int = 0
    minutes_left_early: int = 0

    @property
    def noted(self) -> str:
        """What was noted, in the signs of rolls on paper: x, "m 15", v, "x s 20"."""
        late = f" {self.minutes_late}" if self.minutes_late else ""
        early = f" s {self.minutes_left_early}" if self.minutes_left_early else ""
        return f"{sign_of(self.status)}{late}{early}"

    def __str__(self) -> str:
        return self.noted if self.minutes is None else f"{self.noted}{SEPARATOR}{self.minutes}"


@dataclass(frozen=True)
class GridRow:
    """A person with a cell, or None, for each session; `required` is None where no hours are asked."""

    enrolment: Enrolment
    cells: Sequence[GridCell | None]
    attended: int
    required: int | None
    #: What is made up for elsewhere, each in a sentence.
    made_up: Sequence[str] = ()
    #: Minutes that will be missing whatever comes; None while the hours can be reached.
    missing: int | None = None


@dataclass(frozen=True)
class GridColumn:
    """`sort`: the order that the column offers; `session`: the one whose marks it shows."""

    label: str
    value: Callable[[GridRow], Cell]
    sort: str = ""
    session: Session | None = None
    is_number: bool = False
    #: Says in a file, which has no page around it, whose row it is.
    is_in_file_alone: bool = False

    @property
    def file_label(self) -> str:
        """Head the column in a file; the code says of which session it is when it comes back."""
        if self.session is None:
            return self.label
        return f"{self.label} [{group_code(sheet_code(session_id=self.session.pk))}]"


#: By what the grid can be sorted; a minus turns it round.
ORDERS: Final[Mapping[str, Callable[[GridRow], Any]]] = {
    "name": lambda row: 0,
    "unit": lambda row: place_key(row.enrolment.unit.display_name),
    "total": lambda row: row.attended,
    # Whoever lacks most comes first.
    "missing": lambda row: -(row.missing or 0),
}


@dataclass(frozen=True)
class Grid:
    run: CourseRun
    sessions: Sequence[Session]
    rows: Sequence[GridRow]

    @property
    def columns(self) -> list[GridColumn]:
        """Return the columns of page and file, from left to right."""
        return [
            GridColumn(_("Class code"), lambda row: self.run.code, is_in_file_alone=True),
            GridColumn(
                _("Staff code"), lambda row: row.enrolment.user.staff_code, is_in_file_alone=True
            ),
            GridColumn(_("Full name"), lambda row: row.enrolment.user.full_name, sort="name"),
            GridColumn(
                _("Commune or office"), lambda row: row.enrolment.unit.display_name, sort="unit"
            ),
            *(_session_column(place, one) for place, one in enumerate(self.sessions)),
            GridColumn(
                _("Minutes attended"), lambda row: row.attended, sort="total", is_number=True
            ),
            GridColumn(_("Minutes required"), lambda row: row.required, is_number=True),
            *self._missing_columns,
            *self._make_up_columns,
        ]

    @property
    def _missing_columns(self) -> list[GridColumn]:
        """Return one column where somebody can no longer reach the hours, else none."""
        if all(row.missing is None for row in self.rows):
            return []
        label = _("Minutes out of reach")
        return [GridColumn(label, lambda row: row.missing, sort="missing", is_number=True)]

    @property
    def _make_up_columns(self) -> list[GridColumn]:
        """Return one column where somebody of the class makes up, else none."""
        if not any(row.made_up for row in self.rows):
            return []
        return [GridColumn(_("Made up elsewhere"), lambda row: "\n".join(row.made_up) or None)]


def grid_of(*, run: CourseRun, reader: User, order: str = "name") -> Grid:
    """Return the people of the class who count and whom the reader may see, by its sessions.

    Sessions that were cancelled are left out. Six queries, whatever the numbers; one more where hours
    are asked, five where somebody makes up elsewhere. An `order` that is none of `ORDERS` is that of names.
    """
    sessions = list(run.sessions.filter(cancelled_at__isnull=True).order_by("starts_at", "pk"))
    people = Enrolment.objects.visible_to(reader).counted().filter(run=run)
    cells = _cells(sessions, people)
    hours = _hours(people)
    made_up = _made_up(run, sessions, people)
    short = shortfalls_of(enrolments=people, run=run)
    rows = [
        _row(
            one,
            [cells.get((session.pk, one.pk)) for session in sessions],
            hours.get(one.pk),
            made_up.get(one.pk, ()),
            short.get(one.pk),
        )
        for one in people.select_related("user", "unit").in_name_order()
    ]
    key = ORDERS.get(order.removeprefix("-"), ORDERS["name"])
    ordered = sorted(rows, key=key)
    return Grid(run, sessions, ordered[::-1] if order.startswith("-") else ordered)


def session_heading(session: Session) -> str:
    """Name a session as the head of its column does: by its begin, which no other shares."""
    return f"{vi_date(session.starts_at)} {vi_date(session.starts_at, 'hour')} {session.title}"


def _session_column(place: int, session: Session) -> GridColumn:
    def value(row: GridRow) -> Cell:
        cell = row.cells[place]
        return str(cell) if cell else None

    return GridColumn(session_heading(session), value, session=session)


def _cells(sessions: Sequence[Session], people: Any) -> dict[tuple[int, int], GridCell]:
    records = AttendanceRecord.objects.filter(
        session__in=sessions, enrolment__in=people.values("pk")
    )
    rows = records.values_list(
        "session_id",
        "enrolment_id",
        "status",
        "minutes",
        "mark__minutes_late",
        "mark__minutes_left_early",
    )
    counted = {session.pk for session in sessions if session.counted_at}
    return {
        (session, person): GridCell(status, minutes if session in counted else None, late, early)
        for session, person, status, minutes, late, early in rows
    }


def _hours(people: Any) -> dict[int, tuple[int, int]]:
    """Return minutes attended and required by which completion is judged, by enrolment id."""
    rows = CriterionProgress.objects.filter(criterion=HOURS_KEY, enrolment__in=people.values("pk"))
    return {
        pk: (got, asked) for pk, got, asked in rows.values_list("enrolment", "achieved", "required")
    }


def _made_up(run: CourseRun, sessions: Sequence[Session], people: Any) -> dict[int, list[str]]:
    """Return what people make up for in sessions of other classes, by enrolment id."""
    agreed = make_ups_for(people, sessions).order_by("missed_session__starts_at", "pk")
    found: dict[int, list[str]] = defaultdict(list)
    if agreed.exists():
        now = timezone.now()
        for credit in credits_of(agreed, rules={run.pk: rules_of(run)}):
            values = {
                "missed": credit.make_up.missed_session.title,
                "said": describe_make_up(credit, now=now),
            }
            line = _("%(missed)s: %(said)s") % values
            found[credit.make_up.enrolment_id].append(line)
    return found


def _row(
    enrolment: Enrolment,
    cells: Sequence[GridCell | None],
    hours: tuple[int, int] | None,
    made_up: Sequence[str],
    short: Shortfall | None,
) -> GridRow:
    attended, required = hours or (sum(cell.minutes or 0 for cell in cells if cell), None)
    missing = short.missing if short else None
    return GridRow(enrolment, cells, attended, required, made_up, missing)
