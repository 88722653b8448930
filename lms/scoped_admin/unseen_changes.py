"""Keeps a form from being saved over what somebody else has saved since it was opened.

The page carries a sign of the row as it was shown. Where another row stands when it is saved, nothing is
written, the form says what stands there now, and what was typed stays: saving it once more is a decision.
"""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
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
#: So many words before a difference say where in a long text it stands.
_WORDS_BEFORE: Final = 2


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
    said = [sentence % {"fields": "; ".join(_differences(form, stored)) or NOTHING}]
    if any(_unknown(one, _children(one, stored)) for one in _formsets(form)):
        said.append(_("Rows that somebody else has added are kept in any case."))
    raise Refusal("changed_meanwhile", " ".join(said))


def tell_gone(form: Any) -> None:
    """Say why a form cannot be saved from which somebody else has taken a row; the row shows nothing of it."""
    for formset in _formsets(form):
        if any(formset.model._meta.pk.name in row.errors for row in formset.forms):
            sentence = _("Somebody else has removed a row of this meanwhile: open the page anew.")
            form.add_error(None, ValidationError(sentence, code="changed_meanwhile"))


def _sign(form: Any, row: models.Model) -> str:
    stored = [(field.name, _written(field, row)) for field in _fields(form)]
    rows = [_listed(one, _children(one, row)) for one in _formsets(form)]
    return sign_of_preview(stored, [(name, form.initial[name]) for name in _read(form)], rows)


def _formsets(form: Any) -> list[Any]:
    """Return what the form holds of rows that belong to its own, such as the draws of a quiz."""
    return list(getattr(form, "formsets", {}).values())


def _children(formset: Any, row: models.Model) -> list[models.Model]:
    """Return the stored rows; those that the page itself shows have been read already."""
    shown = row is formset.instance
    return list(formset.get_queryset() if shown else getattr(row, formset.rel_name).all())


def _unknown(formset: Any, children: Iterable[models.Model]) -> bool:
    """Return whether some of these rows do not stand in the form: saving it takes none of them away."""
    return not {one.pk for one in children} <= {one.instance.pk for one in formset.initial_forms}


def _listed(formset: Any, children: Iterable[models.Model]) -> list[list[str]]:
    """Return what a person can change of these rows, in their order where it is one of the things."""
    told = [[field.value_to_string(one) for field in _columns(formset)] for one in children]
    return told if formset.can_order else sorted(told)


def _columns(formset: Any) -> list[Any]:
    shown = formset.form.base_fields
    return [one for one in formset.model._meta.fields if one.name in shown and not one.primary_key]


def _fields(form: Any) -> list[Any]:
    meta = form.instance._meta
    return [one for one in (*meta.fields, *meta.many_to_many) if one.name in form.fields]


def _read(form: Any) -> list[str]:
    """Return the fields that the form itself fills with what is stored elsewhere, such as the post of a person."""
    own = {field.name for field in _fields(form)}
    return [name for name in form.fields if name in form.initial and name not in own]


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
            told = _from_difference(_told(field, stored), _told(field, form.instance))
        if typed != _written(field, stored):
            label = capfirst(str(form.fields[field.name].label or field.verbose_name))
            yield f"{label}: {Truncator(told).chars(_MOST_LETTERS) or NOTHING}"
    own = {field.name for field in _fields(form)}
    for name in [one for one in form.changed_data if one not in own]:
        yield f"{form[name].label}: {_chosen(form.fields[name], form.initial.get(name))}"
    for formset in _formsets(form):
        rows = _children(formset, stored)
        if _listed(formset, rows) != _listed(formset, _typed(formset)):
            label = capfirst(str(formset.model._meta.verbose_name_plural))
            said = (" – ".join(_told(one, row) for one in _columns(formset)) for row in rows)
            yield f"{label}: {', '.join(said) or NOTHING}"


def _from_difference(told: str, typed: str) -> str:
    """Return a long text from the words on with which it stops to say what was typed."""
    if len(told) <= _MOST_LETTERS:
        return told
    words, pairs = told.split(), zip(told.split(), typed.split(), strict=False)
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    begins = max(same - _WORDS_BEFORE, 0)
    shown = " ".join(words[begins:])
    return f"… {shown}" if begins else shown


def _typed(formset: Any) -> list[models.Model]:
    rows = formset.ordered_forms if formset.can_order else formset.forms
    gone = formset.deleted_forms
    return [one.instance for one in rows if one not in gone and one.cleaned_data]


def _told(field: Any, row: models.Model) -> str:
    """Return the stored value as a person reads it."""
    value = getattr(row, f"get_{field.name}_display", lambda: getattr(row, field.name))()
    return NOTHING if value in (None, "") else strip_tags(str(value))


def _chosen(field: Any, value: Any) -> str:
    """Return what the field shows for this value."""
    if isinstance(field, forms.ModelChoiceField):
        offered: Any = field.queryset
        return ", ".join(map(field.label_from_instance, offered.filter(pk=value))) or NOTHING
    many = value if isinstance(value, list) else [value]
    named = dict(getattr(field, "choices", ()))
    return ", ".join(str(named.get(one, one)) for one in many if one not in (None, "")) or NOTHING
