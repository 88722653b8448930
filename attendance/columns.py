"""What attendance adds to the list of classes in the admin."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.pending import annotate_rolls
from courses.models import CourseRun
from lms.accounts.models import User


class RollState:
    """Whether the rolls of the sessions held so far are complete."""

    key = "roll_state"
    label: str | Promise = gettext_lazy("Roll calls")

    def annotate(self, runs: QuerySet[CourseRun], *, reader: User) -> QuerySet[Any]:
        return annotate_rolls(runs, reader=reader, now=timezone.now())

    def value(self, run: Any) -> str:
        if not run.session_count:
            return _("No sessions scheduled")
        figures = {
            "done": run.held_count - run.unfinished_count,
            "held": run.held_count,
            "total": run.session_count,
        }
        if not run.held_count:
            return _("None held yet, %(total)s scheduled") % figures
        if run.unfinished_count:
            return _("Complete in %(done)s of %(held)s sessions") % figures
        return _("Complete (%(held)s of %(total)s sessions held)") % figures
