"""Template tags of the design system: icons, and figures as Vietnamese readers write them."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lms.core.display import content, percent, phone_local, speaks_content, vi_date, vi_number

register = template.Library()
for show in (vi_number, percent, vi_date, phone_local, content):
    register.filter(show)


@register.filter
def or_hundred(whole: object) -> object:
    """Return the whole of a share: 100 where none was told. Unlike `default`, 0 stays 0."""
    return 100 if whole in (None, "") else whole


@register.simple_tag
def content_lang() -> str:
    """Render the attribute of an element whose words are content; nothing where all is of one language."""
    return "" if speaks_content() else format_html(' lang="{}"', settings.LANGUAGE_CODE)


@register.simple_tag
def interface_lang() -> str:
    """Render the attribute of words of the interface that stand inside of content."""
    return "" if speaks_content() else format_html(' lang="{}"', get_language())


SPRITE = "lms/img/icons.svg"

# A tone or a status may be given where an icon is asked for.
ICON_OF = {
    "success": "present",
    "danger": "absent",
    "error": "absent",
    "neutral": "info",
    "debug": "info",
    "late": "clock",
    "excused": "excuse",
    "refused": "absent",
}


@cache
def sprite_address() -> str:
    """Return the address of the sprite, asked once a process: a page holds a dozen pictures,
    and hashed names never change.
    """
    return static(SPRITE)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Render one picture of the sprite, hidden from screen readers unless it has a label."""
    href = f"{sprite_address()}#{ICON_OF.get(name, name)}"
    if label:
        return format_html(
            '<svg class="icon" width="22" height="22" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            href,
        )
    return format_html(
        '<svg class="icon" width="22" height="22" aria-hidden="true"><use href="{}"></use></svg>',
        href,
    )
