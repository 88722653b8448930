"""The time in which every page says that the suite is being upgraded: a file, for this machine."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

# Of a file that names no end itself: made with `touch`.
_USUAL: Final = timedelta(hours=1)


def begin_maintenance(*, minutes: int) -> datetime:
    """Show the page of maintenance until then at the latest, and return when that is."""
    end = timezone.now() + timedelta(minutes=minutes)
    settings.SUITE_MAINTENANCE_FILE.write_text(str(int(end.timestamp())), encoding="ascii")
    return end


def end_maintenance() -> None:
    settings.SUITE_MAINTENANCE_FILE.unlink(missing_ok=True)


def maintenance_end() -> datetime | None:
    """Return when the maintenance under way ends by itself, or None.

    An upgrade that nobody ended takes nobody's site away for longer than was said.
    """
    try:
        touched_at = settings.SUITE_MAINTENANCE_FILE.stat().st_mtime
    except FileNotFoundError:
        return None
    end = datetime.fromtimestamp(touched_at, UTC) + _USUAL
    with suppress(ValueError, OverflowError, OSError):
        seconds = int(settings.SUITE_MAINTENANCE_FILE.read_text(encoding="utf-8"))
        end = datetime.fromtimestamp(seconds, UTC)
    return end if end > timezone.now() else None
