"""Who can no longer reach the hours of a class is told so, with where it can be made up."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.answering import read_office, trainers_of
from attendance.domain.hours.reach import Shortfall, shortfalls_in
from attendance.domain.hours.reach_changes import runs_changed_between
from attendance.domain.make_ups.offers import MissedSession, missed_sessions
from attendance.domain.make_ups.words import describe_offer
from attendance.domain.sessions.changes import runs_replanned_between
from attendance.domain.wording import describe_minutes
from courses.enums import RunStatus
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.core.addresses import absolute_url
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    Subject,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

# So long may a slip on the roll be put right before anybody is told.
SETTLES: Final = timedelta(hours=1)
# Later than this nobody is told any more: the pages say it.
KEPT: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Case:
    """One person who is short, with all who are told of it."""

    enrolment: Enrolment
    short: Shortfall
    staff: frozenset[int]


class HoursOutOfReach(ReminderKind):
    """Once for each person and class: to the person, the trainers of the class, and the nearest
    coordinators who look after both the class and the person.
    """

    key = "attendance.hours_out_of_reach"
    label = gettext_lazy("Hours of a class can no longer be reached")
    default_lead_minutes = 0
    placeholders = placeholder_labels("run", "missing", "offers", "people", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for everybody concerned, an hour after what made it true."""
        changed = _changed_between(now - KEPT, now)
        for case in _cases(changed).values():
            since = changed[case.enrolment.run_id]
            for user_id in sorted({case.enrolment.user_id, *case.staff}):
                yield PlannedReminder(
                    unique_key=f"{self.key}:{case.enrolment.pk}:{user_id}",
                    user_id=user_id,
                    due_at=since + SETTLES,
                    expires_at=since + SETTLES + KEPT,
                    payload={"enrolment": case.enrolment.pk, "run": case.enrolment.run_id},
                    subject=Subject(
                        run_id=case.enrolment.run_id,
                        run=case.enrolment.run.title,
                        place=case.enrolment.run.place,
                    ),
                )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return what is still so. Of several people of a class the staff read in one message."""
        cases = _cases({reminder.payload["run"] for reminder in reminders})
        missed = missed_sessions(enrolments=[one.enrolment for one in cases.values()], at=now)
        found: dict[int, Message] = {}
        of_staff: dict[tuple[int, int], list[tuple[int, _Case]]] = defaultdict(list)
        for reminder in reminders:
            case = cases.get(reminder.payload["enrolment"])
            if case is None:
                continue
            if reminder.user_id == case.enrolment.user_id:
                own = missed.get(case.enrolment.pk, [])
                found[reminder.pk] = _own_message(case, own, now)
            elif reminder.user_id in case.staff:
                key = (reminder.user_id, case.enrolment.run_id)
                of_staff[key].append((reminder.pk, case))
        for told in of_staff.values():
            found[told[0][0]] = _staff_message([case for _pk, case in told], missed, now)
        return found


def _changed_between(since: datetime, now: datetime) -> dict[int, datetime]:
    """Return the classes in which hours may have got out of reach, and when."""
    changed, replanned = runs_changed_between(since, now), runs_replanned_between(since, now)
    return {
        run_id: max(found[run_id] for found in (changed, replanned) if run_id in found)
        for run_id in changed.keys() | replanned.keys()
    }


def _cases(run_ids: Collection[int]) -> dict[int, _Case]:
    """Return who is short in these classes while they are open, by enrolment id."""
    short = shortfalls_in(
        enrolments=Enrolment.objects.filter(run__status=RunStatus.OPEN), run_ids=run_ids
    )
    if not short:
        return {}
    people = Enrolment.objects.filter(pk__in=short).select_related("user", "unit", "run__unit")
    trainers = trainers_of(run_ids)
    # Many people of few places.
    coordinators = cache(partial(read_office().nearest, roles=(Role.COORDINATOR,)))
    return {
        one.pk: _Case(
            enrolment=one,
            short=short[one.pk],
            staff=frozenset(trainers[one.run_id] | coordinators(one.run.unit.path, one.unit.path)),
        )
        for one in people.in_name_order()
    }


def _own_message(case: _Case, missed: Sequence[MissedSession], now: datetime) -> Message:
    run = case.enrolment.run
    values = {
        "run": run.title,
        "missing": describe_minutes(case.short.missing),
        "offers": "\n".join(_offers(missed, now)),
        "url": absolute_url(reverse("attendance:my_sessions")),
    }
    paragraphs = [
        _(
            "Even if you attend everything that is left of the class “%(run)s”, %(missing)s will be "
            "missing."
        )
    ]
    if values["offers"]:
        paragraphs.append(_("You can make up here:\n%(offers)s"))
    paragraphs.append(_("Choose a session, or see whom to call: %(url)s"))
    return Message(
        subject=_("Hours missing: %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _staff_message(
    cases: Sequence[_Case], missed: Mapping[int, Sequence[MissedSession]], now: datetime
) -> Message:
    run = cases[0].enrolment.run
    values = {
        "run": run.title,
        "people": _people(cases, missed, now),
        "url": absolute_url(reverse("courses:run_detail", args=[run.pk])),
    }
    paragraphs = (
        _("Can no longer reach the hours of the class “%(run)s”:\n%(people)s"),
        _("Arrange a make-up session on the page of the person: %(url)s"),
    )
    return Message(
        subject=_("Hours out of reach: %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _people(
    cases: Sequence[_Case], missed: Mapping[int, Sequence[MissedSession]], now: datetime
) -> str:
    """Return a line for each person; those who can make up in the same sessions read of these once.

    Another mark than the people have: a page and a letter in HTML show no indentation.
    """
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for case in cases:
        offers = tuple(_offers(missed.get(case.enrolment.pk, []), now, mark="+"))
        name, lack = case.enrolment.user.full_name, describe_minutes(case.short.missing)
        alike[offers].append(f"- {name}: {lack}")
    return "\n\n".join(
        "\n".join([*people, *([_("Can be made up here:"), *offers] if offers else [])])
        for offers, people in alike.items()
    )


def _offers(missed: Sequence[MissedSession], now: datetime, mark: str = "-") -> list[str]:
    """Return each session that would mend something once, the soonest first."""
    offers: dict[int, Any] = {o.pk: (o, one.missing) for one in missed for o in one.offers}
    in_order = sorted(offers.values(), key=lambda one: (one[0].starts_at, one[0].pk))
    return [f"{mark} {describe_offer(one, now=now, missing=lack)}" for one, lack in in_order]
