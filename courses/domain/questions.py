"""When a question can be asked, and what of it is still missing."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.models import LessonPage, Question
from lms.core.refusal import Refusal
from lms.core.text import nfc

FEWEST_OPTIONS: Final = 2
#: A list has a column for each; more do not fit on a phone either.
MOST_OPTIONS: Final = 8
#: What may follow after the question itself. Until then the bank and the front page say so; the
#: question can be asked, since no rule of a quiz looks at these, and its result lacks them.
CAN_FOLLOW: Final = ("explanation", "source", "as_of")
TO_COMPLETE: Final = Q(explanation="") | Q(source="") | Q(as_of="")


def check_options(*, kind: str, rights: Collection[bool], texts: Sequence[str] = ()) -> None:
    """Check the answers: `rights`: for each on offer whether it is right, `texts` in the same order.

    Raises Refusal `too_few_options`, `too_many_options`, `same_option`, `none_right` or
    `several_right`.
    """
    if len(rights) < FEWEST_OPTIONS:
        raise Refusal("too_few_options", _("A question needs at least two answers."))
    if len(rights) > MOST_OPTIONS:
        raise Refusal(
            "too_many_options",
            _("A question can have at most %(most)d answers.") % {"most": MOST_OPTIONS},
        )
    if len({nfc(text).casefold() for text in texts}) < len(texts):
        raise Refusal("same_option", _("Two answers are the same. Please change one of them."))
    if not any(rights):
        raise Refusal("none_right", _("Tick the correct answer."))
    if kind != QuestionKind.MULTIPLE and sum(rights) > 1:
        raise Refusal(
            "several_right",
            _(
                "Several answers are ticked as correct, but this kind of question has only one. "
                "Untick the others or choose “Several right answers”."
            ),
        )


def missing_parts(question: Question) -> list[str]:
    """Return what of a question is still to complete, in words."""
    names = [name for name in CAN_FOLLOW if not getattr(question, name)]
    return [str(Question._meta.get_field(name).verbose_name) for name in names]


def defaults_of_lesson(*, lesson: LessonPage) -> dict[str, str]:
    """Return the source and its date that a question on this lesson most likely has."""
    longest = Question._meta.get_field("source").max_length
    first = lesson.source_list[0] if lesson.source_list else ""
    return {"source": first if len(first) <= (longest or 0) else "", "as_of": lesson.as_of}
