"""Lengths of time and marks as a person says them, for templates."""

from django import template

from attendance.domain.wording import describe_mark, describe_minutes
from attendance.models import AttendanceMark, LateMark

register = template.Library()
register.filter("minutes", describe_minutes)


@register.filter
def as_said(mark: AttendanceMark | LateMark) -> str:
    """Return a mark with its minutes: "Late (15 minutes)"."""
    return describe_mark(mark.status, mark.minutes_late, mark.minutes_left_early)
