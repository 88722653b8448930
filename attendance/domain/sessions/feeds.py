"""Calendar addresses: who has one, what its secret is, and which sessions stand behind it."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet

from attendance.domain.session_trainers import load_trainers, trainers_of
from attendance.models import CalendarFeed, MakeUp, Session
from courses.models import CourseRun, Enrolment
from courses.models.delivery import taught_by
from lms.accounts.models import User

#: Sessions that are longer over leave the calendar; the pages hold them all.
KEPT: Final = timedelta(days=365)
_SIGNER: Final = Signer(salt="attendance.calendar_feed")


def make_feed(*, user: User, run: CourseRun | None, now: datetime) -> CalendarFeed:
    """Give the person an address, or the present one another secret: the former is dead at once."""
    values = {"nonce": secrets.token_hex(16), "made_at": now}
    feed, _is_new = CalendarFeed.objects.update_or_create(user=user, run=run, defaults=values)
    return feed


def end_feed(*, user: User, run: CourseRun | None) -> None:
    """End the person's address; a repeat changes nothing."""
    CalendarFeed.objects.filter(user=user, run=run).delete()


def feed_key(feed: CalendarFeed) -> str:
    """Return the secret part of the address."""
    return _SIGNER.signature(_signed(feed))


def find_feed(*, pk: int, key: str) -> CalendarFeed | None:
    """Return the feed that the address names, None unless its person may still log in."""
    feed = CalendarFeed.objects.select_related("user", "run").filter(pk=pk).first()
    if feed is None or not feed.user.is_active:
        return None
    try:
        _SIGNER.unsign(f"{_signed(feed)}{_SIGNER.sep}{key}")
    except BadSignature:
        return None
    return feed


def sessions_of_feed(*, feed: CalendarFeed, now: datetime) -> list[Session] | None:
    """Return what the person may see there, cancelled ones too, in the order of time; with all that
    a calendar tells, in a fixed number of queries. None for a class that is no longer the person's.
    """
    rows = Session.objects.filter(ends_at__gt=now - KEPT).order_by("starts_at", "pk")
    rows = rows.select_related("run__unit", "module")
    if feed.run_id is not None:
        if not CourseRun.objects.manageable_by(feed.user).filter(pk=feed.run_id).exists():
            return None
        found = list(rows.filter(run=feed.run_id))
        load_trainers(found)
        return found
    return _own(rows, feed.user)


def _own(rows: QuerySet[Session], person: User) -> list[Session]:
    """Return those at which the person is expected: as trainee, as guest of a make-up, as trainer."""
    attended = Q(run__in=Enrolment.objects.counted().filter(user=person).values("run"))
    made_up = MakeUp.objects.agreed().filter(enrolment__user=person).values("session")
    expected = attended | Q(pk__in=made_up)
    taught = taught_by(person, "run")
    found = list(rows.filter(expected | taught))
    load_trainers(found)
    as_trainee = set(rows.filter(expected).values_list("pk", flat=True))
    return [one for one in found if one.pk in as_trainee or person in trainers_of(session=one)]


def _signed(feed: CalendarFeed) -> str:
    return f"{feed.pk}:{feed.nonce}"
