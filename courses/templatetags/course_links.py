"""Addresses of the nodes of a course's tree."""

from typing import Any

from django import template

from courses.domain.urls_for import address_of
from courses.models.titles import plain_title, shown_title

register = template.Library()


@register.filter
def address(node: Any, is_allowed: object = True) -> str:
    """Return where a node answers; empty without one, and for who may not go there."""
    return address_of(node) if node and is_allowed else ""


@register.filter
def is_content_title(thing: Any) -> bool:
    """Return whether the title is shown in the language of the content."""
    return plain_title(thing) == str(thing.title)


register.filter(shown_title)
register.filter(plain_title)
