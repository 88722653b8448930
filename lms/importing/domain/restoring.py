"""Putting objects of one model back as they were before an import wrote them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lms.core.fields import with_derived
from lms.importing.domain.planning import chunks
from lms.importing.models import ImportWrite

# One statement carries as many ids on every database.
_IDS = 5000


def delete_new(*, model: type[models.Model], writes: Sequence[ImportWrite]) -> None:
    """Delete what the import made, unless it was changed or referred to since."""
    objects = _fetch(model, writes)
    for write in writes:
        found = objects.get(write.object_pk)
        if found is not None and (write.is_new or write.group):
            write.left = _changed_since(found, write)
    reasons = _referred_to(model, {write.object_pk for write in writes if write.is_new})
    for write in writes:
        if write.is_new and write.object_pk in reasons:
            write.left = [*write.left, reasons[write.object_pk]]
    _leave_together(writes)
    free = [write.object_pk for write in writes if write.is_new and not write.left]
    for ids in chunks(free, _IDS):
        model._base_manager.filter(pk__in=ids).delete()


def restore_fields(*, model: type[models.Model], writes: Sequence[ImportWrite]) -> None:
    """Give each changed cell its old value back, unless it was changed since."""
    changes = [write for write in writes if not write.is_new and not write.left]
    objects = _fetch(model, changes)
    restored: list[models.Model] = []
    names: set[str] = set()
    for write in changes:
        found = objects.get(write.object_pk)
        if found is None:
            write.left = [_("It has been deleted since.")]
            continue
        write.left = _changed_since(found, write)
        back = _restore(found, write)
        if back:
            restored.append(found)
            names |= back
    _save(model, restored, names, {write.object_pk: write for write in changes})


def _fetch(model: type[models.Model], writes: Iterable[ImportWrite]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for ids in chunks({write.object_pk for write in writes}, _IDS):
        found |= model._base_manager.select_for_update(no_key=True).in_bulk(list(ids))
    return found


def _changed_since(found: models.Model, write: ImportWrite) -> list[str]:
    """A sentence for each column that no longer holds what the import wrote."""
    return [
        _("%(column)s has been changed since.") % {"column": _label(found, name)}
        for name, (_old, new) in write.fields.items()
        if getattr(found, name) != _value(found, name, new)
    ]


def _restore(found: models.Model, write: ImportWrite) -> set[str]:
    back = {
        name
        for name, (_old, new) in write.fields.items()
        if getattr(found, name) == _value(found, name, new)
    }
    for name in back:
        setattr(found, name, _value(found, name, write.fields[name][0]))
    return back


def _save(
    model: type[models.Model],
    restored: Sequence[models.Model],
    names: set[str],
    writes: dict[int, ImportWrite],
) -> None:
    if not restored:
        return
    fields = [model._meta.get_field(name).name for name in with_derived(restored, names)]
    try:
        with transaction.atomic():
            model._base_manager.bulk_update(restored, fields, batch_size=500)
    except IntegrityError:
        # Somebody else has what one of them had: then each by itself, and that one is left.
        for found in restored:
            _save_one(found, fields, writes[found.pk])


def _save_one(found: models.Model, fields: list[str], write: ImportWrite) -> None:
    try:
        with transaction.atomic():
            found.save(update_fields=fields)
    except IntegrityError:
        write.left = [*write.left, _("The earlier value now belongs to another record.")]


def _referred_to(model: type[models.Model], pks: set[int]) -> dict[int, str]:
    """Those of these objects that other records stand on, with the reason."""
    found: dict[int, str] = {}
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        rows: Any = relation.related_model
        column = relation.field.name  # type: ignore[union-attr]
        for ids in chunks(pks, _IDS):
            taken = rows._base_manager.filter(**{f"{column}__in": ids})
            name = capfirst(str(rows._meta.verbose_name))
            for pk in taken.values_list(column, flat=True).distinct():
                found[pk] = _("Other records now depend on it: %(records)s.") % {"records": name}
    return found


def _leave_together(writes: Sequence[ImportWrite]) -> None:
    """Of what one row wrote as a group either all is undone or nothing."""
    groups: dict[tuple[int, str], list[ImportWrite]] = defaultdict(list)
    for write in writes:
        if write.group:
            groups[write.row_id, write.group].append(write)
    for group in groups.values():
        reasons = [reason for write in group for reason in write.left]
        if reasons:
            for write in group:
                write.left = write.left or reasons


def _value(found: models.Model, name: str, stored: Any) -> Any:
    """A value as the column holds it, from what JSON kept of it."""
    field: Any = found._meta.get_field(name)
    return field.target_field.to_python(stored) if field.is_relation else field.to_python(stored)


def _label(found: models.Model, name: str) -> str:
    return capfirst(str(found._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
