"""What attendance looks at before a class opens: its sessions, and who is wanted twice."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.domain.hours.rules import HOURS_KEY
from attendance.domain.sessions.conflicts import describe_clash, find_clashes
from attendance.domain.sessions.seats import describe_crowd, find_crowds
from attendance.domain.wording import describe_minutes
from attendance.models import Session
from courses.domain.runs import requirements_in_force
from courses.enums import FindingLevel
from courses.extensions import OpeningFinding
from courses.models import CourseRun
from lms.accounts.models import User


class SessionsFit:
    """Whether sessions are planned within the days of the class, and clash with no other class, in rooms with seats for
    everybody.
    """

    key = "attendance.sessions"

    def find(self, run: CourseRun, *, reader: User) -> list[OpeningFinding]:
        planned = Session.objects.taking_place().filter(run=run).prefetch_related("trainers")
        sessions = list(planned.order_by("starts_at"))
        if not sessions:
            return [_unplanned(run)]
        if _asks_hours(run) and not any(one.is_required for one in sessions):
            return [_uncounted(run)]
        findings = [_planned(sessions), *_off_the_days(run, sessions)]
        way = (_("Change the sessions"), reverse("courses:run_detail", args=(run.pk,)))
        findings += [
            OpeningFinding(FindingLevel.DOUBTFUL, describe_clash(clash), *way)
            for clash in find_clashes(run=run, periods=sessions, reader=reader)
        ]
        findings += [
            OpeningFinding(FindingLevel.DOUBTFUL, describe_crowd(crowd), *way)
            for crowd in find_crowds(run=run, periods=sessions)
        ]
        return findings


def _unplanned(run: CourseRun) -> OpeningFinding:
    text = _("No session is planned yet: nobody knows when to come, and no hours can count.")
    if _asks_hours(run):
        text = _(
            "No session is planned yet, but the class asks for hours of attendance: while it has no "
            "session, nobody can ever complete it. Plan its sessions, or do not ask for hours."
        )
    return OpeningFinding(
        FindingLevel.DOUBTFUL,
        text,
        _("Plan a session"),
        reverse("attendance:session_new", args=(run.pk,)),
    )


def _uncounted(run: CourseRun) -> OpeningFinding:
    return OpeningFinding(
        FindingLevel.DOUBTFUL,
        _(
            "The class asks for hours of attendance, but the hours of none of its sessions count: "
            "nobody can ever complete it."
        ),
        _("Change the sessions"),
        reverse("courses:run_detail", args=(run.pk,)),
    )


def _asks_hours(run: CourseRun) -> bool:
    """Return whether the class asks for hours once it is open: it does where nothing was set."""
    in_force = requirements_in_force(run=run)
    return not in_force or any(row.criterion == HOURS_KEY for row in in_force)


def _planned(sessions: list[Session]) -> OpeningFinding:
    hours = describe_minutes(sum(one.minutes for one in sessions if one.is_required))
    text = ngettext(
        "%(count)d session is planned; %(hours)s count.",
        "%(count)d sessions are planned; %(hours)s count.",
        len(sessions),
    )
    return OpeningFinding(FindingLevel.GOOD, text % {"count": len(sessions), "hours": hours})


def _off_the_days(run: CourseRun, sessions: list[Session]) -> list[OpeningFinding]:
    """Return the sessions that the days of the class no longer hold, since these were changed."""
    off = [
        session.title
        for session in sessions
        if not run.starts_on <= timezone.localdate(session.starts_at) <= run.ends_on
    ]
    if not off:
        return []
    text = _("Outside the days of the class: %(sessions)s.") % {"sessions": ", ".join(off)}
    way = (_("Change the days"), reverse("runs:edit", args=(run.pk,)))
    return [OpeningFinding(FindingLevel.DOUBTFUL, text, *way)]
