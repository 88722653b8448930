"""What fits each state: said in the report, above the list of names and on the page of a person."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.display import vi_number
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.joining import may_enrol, only_host, runs_to_join
from lms.reporting.domain.queries import Requirements, required_courses
from lms.reporting.domain.rows import Row
from lms.reporting.enums import PersonState
from lms.reporting.labels import row_label
from lms.reporting.views.listing import NamesList, list_address

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


def ways_to_act(listed: NamesList) -> list[dict[str, Any]]:
    """Return the buttons above a list of names: those who are late join a class, or one is planned.

    None for whoever keeps no class, of a past day, and of people who do not stand there any more.
    """
    if listed.to_enrol is None or not may_enrol(listed.asked.reader):
        return []
    has_class = runs_to_join(
        programme=listed.asked.programme,
        requirements=requirements_of(listed),
        reader=listed.asked.reader,
    ).exists()
    enrol = {
        "label": _("Enrol in a class"),
        "url": list_address(listed, "_enrol", listed.state),
        "icon": "users",
    }
    plan = {"label": _("Plan a class"), "url": plan_address(listed), "icon": "calendar"}
    ways = [enrol, plan] if has_class else [plan]
    return [way | {"variant": "secondary" if at else ""} for at, way in enumerate(ways)]


def requirements_of(listed: NamesList) -> Requirements:
    """Return what is asked of the people of a list."""
    asked = listed.asked
    return required_courses(
        programme=asked.programme, cadres=asked.cadres, narrowing=asked.narrowing
    )


def plan_address(listed: NamesList) -> str:
    """Return the form of a new class with what the list tells filled in; it leads back to these
    people, whom it then takes.
    """
    courses = {pk for wanted in requirements_of(listed).values() for pk in wanted}
    asked = listed.asked
    # A class is held on the map of its programme, whichever the list was looked at on.
    is_on_map = asked.edition.pk == asked.programme.edition_id
    unit = asked.unit if is_on_map else None
    unit = unit or only_host(reader=asked.reader, edition=asked.programme.edition)
    known = {"programme": asked.programme.pk, "unit": unit and unit.pk}
    if len(courses) == 1:
        known["course"] = courses.pop()
    known["next"] = list_address(listed, "_enrol", listed.state)
    return (
        f"{reverse('runs:add')}?{urlencode({name: text for name, text in known.items() if text})}"
    )
