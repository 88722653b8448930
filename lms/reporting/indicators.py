"""What each figure of the report means: one sentence, for the page, the print and the file.

`docs/indicators.md` holds the same sentences with an example counted by hand; a test compares them.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.reporting.enums import Part, PersonState


@dataclass(frozen=True)
class Indicator:
    """`key`: of the column, and the anchor of its definition."""

    key: str
    label: str | Promise
    definition: str | Promise


INDICATORS = (
    Indicator(
        "people",
        _("People to train"),
        _(
            "People whose cadre has courses to complete in the programme: those in one of its "
            "classes, where the latest was joined, and all others, where they hold a post today. "
            "Each person is counted once."
        ),
    ),
    Indicator(
        PersonState.COMPLETED.value,
        PersonState.COMPLETED.label,
        _("People who have completed every course that their cadre must."),
    ),
    Indicator(
        "goal",
        _("Target"),
        _(
            "What the targets of the programme set for the unit; where it has none, those of its "
            "communes; where there is none, the people to train."
        ),
    ),
    Indicator("share", _("Share"), _("Completed, of the target.")),
    Indicator(
        PersonState.LEARNING.value,
        PersonState.LEARNING.label,
        _("People who have not completed and are in a class that has begun and is not closed."),
    ),
    Indicator(
        PersonState.TO_COME.value,
        PersonState.TO_COME.label,
        _(
            "People who have not completed, are in no class under way, and wait for one that begins."
        ),
    ),
    Indicator(
        PersonState.NOT_COMPLETED.value,
        PersonState.NOT_COMPLETED.label,
        _(
            "People who have not completed, whose class was closed, and who are in no class under "
            "way or to come."
        ),
    ),
    Indicator(
        PersonState.NO_CLASS.value,
        PersonState.NO_CLASS.label,
        _(
            "People who have not completed and are in no class: never enrolled, withdrawn, only in "
            "classes that were cancelled, or with a course that no class of theirs teaches."
        ),
    ),
    Indicator(
        "female_completed",
        _("Women who completed"),
        _("Women who have completed, of the women to train; without those whose sex is not known."),
    ),
    Indicator(
        "male_completed",
        _("Men who completed"),
        _("Men who have completed, of the men to train; without those whose sex is not known."),
    ),
    Indicator(
        Part.WITHIN.value,
        Part.WITHIN.label,
        _(
            "Of those who have completed, those whose last course was completed on a day of the "
            "chosen period."
        ),
    ),
    Indicator(
        "late",
        _("Who is late"),
        _("People in no class, or whose class is over and not completed: nobody teaches them now."),
    ),
    Indicator(
        "communes_unreached",
        _("Communes where nobody is in any class"),
        _("Communes with people to train, all of whom are in no class."),
    ),
    Indicator(
        "communes_reached",
        _("Communes reached"),
        _("Communes where at least one person has completed, of all communes."),
    ),
    Indicator(
        "communes_done",
        _("Communes done"),
        _(
            "Communes that have reached the threshold of the target, their own or that of a unit "
            "above; without any, where all people to train have completed. Of all communes."
        ),
    ),
    Indicator(
        "moved_in",
        _("Moved in"),
        _("People counted here where they work today who were enrolled from another place."),
    ),
    Indicator(
        "moved_out",
        _("Moved out"),
        _("People enrolled from here who are counted in another place where they work today."),
    ),
    Indicator(
        "enrolled_from",
        _("Enrolled from here"),
        _("People whom the row would count where they were enrolled."),
    ),
    Indicator(
        "left",
        _("Without a post"),
        _("People who hold no post any more, counted where they last held one."),
    ),
)
KEYS = frozenset(one.key for one in INDICATORS)
