"""Who is in which class, as a list that is imported."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.enrolling import enrol_many
from courses.enums import UNFINISHED_STATUSES, EnrolmentStatus
from courses.models import CourseRun, Enrolment
from courses.permissions import RUN_MANAGERS, host_units
from courses.resources.class_titles import ClassCodeWidget, class_code_in
from lms.accounts.models import Posting, User
from lms.accounts.rosters.resources.people import PersonRowResource, told_by
from lms.core.change_journal import Change
from lms.core.text import nfc
from lms.importing.extensions import ImportKind
from lms.spreadsheets.import_rows import CommonColumn, PlannedRow, SheetRow, Surroundings

_STAMP = ("status", "unit_id", "cadre", "posting_id", "enrolled_at", "completed_at")


@dataclass
class EnrolmentRecord:
    """A person in a class, with the enrolment as it was `before`; None for a new one."""

    pk: int | None = None
    user_id: int | None = None
    run_code: str = ""
    before: Enrolment | None = None

    def __deepcopy__(self, _memo: Any) -> "EnrolmentRecord":
        return replace(self)

    def __str__(self) -> str:
        # Import-export puts each record into words: those of the enrolment would cost queries.
        return self.run_code


class EnrolmentResource(PersonRowResource):
    """Each row puts a person of the register into a class; nobody is taken off one."""

    title_tells_commune = False

    run_code = CommonColumn(
        "run_code",
        gettext_lazy("Class code"),
        aliases=("Mã lớp", "Lớp", "Lớp tập huấn", "Mã lớp tập huấn"),
        required=True,
        widget=ClassCodeWidget(),
    )

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._runs: dict[str, CourseRun | None] = {}
        #: Those of the people met so far, by person and course.
        self._enrolments: dict[tuple[int, int], list[Enrolment]] = {}
        self._taken: dict[tuple[int, int], str] = {}

    @classmethod
    def candidate_scope(cls, by: User) -> QuerySet[Any]:
        """Return the people whom this person may enrol, as when it is done one by one."""
        held = Posting.objects.on(timezone.localdate()).filter(unit__in=host_units(by))
        return User.objects.filter(is_active=True, pk__in=held.values("user"))

    def read_around(self, around: Surroundings) -> dict[str, str]:
        code = class_code_in(around.nearest)
        return super().read_around(around) | ({"run_code": code} if code else {})

    def load(self, rows: Sequence[SheetRow]) -> None:
        super().load(rows)
        codes = {_code(row) for row in rows} - self._runs.keys()
        runs = CourseRun.objects.manageable_by(self.by).with_codes(codes)
        found = {run.code.lower(): run for run in runs}
        self._runs |= {code: found.get(code.lower()) for code in codes}
        courses = {run.course_id for run in self._runs.values() if run is not None}
        met = Enrolment.objects.filter(
            run__course__in=courses, user__among=list(self.register.people)
        )
        self._enrolments = defaultdict(list)
        for enrolment in met.select_related("run"):
            self._enrolments[enrolment.user_id, enrolment.run.course_id].append(enrolment)

    def find(self, row: SheetRow) -> EnrolmentRecord | None:
        row.values["user_id"] = self.resolve(row)
        enrolment = self._here(row)
        if enrolment is None:
            return None
        withdrawn = enrolment.status == EnrolmentStatus.WITHDRAWN
        shown = str(enrolment.get_status_display()) if withdrawn else _code(row)
        return EnrolmentRecord(enrolment.pk, enrolment.user_id, shown, enrolment)

    def init_instance(self, row: Any = None) -> EnrolmentRecord:
        return EnrolmentRecord()

    def import_instance(self, instance: Any, row: SheetRow, **kwargs: Any) -> None:
        instance.user_id = row.values["user_id"]
        instance.run_code = _code(row)

    def check(self, row: SheetRow, record: EnrolmentRecord, original: EnrolmentRecord) -> None:
        run, user_id = self._runs.get(_code(row)), record.user_id
        # Whoever is in the class stays in it, wherever the person works by now.
        if not _is_in(original):
            self._check_new(row, run, user_id)
        if run is not None and (user_id, run.pk) in self._taken:
            number = self._taken[user_id, run.pk]  # type: ignore[index]
            row.refuse("run_code", "same_row", _("Same as row %(number)s.") % {"number": number})

    def _check_new(self, row: SheetRow, run: CourseRun | None, user_id: int | None) -> None:
        if run is None:
            row.refuse(
                "run_code", "unknown_class", _("You are not in charge of a class with this code.")
            )
        elif run.status not in UNFINISHED_STATUSES:
            row.refuse(
                "run_code",
                "class_over",
                _("This class is closed or cancelled: nobody can be enrolled."),
            )
        if user_id is None:
            row.refuse(
                told_by(row),
                "nobody_matches",
                _("No one on the register matches: add the person first."),
            )
        elif user_id not in self.register.visible:
            row.refuse(
                told_by(row),
                "not_enrollable",
                _("You cannot enrol this person: no post in your area today."),
            )
        elif run is not None and self._learns_elsewhere(user_id, run):
            row.refuse(
                "run_code",
                "learns_elsewhere",
                _("This person is taking the course in another class."),
            )

    def claim(self, row: SheetRow, record: EnrolmentRecord) -> None:
        run = self._runs[_code(row)]
        if run is not None and record.user_id is not None:
            self._taken[record.user_id, run.pk] = row.where

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        """Write class by class, as when the list is entered by hand; raise its DomainErrors."""
        by_run: dict[str, list[PlannedRow]] = defaultdict(list)
        for plan in planned:
            by_run[plan.instance.run_code].append(plan)
        written: dict[int, list[Change]] = {}
        for code, plans in sorted(by_run.items()):
            run = self._runs[code]
            users = User.objects.in_bulk([plan.instance.user_id for plan in plans])
            enrolments = enrol_many(
                run=run,  # type: ignore[arg-type]
                users=[users[plan.instance.user_id] for plan in plans],
                at=timezone.now(),
            )
            for plan, enrolment in zip(plans, enrolments, strict=True):
                written[plan.row.number] = [_written(enrolment, plan.instance.before)]
        return written

    def _here(self, row: SheetRow) -> Enrolment | None:
        run, user_id = self._runs.get(_code(row)), row.values["user_id"]
        if run is None or user_id is None:
            return None
        met = self._enrolments[user_id, run.course_id]
        return next((one for one in met if one.run_id == run.pk), None)

    def _learns_elsewhere(self, user_id: int, run: CourseRun) -> bool:
        return any(
            one.run_id != run.pk
            and one.status == EnrolmentStatus.ACTIVE
            and one.run.status in UNFINISHED_STATUSES
            for one in self._enrolments[user_id, run.course_id]
        )


def _is_in(record: EnrolmentRecord) -> bool:
    return record.before is not None and record.before.status != EnrolmentStatus.WITHDRAWN


def _code(row: SheetRow) -> str:
    return nfc(str(row.values.get("run_code", "")))


def _written(enrolment: Enrolment, before: Enrolment | None) -> Change:
    fields = {
        name: [getattr(before, name) if before else None, getattr(enrolment, name)]
        for name in _STAMP
    }
    return Change("courses.enrolment", enrolment.pk, before is None, fields, "enrolment")


ENROLMENTS = ImportKind(
    key="enrolments",
    label=gettext_lazy("Trainees of classes"),
    order=200,
    help=gettext_lazy(
        "One row for each trainee: the class code (or one class in the title of the list), and the staff code, the phone number, or "
        "name, year of birth and commune. Anyone already in the class is left unchanged."
    ),
    roles=RUN_MANAGERS,
    resource_class=EnrolmentResource,
    examples=(
        {
            "run_code": "DA2-KB-01",
            "full_name": "Nguyễn Thị Ví Dụ",
            "year_of_birth": "1980",
            "phone": "0912 345 678",
            "unit": "Xã Khả Phong",
        },
        {
            "run_code": "DA2-KB-01",
            "full_name": "Trần Văn Mẫu",
            "year_of_birth": "1975",
            "unit": "Thị trấn Quế",
        },
    ),
)
