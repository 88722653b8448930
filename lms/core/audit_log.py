"""The history of many objects at once: one statement where `wagtail.log_actions.log` takes one each."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from wagtail.models import ModelLogEntry


def log_many(
    *, objects: Iterable[models.Model], action: str, by: Any, data: dict[str, Any] | None = None
) -> None:
    """Write the same action into the history of each object, all of one model."""
    rows = list(objects)
    if not rows:
        return
    content_type = ContentType.objects.get_for_model(rows[0])
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
                data=data or {},
            )
            for row in rows
        ),
        batch_size=500,
    )
