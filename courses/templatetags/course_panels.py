"""The pieces that plug-ins add to the pages of courses."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from courses.extensions import page_panels as registered_panels

register = template.Library()


@register.simple_tag(takes_context=True)
def page_panels(context: RequestContext, place: str, subject: Any) -> SafeString:
    """Render all panels of this place, in their order;
    `courses.extensions.PLACES` names the subject.
    """
    return render_panels(context["request"], place, subject)


def render_panels(request: Any, place: str, subject: Any) -> SafeString:
    """Render the same for a view, which signs what it shows."""
    panels = sorted(
        (panel for panel in registered_panels if panel.place == place),
        key=lambda panel: panel.order,
    )
    pieces = []
    for panel in panels:
        values = panel.context(request, subject)
        if values is not None:
            pieces.append((render_to_string(panel.template, values, request=request),))
    return format_html_join("\n", "{}", pieces)
