"""Columns that are worked out from another column, and columns with codes."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator, slug_re
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

# Django's own sentence speaks of addresses.
_require_code = RegexValidator(
    slug_re,
    _("A code has only letters without marks, digits, hyphens and underscores."),
    code="invalid_code",
)


class CodeFormField(forms.SlugField):
    default_validators = [_require_code]  # noqa: RUF012 - as Django declares it


class CodeField(models.SlugField):
    """A short code as somebody typed it: `TV-Q01` stays as it is.

    To the database a SlugField, as it is to Django's forms; but no form of the admin writes it
    small, as it does with addresses. Where it is unique give the model `once_whatever_case`.
    """

    default_validators = [_require_code]  # noqa: RUF012 - as Django declares it

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": CodeFormField, **kwargs})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # How a form treats it is no concern of the database schema.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", list(args), kwargs


def once_whatever_case(column: str, *, name: str) -> models.UniqueConstraint:
    """Return the constraint that takes TV-Q01 and tv-q01 for the same code."""
    return models.UniqueConstraint(
        Lower(column),
        name=name,
        violation_error_message=_(
            "This code is already in use; capital and small letters count as the same."
        ),
    )


class DerivedTextField(models.CharField):
    """Text worked out from other columns of the row on each write, `bulk_create` too.

    `sources` are the names of the columns, joined with a space and handed to
    `derive`. Never set by hand. `QuerySet.update()` and `bulk_update` of a source must name this
    column as well: `with_derived` does.
    """

    def __init__(
        self,
        *args: Any,
        sources: tuple[str, ...] = (),
        derive: Callable[[str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.sources = sources
        self.derive = derive
        kwargs.setdefault("max_length", 255)
        kwargs["editable"] = False
        kwargs["blank"] = True
        kwargs["default"] = ""
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # How the text is derived is no concern of the database schema.
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "blank", "default"):
            kwargs.pop(key, None)
        return name, path, list(args), kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        if self.derive is None:
            return str(getattr(model_instance, self.attname))
        joined = " ".join(str(getattr(model_instance, name) or "") for name in self.sources)
        value = self.derive(joined)[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


def with_derived(objects: Sequence[models.Model], names: Collection[str]) -> list[str]:
    """Return the columns to name in a `bulk_update` of these: the derived ones,
    worked out anew, too.
    """
    if not objects:
        return list(names)
    derived = [
        field
        for field in objects[0]._meta.concrete_fields
        if isinstance(field, DerivedTextField) and not set(field.sources).isdisjoint(names)
    ]
    for row in objects:
        for field in derived:
            field.pre_save(row, add=False)
    return [*names, *(field.name for field in derived)]
