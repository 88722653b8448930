"""Which backups are kept: the newest of each day, week and month, as many as the settings say."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lms.core.refusal import Refusal


class Made(NamedTuple):
    """A backup in a folder or a bucket."""

    name: str
    at: datetime
    verified: bool


_ALL_OF: Final = timedelta(days=1)
_PERIODS: Final[tuple[Callable[[datetime], str], ...]] = (
    lambda at: f"{at:%Y-%m-%d}",
    lambda at: f"{at:%G-%V}",
    lambda at: f"{at:%Y-%m}",
)


def names_to_delete(made: Iterable[Made], keep: list[int]) -> list[str]:
    """Return what is beyond `keep` (days, weeks, months that have a backup).

    Of a period a verified backup is kept rather than a later one that is not. The newest, the last
    verified one and all of the last day always stay: who makes one before an upgrade loses none.
    """
    if len(keep) != len(_PERIODS) or min(keep) < 0:
        raise Refusal(
            "keep", "SUITE_BACKUP_KEEP is how many daily, weekly and monthly backups stay: 7,4,12"
        )
    newest_first = sorted(made, key=lambda one: one.at, reverse=True)
    verified_first = sorted(newest_first, key=lambda one: not one.verified)
    kept = {one.name for one in verified_first[:1]}
    kept.update(one.name for one in newest_first if newest_first[0].at - one.at < _ALL_OF)
    for count, period_of in zip(keep, _PERIODS, strict=True):
        best: dict[str, str] = {}
        for one in verified_first:
            best.setdefault(period_of(one.at), one.name)
        kept.update(best[period] for period in sorted(best, reverse=True)[:count])
    return [one.name for one in newest_first if one.name not in kept]
