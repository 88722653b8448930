"""The pages of one list, with a worker that works as soon as it is asked."""

from typing import Any

import pytest
from django.urls import reverse

from lms.accounts.boundary_changes.tasks import carry_over_task
from lms.importing import tasks
from lms.importing.models import ImportBatch


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for task in (tasks.rehearse, tasks.confirm, tasks.undo, carry_over_task):
        monkeypatch.setattr(task, "delay", task)


def address_of(batch: ImportBatch, name: str = "inspect", *more: object) -> str:
    return reverse(f"imports:{name}", args=(batch.pk, *more))


def columns_of(response: Any) -> dict[str, Any]:
    """What the page of columns proposes."""
    fields = response.context["form"].fields.items()
    return {name: field.initial for name, field in fields if name.startswith("column_")}
