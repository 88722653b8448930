"""What those who oversee an area hear each week: figures and links, never a name."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.accounts.models import Posting, RoleAssignment
from lms.core.addresses import absolute_url
from lms.core.display import vi_number
from lms.core.local_time import local_moment
from lms.geography.enums import Level
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

MORNING: Final = time(8)
# A Monday's figures give way to the next.
STILL_NEWS: Final = timedelta(days=4)
# Told are classes that end within this time, and open ones that are over; whom the report calls
# late is another matter.
SOON: Final = timedelta(days=7)
_READERS: Final = (Role.COORDINATOR, Role.MONITOR)


class WeekInArea(ReminderKind):
    """Once for each coordinator and monitor and Monday: how many have not completed a class
    that ends, how many communes have nobody in one. Nothing where neither is so. Comes switched off.
    """

    key = "reporting.week_in_area"
    label = gettext_lazy(
        "Each week: classes that end without completion, communes with nobody in a class"
    )
    default_lead_minutes = 0
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("count", "empty", "url")

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
        """Return the figures of each reader's own area; four queries."""
        paths = _areas({row.user_id for row in reminders})
        unfinished, empty = _not_completed_by_path(now), _communes_without_learners(now)
        found = {}
        for row in reminders:
            own = tuple(paths[row.user_id])
            # Without units no role is held any more: nothing is told.
            people = sum(n for path, n in unfinished.items() if own and path.startswith(own))
            communes = sum(1 for path in empty if own and path.startswith(own))
            if people or communes:
                found[row.pk] = _message(people, communes)
        return found


def _areas(user_ids: set[int]) -> Mapping[int, set[str]]:
    """Return the paths of the units that these people oversee, on every map."""
    roles = RoleAssignment.objects.filter(role__in=_READERS, user__in=user_ids)
    found: dict[int, set[str]] = defaultdict(set)
    for user_id, *paths in roles.values_list("user", "unit__path", "unit__covers__covered__path"):
        found[user_id] |= {path for path in paths if path}
    return found


def _not_completed_by_path(now: datetime) -> Counter[str]:
    """Return how many have not completed a class that ends, by the path of the unit for which they learn."""
    rows = Enrolment.objects.filter(
        status=EnrolmentStatus.ACTIVE,
        run__status=RunStatus.OPEN,
        run__ends_on__lte=timezone.localdate(now) + SOON,
    )
    people = set(rows.values_list("user", "unit__path"))
    return Counter(path for _user, path in people)


def _communes_without_learners(now: datetime) -> set[str]:
    """Return the paths of communes of whose officers none has been in a class."""
    enrolled = Enrolment.objects.in_held_classes().filter(user=OuterRef("user"))
    posts = Posting.objects.on(timezone.localdate(now)).filter(
        unit__level=Level.COMMUNE, user__is_minimal=False
    )
    rows = set(posts.annotate(is_in=Exists(enrolled)).values_list("unit__path", "is_in"))
    return {path for path, _is_in in rows} - {path for path, is_in in rows if is_in}


def _message(people: int, communes: int) -> Message:
    values = {
        "count": vi_number(people),
        "empty": vi_number(communes),
        "url": absolute_url(reverse("reporting:completion")),
    }
    paragraphs = (
        _("People who have not completed a class that is over or ends within a week: %(count)s."),
        _("Communes of whose officers nobody has been in a class: %(empty)s."),
        _("The report: %(url)s"),
    )
    return Message(
        subject=_(
            "This week: %(count)s people who have not completed, %(empty)s communes with nobody"
        )
        % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )
