"""The report in a sentence: how far, who is not there yet, and what to do about it."""

from collections.abc import Callable
from typing import Any, Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.display import percent, vi_number
from lms.reporting.domain.counting import part_key
from lms.reporting.domain.rows import Row
from lms.reporting.domain.summary import Summary
from lms.reporting.enums import Beyond, TargetUse
from lms.reporting.extensions import ReportColumn, report_columns
from lms.reporting.labels import commune_label, have_completed, row_label
from lms.reporting.views.acts import IN_ORDER, act_on_most
from lms.reporting.views.asking import ReportQuery

NAMED_LATE = 3

UrlOf = Callable[[Row], str]


class NamesOf(Protocol):
    """The address of the names that a row counts in a state, or behind a plug-in's figure."""

    def __call__(self, row: Row, *, state: str = "", figure: str = "") -> str: ...


def headline(
    *, summary: Summary, url_of: UrlOf, names_of: NamesOf, nobody: str = ""
) -> dict[str, Any]:
    """Return title, text, which is `nobody` where nobody is counted; unreached: the communes where nobody is in any class; late: the other
    places to look at first; latest: the commune among them; actions: what to do, each with its
    place; gaps: what the figures do not hold.
    """
    return {
        "title": _title(summary),
        "text": _text(summary) if summary.figures.people else nobody,
        "unreached": _named(
            summary.unreached, summary.total.communes_unreached, url_of, commune_label
        ),
        "late": _named(summary.late, len(summary.late), url_of, row_label),
        "latest": _latest(summary.latest_commune, url_of),
        "actions": _actions(summary, names_of),
        "gaps": _gaps(summary),
    }


def nobody_counted(asked: ReportQuery) -> str:
    """Return what to do where nobody is counted: whom the filters leave out appears without them, and a
    past day stays as it was.
    """
    if asked.is_past:
        return _("Nobody was to be trained here on this day, as far as it is recorded.")
    if asked.only:
        return _("Nobody here is among the people chosen: clear the filters to see everybody.")
    return _("As soon as people hold a post in this area or join a class, they appear here.")


def how_counted() -> list[str]:
    """Return the rules of counting in a few sentences,
    for whoever is asked about them in a meeting.
    """
    return [
        _(
            "Each person is counted once in a programme: where the latest class was joined, "
            "or, without a class, where the person holds a post today."
        ),
        _(
            "When people are counted where they work today, those who were enrolled are counted "
            "where they now hold a post or, if they hold none, where they last held one. The "
            "numbers of people and of completions stay the same: what is required depends on the "
            "cadre at enrolment."
        ),
        _("Completed: everything that the programme asks of the person's cadre is done."),
        _(
            "Everybody else is in one of four states: in no class; class to come; in progress; "
            "class over, not completed. Of several classes the one under way counts, then the one "
            "to come. A class that was cancelled counts as if it had never been."
        ),
        _(
            "Late: whoever is in no class, or in one that is over and not completed. Places where "
            "nobody is in any class are named first, then those with the largest part of late people."
        ),
        _(
            "A commune or a district is done when it reaches the threshold of its target, or of the "
            "target of the unit above; without any, when everybody counted there has completed."
        ),
        _(
            "Boundaries change. People whose commune was divided are shown on a line of their "
            "own; their place is never guessed."
        ),
    ]


def _title(summary: Summary) -> str:
    figures, goal = summary.figures, summary.total.goal
    if not figures.people:
        return _("Nobody to count yet")
    return have_completed(goal) % {
        "completed": vi_number(figures.completed),
        "people": vi_number(goal.people),
        "share": percent(figures.completed, goal.people),
    }


def compared_with(summary: Summary) -> str:
    """Return what the figures are compared with, in a sentence."""
    goal = summary.total.goal
    if summary.target_use == TargetUse.ELSEWHERE:
        return _(
            "Compared with whoever should be trained: the targets hold for all people of a cadre, "
            "on the map of the programme."
        )
    if summary.target_use == TargetUse.NONE_SET:
        return _("Compared with whoever should be trained, since no target is set.")
    if summary.target_use == TargetUse.OTHER_CADRES:
        return _(
            "Compared with whoever should be trained of the cadres that are counted here: the targets "
            "are set for other cadres or for some of these alone. Choose a cadre to compare with its target."
        )
    if goal.has_threshold:
        return _(
            "Compared with the targets; where none is set, with whoever should be trained. "
            "Counts as done at: %(threshold)s."
        ) % {"threshold": goal.threshold}
    return _("Compared with the targets; where none is set, with whoever should be trained.")


def _text(summary: Summary) -> str:
    if summary.is_done:
        return _("Everybody has completed. Nothing is left to do here.")
    values = {
        "reached": vi_number(summary.total.communes_reached),
        "communes": vi_number(summary.total.communes),
        "unreached": vi_number(summary.total.communes_unreached),
        "late": vi_number(summary.figures.late),
    }
    if not summary.total.communes:
        return _("%(late)s people are late.") % values
    return _done(summary) + (
        _(
            "Somebody has completed in %(reached)s of %(communes)s communes; in %(unreached)s nobody "
            "is in any class. %(late)s people are late."
        )
        % values
    )


def _done(summary: Summary) -> str:
    """Return how many places have reached their target, and a space; "" without targets."""
    if summary.target_use != TargetUse.SET:
        return ""
    done, districts = summary.districts_done
    values = {
        "done": vi_number(done),
        "districts": vi_number(districts),
        "communes_done": vi_number(summary.total.communes_done),
        "communes": vi_number(summary.total.communes),
    }
    sentence = _("Target reached: %(communes_done)s of %(communes)s communes.")
    if districts:
        sentence = _(
            "Target reached: %(done)s of %(districts)s districts, "
            "%(communes_done)s of %(communes)s communes."
        )
    return f"{sentence % values} "


def _named(
    rows: list[Row], count: int, url_of: UrlOf, label_of: Callable[[Row], str]
) -> dict[str, Any] | None:
    """Return the first of so many rows as links with how many people are late, and how many more
    there are; None without any.
    """
    if not rows:
        return None
    return {
        "places": [_late_place(row, url_of, label_of) for row in rows[:NAMED_LATE]],
        "more": max(count - NAMED_LATE, 0),
    }


def _late_place(row: Row, url_of: UrlOf, label_of: Callable[[Row], str]) -> dict[str, str]:
    values = {"late": vi_number(row.figures.late), "people": vi_number(row.figures.people)}
    return {
        "label": label_of(row),
        "late": _("(%(late)s/%(people)s)") % values,
        "url": url_of(row),
    }


def _latest(row: Row | None, url_of: UrlOf) -> dict[str, str] | None:
    """Return the commune to look at first of all;
    None on a page whose rows are communes.
    """
    return None if row is None else _late_place(row, url_of, commune_label)


def _actions(summary: Summary, names_of: NamesOf) -> list[dict[str, str]]:
    return [
        {
            "text": act_on_most(state, summary.figures, summary.most[state]),
            "url": names_of(summary.total, state=state.value),
            "count": vi_number(summary.figures.count(state)),
        }
        for state in IN_ORDER
        if state in summary.most
    ]


def _gaps(summary: Summary) -> list[str]:
    """Return what is missing: it is said, and not shown as a nought."""
    gaps = []
    if summary.figures.people and summary.total.communes_unknown:
        sentence = ngettext(
            "%(count)s of %(communes)s communes has nobody recorded to train.",
            "%(count)s of %(communes)s communes have nobody recorded to train.",
            summary.total.communes_unknown,
        )
        gaps.append(
            sentence
            % {
                "count": vi_number(summary.total.communes_unknown),
                "communes": vi_number(summary.total.communes),
            }
        )
    if divided := summary.beyond[Beyond.DIVIDED]:
        sentence = ngettext(
            "%(count)s person cannot be placed on this map: the place was divided.",
            "%(count)s people cannot be placed on this map: their places were divided.",
            divided,
        )
        gaps.append(sentence % {"count": vi_number(divided)})
    if abolished := summary.beyond[Beyond.ABOLISHED]:
        sentence = ngettext(
            "%(count)s person worked in an office of a tier that this map no longer has.",
            "%(count)s people worked in offices of a tier that this map no longer has.",
            abolished,
        )
        gaps.append(sentence % {"count": vi_number(abolished)})
    return gaps


def reconciled(row: Row, names_of: NamesOf) -> list[dict[str, Any]]:
    """Return how the figure of each plug-in fits to the people who completed, with the names of each
    part: column, completed, parts.
    """
    if not row.figures.completed:
        return []
    return [
        {
            "column": column.label,
            "completed": row.figures.completed,
            "parts": _parts(column, row, names_of),
        }
        for column in report_columns
        if column.parts
    ]


def _parts(column: ReportColumn, row: Row, names_of: NamesOf) -> SafeString:
    counted = {part: part_key(column.key, part) for part in column.parts}
    told = [
        (
            str(column.parts[part]) % {"count": vi_number(row.figures.extra[key])},
            names_of(row, figure=key) if column.opens_names else "",
        )
        for part, key in counted.items()
        if row.figures.extra.get(key)
    ]
    return format_html_join(
        ", ",
        "{}",
        ((format_html('<a href="{}">{}</a>', url, text) if url else text,) for text, url in told),
    )
