"""What fits each state: said in the report, above the list of names and on the page of a person."""

from django.utils.translation import gettext as _

from lms.core.display import vi_number
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.rows import Row
from lms.reporting.enums import PersonState
from lms.reporting.labels import row_label

# Those who are late first.
IN_ORDER = (
    PersonState.NO_CLASS,
    PersonState.NOT_COMPLETED,
    PersonState.TO_COME,
    PersonState.LEARNING,
)


def act_for(state: PersonState) -> str:
    """Return what to do for people in this state, as a short order; "" when there is nothing."""
    return {
        PersonState.NO_CLASS: _("Open a class for them, or enrol them in one that is planned."),
        PersonState.NOT_COMPLETED: _(
            "Reminding is of no use, the class is over: offer a make-up or a new class."
        ),
        PersonState.TO_COME: _("Invite them, and tell them the first day and the place."),
        PersonState.LEARNING: _("Remind them of what is missing."),
    }.get(state, "")


def act_on_most(state: PersonState, figures: Figures, most: Row) -> str:
    """Return what to do for so many people, and where most of them are."""
    sentence = {
        PersonState.NO_CLASS: _(
            "Open classes for %(count)s people who are in none; most are in %(place)s (%(most)s)."
        ),
        PersonState.NOT_COMPLETED: _(
            "Offer a make-up or a new class to %(count)s people whose class is over; "
            "most are in %(place)s (%(most)s)."
        ),
        PersonState.TO_COME: _(
            "Invite %(count)s people to a class that is to come; most are in %(place)s (%(most)s)."
        ),
        PersonState.LEARNING: _(
            "Remind %(count)s people in classes to finish; most are in %(place)s (%(most)s)."
        ),
    }[state]
    return sentence % {
        "count": vi_number(figures.count(state)),
        "place": row_label(most),
        "most": vi_number(most.figures.count(state)),
    }
