"""A class copied whole to another place and other days: what it asks and how it is planned,
never its people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.domain.runs import create_run, requirements_in_force
from courses.models import CompletionRequirement, CourseRun
from courses.signals import run_copied
from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.core.text import fold, nfc
from lms.geography.models import AdministrativeUnit


@dataclass(frozen=True)
class CopyPlan:
    """What the copy of a class is to be; everything in it is as many days later as its first day."""

    source: CourseRun
    code: str
    title: str
    unit: AdministrativeUnit
    place: str
    starts_on: date
    trainers: Sequence[User] = ()

    @property
    def shift(self) -> timedelta:
        return self.starts_on - self.source.starts_on

    @property
    def ends_on(self) -> date:
        return self.source.ends_on + self.shift

    @property
    def names_source_unit(self) -> bool:
        """Return whether title or place still name the unit of the class that is copied, though
        another one holds the copy.
        """
        old = fold(self.source.unit.display_name)
        return self.unit.pk != self.source.unit_id and old in fold(f"{self.title}, {self.place}")

    def draft(self) -> CourseRun:
        """Return the class as it would be, not yet saved."""
        return CourseRun(
            programme=self.source.programme,
            course=self.source.course,
            code=nfc(self.code),
            title=nfc(self.title),
            unit=self.unit,
            place=nfc(self.place),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


def propose_code(*, run: CourseRun) -> str:
    """Return the first free code that goes on from that of the class."""
    numbered = (f"{run.code[:36]}-{number}" for number in count(2))
    return next(code for code in numbered if not CourseRun.objects.with_codes([code]).exists())


def check_copy(*, plan: CopyPlan) -> None:
    """Raise the Refusal `code_taken` where a class has this code already."""
    if CourseRun.objects.with_codes([nfc(plan.code)]).exists():
        raise Refusal("code_taken", _("There is already a class with this code."), field="code")


@transaction.atomic
def copy_run(*, plan: CopyPlan, by: User, at: datetime) -> CourseRun:
    """Make the class as planned, with its trainers and what it asks; plug-ins copy the rest
    (`run_copied`). People, marks and whatever else was noted stay where they are.

    Raises the Refusals of `check_copy`, `check_plan` and of the plug-ins.
    """
    check_copy(plan=plan)
    run = create_run(run=plan.draft(), trainers=plan.trainers, by=by)
    CompletionRequirement.objects.bulk_create(
        CompletionRequirement(
            run=run, version=1, criterion=row.criterion, params=row.params, created_at=at
        )
        for row in requirements_in_force(run=plan.source)
    )
    log(run, "courses.copy_run", user=by, timestamp=at, data={"source": plan.source.pk})
    run_copied.send(sender=CourseRun, plan=plan, run=run, by=by, at=at)
    return run
