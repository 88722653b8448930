"""Where a fact comes from: a line of text, with the address of a copy as its last word."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.filter
def linked_source(line: str) -> str:
    """Return the line as a link to its address, or as it stands without one."""
    text, _space, address = line.strip().rpartition(" ")
    if text and address.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', address, text)
    return line
