"""A slip of the finger: one's own fresh mark, put right without a reason (decision 0034)."""

from datetime import datetime, timedelta
from typing import Final

from lms.accounts.models import User

# So long may one put right, without a reason, what one has noted oneself.
SLIP_WINDOW: Final = timedelta(minutes=10)
# So much less is promised to a page: what is changed in the last moment has to arrive, too.
_ON_ITS_WAY: Final = timedelta(minutes=1)


def is_own_slip(
    *, noted_by_id: int | None, noted_at: datetime | None, by: User, at: datetime
) -> bool:
    """Return whether `by` noted this a moment ago, and may put it right; pure."""
    return noted_by_id == by.pk and noted_at is not None and at - noted_at <= SLIP_WINDOW


def slip_seconds(
    *, noted_by_id: int | None, noted_at: datetime | None, by: User, at: datetime
) -> int:
    """Return for how many seconds a page may promise that to `by`, 0 for not at all; pure."""
    if noted_at is None or not is_own_slip(
        noted_by_id=noted_by_id, noted_at=noted_at, by=by, at=at
    ):
        return 0
    return max(int((noted_at + SLIP_WINDOW - _ON_ITS_WAY - at).total_seconds()), 0)
