"""What those who oversee an area hear each week: figures and links, never a name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Programme
from lms.accounts.enums import Role
from lms.core.addresses import absolute_url
from lms.core.display import vi_number
from lms.notifications.extensions import (
    EachMonday,
    Message,
    by_area,
    placeholder_labels,
)
from lms.notifications.models import Reminder
from lms.reporting.domain.queries import programmes_in_order
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables_of_areas import tables_of_areas


class WeekInArea(EachMonday):
    """Tell coordinators and monitors how many are late, in how many communes nobody is in a class,
    and how many places have not reached the target that was set for them, as the report says.
    Nothing where none of it is so.
    """

    key = "reporting.week_in_area"
    label = gettext_lazy(
        "Each week: who is late, communes with nobody in a class, targets that are not reached"
    )
    roles = (Role.COORDINATOR, Role.MONITOR)
    placeholders = placeholder_labels("count", "empty", "behind", "programme", "url")

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return what the report of the newest programme tells each reader of the own area on this day.

        The queries of one report, whatever the number of areas, and that of the roles.
        """
        programme, on = programmes_in_order().first(), timezone.localdate(now)
        found: dict[int, Message] = {}
        areas = {rows[0].user: rows for rows in by_area(reminders) if rows[0].user.scope.oversees}
        if programme is None or not areas:
            return found
        for reader, table in tables_of_areas(programme=programme, on=on, readers=list(areas)):
            total, targeted = table.total, [one for one in table.rows if one.goal.is_by_target]
            behind = sum(not one.is_done for one in targeted)
            if total.figures.late or total.communes_unreached or behind:
                said = _message(programme, total, behind=behind, targeted=len(targeted))
                found |= {row.pk: said for row in areas[reader]}
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
