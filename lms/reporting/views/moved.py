"""How counting people where they work today fits to counting them where they were enrolled."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.accounts.models import User
from lms.core.display import vi_number
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.domain.tables import Table
from lms.reporting.enums import CountedAt
from lms.reporting.views.listing import NamesList


def moves_in_words(*, table: Table, reader: User) -> list[str]:
    """Return who moved, how the totals fit, who holds no post any more;
    nothing for the other way.
    """
    if table.counted_at != CountedAt.NOW:
        return []
    words = [_moves(table)]
    if left := table.total.figures.left:
        sentence = ngettext(
            "%(count)s person no longer holds a post and is counted where the last one was held.",
            "%(count)s people no longer hold a post and are counted where their last one was held.",
            left,
        )
        words.append(sentence % {"count": vi_number(left)})
    if not reader.scope.oversees_province:
        words.append(
            _(
                "People enrolled from another area who have moved here are counted in the report "
                "of that area."
            )
        )
    return words


def unnamed_in_words(listed: NamesList) -> list[str]:
    """Return how many the figure counts who moved out of the reader's area since: they stand in a row
    of their own, which names nobody. Nothing where all are named.
    """
    away = listed.people.count_away()
    count = sum(away[state] for state in listed.states)
    sentence = ngettext(
        "%(count)s more, who moved out of your area since, is counted and not named.",
        "%(count)s more, who moved out of your area since, are counted and not named.",
        count,
    )
    return [sentence % {"count": vi_number(count)}] if count else []


def moved_from(line: PersonLine) -> list[str]:
    """Return where the person was enrolled from, if elsewhere,
    and whether there is a post no more.
    """
    words = [str(line.enrolled_from)] if line.enrolled_from else []
    return [*words, _("No longer holds a post")] if line.has_left else words


def _moves(table: Table) -> str:
    total = table.total
    values = {
        "moved": vi_number(table.moved),
        "moved_in": vi_number(total.moved_in),
        "moved_out": vi_number(total.moved_out),
        "before": vi_number(total.enrolled_from),
        "people": vi_number(total.figures.people),
        "completed": vi_number(total.figures.completed),
    }
    if not table.moved:
        return _(
            "Nobody works in a different place than when enrolled: both ways give the same figures."
        )
    if not (total.moved_in or total.moved_out):
        sentence = ngettext(
            "%(moved)s person works in a different place than when enrolled. The total stays the "
            "same: %(people)s people, %(completed)s of whom have completed.",
            "%(moved)s people work in a different place than when enrolled. The total stays the "
            "same: %(people)s people, %(completed)s of whom have completed.",
            table.moved,
        )
        return sentence % values
    sentence = _(
        "Since they were enrolled, %(moved_in)s people moved in and %(moved_out)s moved out: "
        "%(before)s + %(moved_in)s − %(moved_out)s = %(people)s people."
    )
    return sentence % values
