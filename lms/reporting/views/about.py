"""What the files of the report say they hold, in the words of the page."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses.domain.history import kept_since
from lms.core.display import vi_date
from lms.reporting.forms import NOT_OF_A_PART
from lms.reporting.views.asking import ReportQuery
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import filters_of


def about(
    request: HttpRequest,
    asked: ReportQuery,
    *,
    area: str,
    state: str = "",
    state_label: str = "",
    part: str = "",
    left_out: Iterable[str] = (),
) -> About:
    """Return the programme, the map, the place and the filters that the figures answer to; `left_out`:
    who is counted and not told.
    """
    filters = filters_of(
        request,
        programme=asked.programme.code,
        edition=asked.edition.code,
        unit=str(asked.unit or ""),
        state=state,
    )
    edition = f"{asked.edition} ({asked.edition.legal_basis})"
    words = {
        _("Map"): edition,
        **asked.chosen,
        _("Completed in the period"): asked.period,
        _("Counted"): str(asked.counted_at.label),
        _("Status"): state_label,
        _("As of"): " ".join([vi_date(asked.day), *past_notes(asked)]),
        _("Names of"): part,
        _("Left out"): " ".join(left_out),
    }
    return About(
        filters=filters,
        chosen={label: text for label, text in words.items() if text},
        programme=asked.programme.name,
        area=area,
    )


def past_notes(asked: ReportQuery) -> list[str]:
    """Return what has to be said with the figures of a past day; nothing for today's."""
    if asked.past_day is None:
        return [str(NOT_OF_A_PART)] if asked.form.has_error("on", "not_of_a_part") else []
    notes = [
        _(
            "The state at the end of %(day)s, as far as it is recorded today; by what the programme "
            "asks today."
        )
        % {"day": vi_date(asked.past_day)}
    ]
    since = kept_since()
    if since is not None and asked.past_day < localdate(since):
        notes.append(
            _(
                "Every change is recorded since %(day)s. Before that day it is not known if a "
                "completion was withdrawn, a person was enrolled twice or a class was postponed."
            )
            % {"day": vi_date(since)}
        )
    return notes
