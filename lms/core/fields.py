"""Columns that the database keeps in step with another column."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db import models


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
