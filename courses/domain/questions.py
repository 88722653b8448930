"""When a question can be asked, and what of it is still missing."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.models import LessonPage, Question, QuestionOption
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


def free_key(*, prefix: str, taken: Collection[str], after: int = 0, digits: int = 2) -> str:
    """Return the next key like M01-Q07 that is not among `taken`, which are in small letters."""
    number = after + 1
    while (key := f"{prefix}{number:0{digits}d}").lower() in taken:
        number += 1
    return key


def next_key(key: str) -> str:
    """Return the next free key of the same series: M01-Q08 for M01-Q07, TV-2 for TV."""
    series = re.fullmatch(r"(.*?)(\d+)", key)
    prefix, number = (series[1], series[2]) if series else (f"{key}-", "1")
    taken = Question.objects.filter(key__istartswith=prefix).values_list(Lower("key"), flat=True)
    return free_key(prefix=prefix, taken=set(taken), after=int(number), digits=len(number))


def copy_of(question: Question) -> Question:
    """Return an unsaved question with the same words and answers and a key of its own."""
    names = ("kind", "text", *CAN_FOLLOW, "lesson")
    copy = Question(key=next_key(question.key), **{name: getattr(question, name) for name in names})
    copy.options = [
        QuestionOption(text=one.text, is_correct=one.is_correct, sort_order=one.sort_order)
        for one in question.options.all()
    ]
    return copy


def question_after(question: Question) -> Question:
    """Return an unsaved, empty question on the same subject as the one that was just written."""
    names = ("kind", "source", "as_of", "lesson")
    return Question(key=next_key(question.key), **{name: getattr(question, name) for name in names})


def defaults_of_lesson(*, lesson: LessonPage) -> dict[str, str]:
    """Return the source and its date that a question on this lesson most likely has."""
    longest = Question._meta.get_field("source").max_length
    first = lesson.source_list[0] if lesson.source_list else ""
    return {"source": first if len(first) <= (longest or 0) else "", "as_of": lesson.as_of}
