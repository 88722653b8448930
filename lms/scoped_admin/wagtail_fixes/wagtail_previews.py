"""Two windows of one person that show a form for the first time: Wagtail 8.0 keeps its state twice.

From then on it found two where it looks for one: each preview was an error, until the next day.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.admin.models import FormStateManager

from lms.core.databases import lock_rows

_keep = FormStateManager.update_or_create_by_instance


def keep_in_turn(manager: Any, instance: Any, parent_object_id: str = "", **told: Any) -> Any:
    """Keep what a person typed for its preview, one window after the other."""
    with transaction.atomic():
        # No row of the form itself is there yet that could be held.
        lock_rows(get_user_model()._base_manager.all(), pks=[told["user"].pk])
        return _keep(manager, instance, parent_object_id, **told)


def keep_one_preview() -> None:
    FormStateManager.update_or_create_by_instance = keep_in_turn
