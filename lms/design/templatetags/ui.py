"""Template tags of the design system: icons, and figures as Vietnamese readers write them."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache, lru_cache
from types import NoneType
from typing import Any, Final

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.functional import Promise
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


#: Renderings of one component that a process keeps: the rows and tiles of some reports, of some thousand letters
#: each. Of one alone: lessons push no rows of a report out.
_MOST: Final = 1024
#: Lists of one of these are told apart as they are.
_PLAIN: Final = frozenset({int, str})
#: Of a kind each, what is equal is rendered alike.
_EXACT: Final = frozenset({int, bool, NoneType, SafeString})


class _Values:
    """What a component is given, equal to what says the same letter for letter."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.key = _frozen(values)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Values) and self.key == other.key


@register.simple_tag
def render_kept(template_name: str, **values: Any) -> str:
    """Render a component as `include … only` does, once for as long as it is given the same values.

    For what a page shows by the dozen and seldom changes. The component must hang on nothing but its
    values, texts, numbers, lists, dictionaries, dataclasses, forms and hashable others, and on the language.
    """
    return _kept(template_name)(get_language(), _Values(values))


@cache
def _kept(template_name: str) -> Callable[[str | None, _Values], str]:
    @lru_cache(maxsize=_MOST)
    def rendered(_language: str | None, told: _Values) -> str:
        html = get_template(template_name).render(dict(told.values))
        # The key alone is looked at from now on; a form would hold all that it can choose from.
        told.values = {}
        return html

    return rendered


def _frozen(value: Any) -> Any:
    """Return what is equal only for values that are rendered alike: 1 is not True, nor 1.0 the same as 1.00, a
    safe text as a plain one, or pairs as a dictionary, however deep they lie.
    """
    kind = type(value)
    if kind is str:
        return value
    if kind in _EXACT:
        return kind, value
    if isinstance(value, (float, Decimal)):
        return kind, str(value)
    # Cells of texts and lines of numbers, of which a report holds hundreds, are their own key.
    if (
        isinstance(value, (tuple, list))
        and len(told := {*map(type, value)}) == 1
        and told <= _PLAIN
    ):
        return kind, *told, *value
    parts = _parts_of(value)
    return (kind, value) if parts is None else (kind, *map(_frozen, parts))


def _parts_of(value: Any) -> Iterable[Any] | None:
    """Return all that a value consists of; None for what has no parts."""
    if isinstance(value, dict):
        return *value, *value.values()
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, BaseForm):
        return _shown_by(value)
    names = _names_of_fields(value.__class__)
    return None if names is None else [getattr(value, name) for name in names]


def _shown_by(form: BaseForm) -> Iterable[Any]:
    """Yield all that a form shows, and what its fields are told of themselves."""
    yield form.prefix, str(form.auto_id), form.is_bound, _in_words(form.non_field_errors())
    for bound in form:
        field, widget = bound.field, bound.field.widget
        yield bound.html_name, str(bound.label), str(bound.help_text), bound.value()
        yield _in_words(bound.errors), _in_words(getattr(widget, "choices", ()))
        yield widget.attrs, widget.__class__, field.required, field.disabled


def _in_words(told: Any) -> Any:
    """Return errors, or choices and groups of them, as they are read."""
    if isinstance(told, Promise):
        return str(told)
    if isinstance(told, (str, int, NoneType)):
        return told
    return [_in_words(one) for one in told] if isinstance(told, Iterable) else str(told)


@cache
def _names_of_fields(kind: Hashable) -> tuple[str, ...] | None:
    """Return what the fields of a dataclass are called; None for another class."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else None
