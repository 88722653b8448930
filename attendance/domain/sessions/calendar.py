"""Sessions as any calendar understands them: as a file, a feed, or the part of a mail (RFC 5545)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from typing import Final

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration

from attendance.domain.session_trainers import trainers_of
from attendance.domain.wording import describe_place
from attendance.models import Session
from courses.enums import RunStatus
from courses.models import CourseRun
from lms.core.models import suite_name
from lms.messaging.extensions import CalendarPart

PRODUCT: Final = "-//Training suite//attendance//VI"
#: How long before it begins the phone rings.
ALARM_BEFORE: Final = timedelta(hours=2)
#: How often a client is asked to look again.
LOOK_AGAIN: Final = timedelta(hours=4)
# No session is older; the clock of Vietnam has not been changed since 1975.
_ZONE_SINCE: Final = date(2000, 1, 1)
# The place of the class stands in those alone that have none of their own.
_IN_ALL_ENTRIES: Final = frozenset({"title", "unit", "trainers"})


def as_icalendar(
    *, sessions: Iterable[Session], url: str, at: datetime, name: str = "", method: str = ""
) -> bytes:
    """Return a calendar with an event a session; `url` leads back to the suite.

    The same session always carries the same UID, so that a second one replaces the first, and that
    of a cancelled session or class says so. `name` is what a feed is called. Needs `session.run`
    with its unit, `session.module`, and the trainers (`load_trainers`).
    """
    calendar = _calendar(method=method)
    if name:
        calendar.add("name", name)
        # Google and older clients know these alone.
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(LOOK_AGAIN).to_ical().decode())
    for session in sessions:
        calendar.add_component(_event(session, url, at, is_over=is_off(session)))
    return calendar.to_ical()


def as_invitation(
    *, session: Session, to: str, url: str, at: datetime, withdrawn: bool = False
) -> CalendarPart:
    """Return the session as the part of a mail that calendars take up by themselves (RFC 5546).

    A request, also after it was moved; where it no longer takes place, or the person alone is no
    longer expected (`withdrawn`), the end of it.
    """
    is_over = withdrawn or is_off(session)
    method = "CANCEL" if is_over else "REQUEST"
    calendar = _calendar(method=method)
    event = _event(session, url, at, is_over=is_over)
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = suite_name()
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{to}")
    # Nobody waits for an answer: whoever cannot come asks to be excused in the suite.
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event.add("attendee", attendee)
    calendar.add_component(event)
    return CalendarPart(
        uid=str(session.calendar_uid), method=method, text=calendar.to_ical().decode()
    )


def is_off(session: Session) -> bool:
    """Return whether it was cancelled, alone or with its class; needs `run`."""
    return session.cancelled_at is not None or session.run.status == RunStatus.CANCELLED


def renew_entries(*, run: CourseRun, fields: Collection[str]) -> None:
    """Raise the revision of the sessions whose entries show one of these facts of their class:
    else a calendar may keep the entry that it has.
    """
    shown = run.sessions.all()
    if not _IN_ALL_ENTRIES.intersection(fields):
        shown = shown.filter(place="") if "place" in fields else shown.none()
    shown.update(revision=F("revision") + 1)


def _calendar(*, method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    calendar.add_component(_zone(settings.TIME_ZONE))
    return calendar


@cache
def _zone(name: str) -> Timezone:
    return Timezone.from_tzid(name, first_date=_ZONE_SINCE)


def _event(session: Session, url: str, at: datetime, *, is_over: bool) -> Event:
    run = session.run
    is_cancelled = run.status == RunStatus.CANCELLED
    event = Event()
    event.add("uid", str(session.calendar_uid))
    # A class cancelled later is one more change of each of its sessions. That one person is not
    # expected is none: a calendar goes by the later stamp, and takes a new request up again.
    event.add("sequence", session.revision + is_cancelled)
    event.add("dtstamp", at)
    zone = timezone.get_default_timezone()
    event.add("dtstart", session.starts_at.astimezone(zone))
    event.add("dtend", session.ends_at.astimezone(zone))
    event.add("summary", f"{session.title}: {run.title}")
    event.add("location", describe_place(place=session.where, unit=str(run.unit)))
    event.add("description", _description(session))
    event.add("status", "CANCELLED" if is_over else "CONFIRMED")
    event.add("url", url)
    if not is_over:
        event.add_component(_alarm(session))
    return event


def _description(session: Session) -> str:
    """Return topic and trainers, or why it does not take place, a line each."""
    if session.cancel_reason:
        return _("Cancelled: %(reason)s") % {"reason": session.cancel_reason}
    lines = []
    if session.module is not None:
        lines.append(_("Topic: %(topic)s") % {"topic": session.module.title})
    if trainers := trainers_of(session=session):
        names = ", ".join(one.full_name for one in trainers)
        lines.append(_("Trainers: %(names)s") % {"names": names})
    return "\n".join(lines)


def _alarm(session: Session) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ALARM_BEFORE)
    alarm.add("description", session.title)
    return alarm
