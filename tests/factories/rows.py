"""Change a row that a test has made."""

from typing import Any

from django.db.models import Model


def set_fields(row: Model, **fields: Any) -> None:
    """Set these fields and save the row."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
