"""Two rows of which a person can have only one change hands."""

from typing import Any

from lms.accounts.models import User


def exchange(*, field: str, first: Any, second: Any) -> None:
    """Exchange the persons in `field` of these two rows; the caller holds the transaction.

    Databases check uniqueness row by row, so one of them waits with somebody who is nobody.
    """
    one, other = getattr(first, field), getattr(second, field)
    nobody = User.objects.create(staff_code=f"~{first._meta.label_lower}-{first.pk}"[:32])
    for row, person in ((second, nobody), (first, other), (second, one)):
        setattr(row, field, person)
        row.save(update_fields=[field])
    nobody.delete()
