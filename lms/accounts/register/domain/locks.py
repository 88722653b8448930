"""People held while their records are written."""

from collections.abc import Sequence

from lms.accounts.models import User
from lms.core.databases import lock_rows

# One statement carries as many ids on every database.
_IDS = 5000


def lock_people(*, pks: Sequence[int]) -> dict[int, User]:
    """Lock these people, held until the transaction ends; those who are gone are left out."""
    held: dict[int, User] = {}
    for start in range(0, len(pks), _IDS):
        ids = sorted(pks)[start : start + _IDS]
        held |= lock_rows(User.objects.all(), pks=ids)
    return held
