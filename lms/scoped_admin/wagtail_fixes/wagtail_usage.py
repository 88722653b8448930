"""What Wagtail's page of uses does not know: its index holds references, never people.

Whoever has rows about people that hang on content registers a `UsageNote`; its sentences stand
above the list, with figures and without names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from wagtail.admin.views.generic.usage import UsageView

from lms.core.registry import Registry


@dataclass(frozen=True)
class UsageNote:
    """`tell` answers for a row of `model` with sentences, none where there is nothing to say."""

    key: str
    model: type[models.Model]
    tell: Callable[[Any], Sequence[str]]


usage_notes: Final[Registry[UsageNote]] = Registry("usage notes")

_get_context_data = UsageView.get_context_data


def usage_of(row: models.Model) -> list[str]:
    """Return what every app has to say about who uses the row."""
    notes = [note for note in usage_notes if isinstance(row, note.model)]
    return [sentence for note in notes for sentence in note.tell(row)]


def _with_notes(view: UsageView, *args: Any, **kwargs: Any) -> dict[str, Any]:
    context: dict[str, Any] = _get_context_data(view, *args, **kwargs)
    return context | {"usage_notes": usage_of(view.object)}


def tell_people_in_usage() -> None:
    UsageView.get_context_data = _with_notes
    UsageView.template_name = "lms/scoped_admin/usage.html"
