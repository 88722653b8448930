"""Change a row that a test has made, or look at what became of it."""

from typing import Any

from django.db.models import Model


def set_fields(row: Model, **fields: Any) -> None:
    """Set these fields and save the row."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def status_of(row: Any) -> str:
    """The status that the row has by now."""
    row.refresh_from_db()
    status: str = row.status
    return status
