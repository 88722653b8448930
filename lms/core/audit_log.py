"""The history of many objects at once: one statement where `wagtail.log_actions.log` takes one each."""

import uuid
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lms.core.readers import Reader

#: A list that left as a file; stored, so it never changes.
EXPORT_ACTION: Final = "core.export"


def export_title(data: dict[str, Any]) -> str:
    """Return what people call the list that left; the first entries know nothing but its name."""
    return str(data.get("title") or data["list"])


def log_many(
    *,
    objects: Iterable[models.Model],
    action: str,
    by: Reader | None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write the same action and data into the history of each object, all of one model."""
    log_each(entries=((one, data or {}) for one in objects), action=action, by=by)


def log_each(
    *, entries: Iterable[tuple[models.Model, dict[str, Any]]], action: str, by: Reader | None
) -> None:
    """Write the action into the history of each object, all of one model, with data of its own."""
    rows = list(entries)
    if not rows:
        return
    content_type = ContentType.objects.get_for_model(rows[0][0])
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        (
            ModelLogEntry(
                content_type=content_type,
                object_id=str(row.pk),
                label=str(row)[:255],
                action=action,
                timestamp=now,
                user=by,
                uuid=uuid.uuid4(),
                data=data,
            )
            for row, data in rows
        ),
        batch_size=500,
    )
