"""What those who oversee an area hear each week: figures and links, never a name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Programme
from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment
from lms.core.addresses import absolute_url
from lms.core.display import vi_number
from lms.core.local_time import local_moment
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule
from lms.reporting.domain.queries import programmes_in_order
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables import completion_table

MORNING: Final = time(8)
# A Monday's figures give way to the next.
STILL_NEWS: Final = timedelta(days=4)
_READERS: Final = (Role.COORDINATOR, Role.MONITOR)


class WeekInArea(ReminderKind):
    """Once for each coordinator and monitor and Monday: how many are late, in how many communes
    nobody is in a class, and how many places have not reached the target that was set for them, as
    the report says. Nothing where none of it is so. Comes switched off.
    """

    key = "reporting.week_in_area"
    label = gettext_lazy(
        "Each week: who is late, communes with nobody in a class, targets that are not reached"
    )
    default_lead_minutes = 0
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("count", "empty", "behind", "programme", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        roles = RoleAssignment.objects.filter(role__in=_READERS, user__is_active=True)
        readers = sorted(set(roles.values_list("user", flat=True)))
        lead = timedelta(minutes=rule.lead_minutes)
        today = timezone.localdate(now)
        monday = today - timedelta(days=today.weekday())
        while (due_at := local_moment(monday, MORNING) + lead) <= now + ahead:
            for user_id in readers if now < due_at + STILL_NEWS else ():
                yield PlannedReminder(
                    unique_key=f"{self.key}:{user_id}:{monday.isoformat()}",
                    user_id=user_id,
                    due_at=due_at,
                    expires_at=due_at + STILL_NEWS,
                )
            monday += timedelta(days=7)

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return what the report of the newest programme tells each reader of the own area on this day."""
        programme, on = programmes_in_order().first(), timezone.localdate(now)
        found: dict[int, Message] = {}
        for row in reminders:
            if programme is None or not row.user.scope.oversees:
                continue
            table = completion_table(
                programme=programme, edition=programme.edition, on=on, reader=row.user
            )
            total, targeted = table.total, [row for row in table.rows if row.goal.is_by_target]
            behind = sum(not row.is_done for row in targeted)
            if total.figures.late or total.communes_unreached or behind:
                found[row.pk] = _message(programme, total, behind=behind, targeted=len(targeted))
        return found


def _message(programme: Programme, total: Row, *, behind: int, targeted: int) -> Message:
    path = reverse("reporting:completion")
    values = {
        "count": vi_number(total.figures.late),
        "empty": vi_number(total.communes_unreached),
        "behind": vi_number(behind),
        "targeted": vi_number(targeted),
        "programme": programme,
        "url": absolute_url(f"{path}?programme={programme.pk}"),
    }
    paragraphs = (
        "%(programme)s",
        _(
            "Late, since they are in no class or did not complete one that is over: %(count)s people."
        ),
        _("Communes where nobody is in any class: %(empty)s."),
        *([_("Target not reached: %(behind)s of %(targeted)s places.")] if targeted else []),
        _("The report: %(url)s"),
    )
    return Message(
        subject=_("This week: %(count)s people are late, %(empty)s communes with nobody in a class")
        % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )
