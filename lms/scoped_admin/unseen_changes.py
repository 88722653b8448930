"""Keeps a form from being saved over what somebody else has saved since it was opened.

The page carries a sign of the row as it was shown. Where another row stands when it is saved, nothing is
written, the form says what stands there now, and what was typed stays: saving it once more is a decision.
"""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.db import models
from django.forms.models import model_to_dict
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from lms.core.databases import lock_rows
from lms.core.display import NOTHING
from lms.core.refusal import Refusal
from lms.core.requests import sign_of_preview

ROW_SEEN: Final = "row_seen"
_MOST_LETTERS: Final = 60


class _SignField(forms.CharField):
    """Carried along by the page; nothing that a person changes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def add_sign(form: Any) -> None:
    """Let the form of a stored row carry a sign of what it shows."""
    # What is sent back goes before it; a form that is shown again has been filled from the request.
    shown = None if form.is_bound else _sign(form, form.instance)
    form.fields[ROW_SEEN] = _SignField(initial=shown)


def require_seen(form: Any) -> None:
    """Lock the row of the form, about to be saved. The caller holds the transaction.

    Raises Refusal `changed_meanwhile` where another stands than the page has shown. A form without a sign,
    as a program sends it, is let through.
    """
    seen, model = form.cleaned_data.get(ROW_SEEN), type(form.instance)
    if not seen:
        return
    stored = lock_rows(model._base_manager.all(), pks=[form.instance.pk]).get(form.instance.pk)
    if stored is None:
        raise Refusal("changed_meanwhile", _("Somebody else has deleted this meanwhile."))
    now = _sign(form, stored)
    if seen == now:
        return
    form.data = form.data.copy()
    form.data[form.add_prefix(ROW_SEEN)] = now
    sentence = _(
        "Somebody else has changed this meanwhile, so nothing was saved. What stands there now, and not in "
        "this form: %(fields)s. Save once more to put yours in its place, or open the page anew."
    )
    told = "; ".join(_differences(form, stored)) or NOTHING
    raise Refusal("changed_meanwhile", sentence % {"fields": told})


def _sign(form: Any, row: models.Model) -> str:
    return sign_of_preview([(field.name, _written(field, row)) for field in _fields(form)])


def _fields(form: Any) -> list[Any]:
    meta = form.instance._meta
    return [one for one in (*meta.fields, *meta.many_to_many) if one.name in form.fields]


def _written(field: Any, row: models.Model) -> Any:
    """Return the stored value as it is written to a file: equal ones are written alike."""
    if field.many_to_many:
        return sorted(one.pk for one in model_to_dict(row, [field.name])[field.name])
    return field.value_to_string(row)


def _differences(form: Any, stored: models.Model) -> Iterator[str]:
    """Yield each field that stands otherwise than it was typed, with what is stored."""
    for field in _fields(form):
        if field.many_to_many:
            typed = sorted(one.pk for one in form.cleaned_data[field.name])
            told = ", ".join(map(str, model_to_dict(stored, [field.name])[field.name]))
        else:
            typed = field.value_to_string(form.instance)
            told = str(getattr(stored, f"get_{field.name}_display", lambda: "")()) or (
                _told(getattr(stored, field.name))
            )
        if typed != _written(field, stored):
            label = capfirst(str(form.fields[field.name].label or field.verbose_name))
            yield f"{label}: {Truncator(told).chars(_MOST_LETTERS) or NOTHING}"


def _told(value: Any) -> str:
    return NOTHING if value in (None, "") else strip_tags(str(value))
