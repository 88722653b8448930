"""What a mark cannot say, and what it has to say, in words for whoever notes it."""

from django.utils.translation import gettext as _

from attendance.domain.roll.queries import RecordedStatus
from attendance.enums import AttendanceStatus
from lms.core.display import vi_date
from lms.core.refusal import Refusal


def require_within(*, minutes: int, late: int, left_early: int) -> None:
    """Refuse more minutes than lie between the begin and the end of the session."""
    if late > minutes:
        raise Refusal(
            "minutes_late_too_many",
            _("The session lasts %(minutes)d minutes: nobody can be later than that.")
            % {"minutes": minutes},
        )
    if late + left_early > minutes:
        raise Refusal(
            "minutes_left_early_too_many",
            _(
                "The session lasts %(minutes)d minutes: nobody can come late and leave early by "
                "more than that together."
            )
            % {"minutes": minutes},
        )


def ask_for_reason(recorded: RecordedStatus) -> str:
    """Return what stands there, by whom and since when: it may come from another phone."""
    values = {
        "status": AttendanceStatus(str(recorded.status)).label,
        "name": recorded.noted_by,
        "when": vi_date(recorded.noted_at, "time") if recorded.noted_at else "",
    }
    if not recorded.noted_by:
        return (
            _("“%(status)s” has already been recorded. Please give the reason for the change.")
            % values
        )
    return (
        _(
            "“%(status)s” was recorded by %(name)s (%(when)s). Leave it so, or give the reason for "
            "the change."
        )
        % values
    )
