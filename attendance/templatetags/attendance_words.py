"""Lengths of time as a person says them, for templates."""

from django import template

from attendance.domain.wording import describe_minutes

register = template.Library()
register.filter("minutes", describe_minutes)
