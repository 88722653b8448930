"""Days and hours on the clock of the place, as moments."""

from datetime import date, datetime, time

from django.utils.timezone import make_aware


def local_moment(day: date, at: time = time.min) -> datetime:
    """Return the moment of an hour of a day in local time; without an hour when the day begins."""
    return make_aware(datetime.combine(day, at))
