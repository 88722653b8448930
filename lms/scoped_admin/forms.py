"""Forms that offer no row which the person may not see."""

from typing import Any

from django import forms
from django.db import models
from wagtail.admin.forms import WagtailAdminModelForm

from lms.core.readers import Reader
from lms.scoped_admin.permissions import scoped


def limited_choices(queryset: models.QuerySet, user: Reader) -> models.QuerySet:
    """Return `queryset` without the rows out of the person's scope,
    for models that know `visible_to`.
    """
    if not hasattr(queryset, "visible_to"):
        return queryset
    return queryset.filter(pk__in=scoped(queryset.model, user).values("pk"))


class ScopedModelForm(WagtailAdminModelForm):
    """A model form whose choices start from `visible_to(for_user)`.

    The value already stored stays on offer, else a row could not be saved again.
    Fields named in `open_fields` offer all rows; say why beside them.
    """

    open_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and name not in self.open_fields:
                self._limit(name, field)

    def _limit(self, name: str, field: Any) -> None:
        allowed = limited_choices(field.queryset, self.for_user)
        if allowed is field.queryset:
            return
        stored = self.initial.get(name)
        if stored:
            kept = [getattr(value, "pk", value) for value in _as_list(stored)]
            allowed = field.queryset.filter(
                models.Q(pk__in=allowed.values("pk")) | models.Q(pk__in=kept)
            )
        field.queryset = allowed


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | models.QuerySet) else [value]
