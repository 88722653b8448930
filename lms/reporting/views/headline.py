"""The report in a sentence: how far, who is not there yet, and what to do about it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.display import percent, vi_date, vi_number
from lms.reporting.domain.counting import Figures, part_key
from lms.reporting.domain.summary import Summary
from lms.reporting.domain.tables import Row
from lms.reporting.extensions import ReportColumn, report_columns
from lms.reporting.labels import commune_label, row_label

NAMED_BEHIND = 3

UrlOf = Callable[[Row], str]


def headline(*, summary: Summary, url_of: UrlOf) -> dict[str, Any]:
    """Return title, text; behind: the places to look at first, more_behind: how many others;
    behind_words: what they are measured by; slowest: the commune to look at first; actions:
    what to do, each with its place; gaps: what the figures do not hold.
    """
    return {
        "title": _title(summary),
        "text": _text(summary),
        "behind": [
            {"label": row_label(row), "share": _share_due(row), "url": url_of(row)}
            for row in summary.behind[:NAMED_BEHIND]
        ],
        "behind_words": _behind_words(summary),
        "slowest": _slowest(summary.slowest_commune, url_of),
        "more_behind": max(len(summary.behind) - NAMED_BEHIND, 0),
        "actions": _actions(summary, url_of),
        "gaps": _gaps(summary),
    }


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
            "Not begun: the class is still to come and the person has no other class under way. "
            "Nobody is late or reminded before that day, and a place where everybody is waiting "
            "is shown as not begun."
        ),
        _(
            "Furthest behind: where the smallest share has completed, "
            "without the people whose class has not begun."
        ),
        _("A commune or a district is done when everybody counted there has completed."),
        _(
            "Boundaries change. People whose commune was divided are shown on a line of their "
            "own; their place is never guessed."
        ),
    ]


def _title(summary: Summary) -> str:
    if not summary.people:
        return _("Nobody to count yet")
    values = {
        "done": vi_number(summary.places_done),
        "places": vi_number(summary.places),
        "communes_done": vi_number(summary.communes_done),
        "communes": vi_number(summary.communes),
    }
    if summary.has_districts:
        sentence = _(
            "Done: %(done)s of %(places)s districts and %(communes_done)s of %(communes)s communes."
        )
    else:
        sentence = _("Done: %(communes_done)s of %(communes)s communes.")
    return sentence % values


def _text(summary: Summary) -> str:
    if not summary.people:
        return _("As soon as people hold a post in this area or join a class, they appear here.")
    if summary.is_done:
        return _("Everybody has completed. Nothing is left to do here.")
    sentence = ngettext(
        "%(missing)s of %(people)s people is still to complete: "
        "%(learning)s in a class, %(unreached)s in no class yet.",
        "%(missing)s of %(people)s people are still to complete: "
        "%(learning)s in a class, %(unreached)s in no class yet.",
        summary.missing,
    )
    if summary.waiting:
        sentence = _(
            "%(missing)s of %(people)s people are still to complete: %(learning)s in a class, "
            "%(waiting)s in a class that has not begun (the first on %(day)s), "
            "%(unreached)s in no class yet."
        )
    text = sentence % {
        "missing": vi_number(summary.missing),
        "people": vi_number(summary.people),
        "learning": vi_number(summary.learning),
        "waiting": vi_number(summary.waiting),
        "day": vi_date(summary.starts_on),
        "unreached": vi_number(summary.unreached),
    }
    return f"{text} {_ahead(summary)}".strip()


def _ahead(summary: Summary) -> str:
    sentence = ngettext(
        "%(count)s commune has not begun.",
        "%(count)s communes have not begun.",
        summary.communes_ahead,
    )
    count = summary.communes_ahead
    return sentence % {"count": vi_number(count)} if count else ""


def _behind_words(summary: Summary) -> str:
    if summary.waiting:
        return _("Furthest behind, without people whose class has not begun:")
    return _("Furthest behind:")


def _share_due(row: Row) -> str:
    figures = row.figures
    return percent(figures.completed, figures.completed + figures.lagging)


def _slowest(row: Row | None, url_of: UrlOf) -> dict[str, str] | None:
    """Return the commune that is furthest behind of all;
    None on a page whose rows are communes.
    """
    if row is None:
        return None
    return {"label": commune_label(row), "share": _share_due(row), "url": url_of(row)}


def _actions(summary: Summary, url_of: UrlOf) -> list[dict[str, str]]:
    asked = [
        (
            summary.most_unreached,
            summary.unreached,
            lambda row: row.figures.unreached,
            _(
                "Open classes for %(count)s people who are in none; most are in %(place)s (%(most)s)."
            ),
        ),
        (
            summary.most_learning,
            summary.learning,
            lambda row: row.figures.learning,
            _("Remind %(count)s people in classes to finish; most are in %(place)s (%(most)s)."),
        ),
    ]
    return [
        {
            "text": sentence
            % {
                "count": vi_number(count),
                "place": row_label(row),
                "most": vi_number(figure(row)),
            },
            "url": url_of(row),
            "label": row_label(row),
        }
        for row, count, figure, sentence in asked
        if row is not None
    ]


def _gaps(summary: Summary) -> list[str]:
    """Return what is missing: it is said, and not shown as a nought."""
    gaps = []
    if summary.people and summary.communes_unknown:
        sentence = ngettext(
            "%(count)s of %(communes)s communes has nobody recorded to train.",
            "%(count)s of %(communes)s communes have nobody recorded to train.",
            summary.communes_unknown,
        )
        gaps.append(
            sentence
            % {
                "count": vi_number(summary.communes_unknown),
                "communes": vi_number(summary.communes),
            }
        )
    if summary.unallocated:
        sentence = ngettext(
            "%(count)s person cannot be placed on this map: the place was divided.",
            "%(count)s people cannot be placed on this map: their places were divided.",
            summary.unallocated,
        )
        gaps.append(sentence % {"count": vi_number(summary.unallocated)})
    return gaps


def reconciled(figures: Figures) -> list[str]:
    """Return how the figure of each plug-in fits to the people who completed,
    a sentence a column.
    """
    if not figures.completed:
        return []
    return [_of_those_completed(column, figures) for column in report_columns if column.parts]


def _of_those_completed(column: ReportColumn, figures: Figures) -> str:
    counts = {part: figures.extra.get(part_key(column.key, part), 0) for part in column.parts}
    told = [
        str(column.parts[part]) % {"count": vi_number(count)}
        for part, count in counts.items()
        if count
    ]
    return _("%(column)s: of the %(completed)s people who completed, %(parts)s.") % {
        "column": column.label,
        "completed": vi_number(figures.completed),
        "parts": ", ".join(told),
    }
