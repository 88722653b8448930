"""What comes after reminders that changed nothing: those in charge of the person are told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.enums import Role
from lms.accounts.models import Posting, RoleAssignment
from lms.accounts.models.people import COVERED_PATHS
from lms.core.addresses import absolute_url
from lms.core.display import phone_local
from lms.geography.models import AdministrativeUnit
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    Subject,
    placeholder_labels,
    reminder_kinds,
)
from lms.notifications.models import Reminder, ReminderRule

# So long after the focal point the coordinator is told.
NEXT_STAGE: Final = timedelta(days=7)
STILL_NEWS: Final = timedelta(days=5)
_STAGES: Final = (Role.FOCAL_POINT, Role.COORDINATOR)
# Said for the last time, whether or not it arrived.
_SAID: Final = (
    ReminderState.SENT,
    ReminderState.UNREACHABLE,
    ReminderState.FAILED,
    ReminderState.UNCERTAIN,
)


class Unanswered(ReminderKind):
    """Once for each reminder that was said for the last time and each person in charge: first the
    focal point of the commune, a week later the coordinator of the district.

    Only of rules that repeat; moot once the kind would no longer say it. Comes switched off.
    """

    key = "notifications.unanswered"
    label = gettext_lazy("Reminded several times without effect: to those in charge")
    default_lead_minutes = 3 * 24 * 60
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("people", "count", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        lead = timedelta(minutes=rule.lead_minutes)
        since = now - lead - NEXT_STAGE - STILL_NEWS
        rows = list(_said_last().filter(state_since__gt=since).order_by("pk"))
        in_charge = _in_charge({row.user_id for row in rows}, now)
        for row in rows:
            # Whoever holds both roles is told once, with the first of them.
            told = {row.user_id}
            for stage, role in enumerate(_STAGES):
                due_at = row.state_since + lead + stage * NEXT_STAGE
                next_ones = in_charge[role].get(row.user_id, set()) - told
                told |= next_ones
                for user_id in sorted(next_ones):
                    yield PlannedReminder(
                        unique_key=f"{self.key}:{row.pk}:{user_id}",
                        user_id=user_id,
                        due_at=due_at,
                        expires_at=due_at + STILL_NEWS,
                        payload={"reminder": row.pk, "role": role.value},
                        subject=Subject(run_id=row.run_number, run=row.run_title, place=row.place),
                    )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return one message to each person in charge, of all for whom it still holds."""
        told = _still_open({row.payload["reminder"] for row in reminders}, now)
        in_charge = _in_charge({one.user_id for one in told.values()}, now)
        of_person: dict[int, list[tuple[Reminder, Reminder]]] = defaultdict(list)
        for row in reminders:
            about = told.get(row.payload["reminder"])
            role = Role(row.payload["role"])
            if about and row.user_id in in_charge[role].get(about.user_id, ()):
                of_person[row.user_id].append((row, about))
        return {
            rows[0][0].pk: _message([about for _row, about in rows]) for rows in of_person.values()
        }


def _said_last() -> QuerySet[Reminder]:
    return Reminder.objects.filter(
        state__in=_SAID, rule__repeat_times__gte=1, occurrence=F("rule__repeat_times")
    ).exclude(rule__kind=Unanswered.key)


def _still_open(reminder_ids: Iterable[int], now: datetime) -> dict[int, Reminder]:
    """Return those of these reminders that their kinds would say again now."""
    rows = _said_last().filter(pk__in=reminder_ids).select_related("user", "rule")
    by_kind: dict[str, list[Reminder]] = defaultdict(list)
    for row in rows:
        by_kind[row.rule.kind].append(row)
    wanted: set[int] = set()
    for key, asked in by_kind.items():
        kind = reminder_kinds.get(key)
        wanted |= set(kind.messages(reminders=asked, now=now)) if kind else set()
    return {row.pk: row for row in rows if row.pk in wanted}


def _in_charge(user_ids: Iterable[int], now: datetime) -> dict[Role, dict[int, set[int]]]:
    """Return by role who is in charge of each of these people by the posts of today, on whichever map
    post and role stand; two queries.

    Where the tier of a role is abolished, whoever holds it on a unit above is in charge.
    """
    posts = Posting.objects.on(timezone.localdate(now)).filter(user__in=user_ids)
    paths = list(posts.values_list("user", "unit__path"))
    roles = RoleAssignment.objects.filter(role__in=_STAGES, user__is_active=True)
    held: dict[str, set[tuple[Role, int]]] = defaultdict(set)
    for role, holder, *covered in roles.order_by().values_list("role", "user", *COVERED_PATHS):
        for path in filter(None, covered):
            held[path].add((Role(role), holder))
    found: dict[Role, dict[int, set[int]]] = {role: defaultdict(set) for role in _STAGES}
    for user_id, path in paths:
        for end in range(AdministrativeUnit.steplen, len(path) + 1, AdministrativeUnit.steplen):
            for role, holder in held.get(path[:end], ()):
                found[role][user_id].add(holder)
    return found


def _message(rows: Sequence[Any]) -> Message:
    lines = [_line(row) for row in rows]
    values = {
        "people": "\n".join(lines),
        "count": len(rows),
        "url": absolute_url(reverse("reminders:index")),
    }
    paragraphs = (
        _("Reminded several times without effect:\n%(people)s"),
        _("Please call. All reminders: %(url)s"),
    )
    return Message(
        subject=_("Reminded without effect: %(count)d people to call") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _line(row: Any) -> str:
    """Return who is to be called, the number, and about what."""
    kind = reminder_kinds.get(row.rule.kind)
    about = [str(kind.label) if kind else "", row.run_title]
    said = ", ".join(word for word in about if word)
    return f"- {row.user.full_name}, {phone_local(row.user.phone) or '–'}: {said}"
