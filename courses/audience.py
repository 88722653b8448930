"""By which classes a rule of reminders is narrowed: those of a programme, of a course, or single ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.enums import RunStatus
from courses.models import CoursePage, CourseRun, Programme
from lms.accounts.models import User


@dataclass(frozen=True)
class ClassesBy:
    """Classes by a column of theirs; offered are those that stand behind classes in sight."""

    key: str
    label: str | Promise
    model: Any
    column: str
    name: str

    def choices(self, *, by: User) -> Sequence[tuple[int, str]]:
        """Return those of classes in sight that are not over for good."""
        runs = CourseRun.objects.visible_to(by).exclude(status=RunStatus.CANCELLED)
        return self._named(self.model.objects.filter(pk__in=runs.values(self.column)))

    def named(self, *, ids: Sequence[int]) -> Sequence[tuple[int, str]]:
        return self._named(self.model.objects.filter(pk__in=ids))

    def _named(self, rows: Any) -> list[tuple[int, str]]:
        return list(rows.order_by(self.name, "pk").values_list("pk", self.name))

    def classes(self, *, ids: Sequence[int]) -> list[int]:
        rows = CourseRun.objects.filter(**{f"{self.column}__in": ids})
        return list(rows.order_by().values_list("pk", flat=True))


AUDIENCE_PARTS: Final = (
    ClassesBy("programme", _("Programmes"), Programme, "programme", "name"),
    ClassesBy("course", _("Courses"), CoursePage, "course", "title"),
    ClassesBy("class", _("Classes"), CourseRun, "pk", "title"),
)
