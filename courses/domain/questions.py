"""What of a question is still missing, and how the next one begins."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from django.db.models import Max, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from wagtail.images.models import AbstractImage

from courses.models import LessonPage, Question, QuestionCase, QuestionOption
from lms.accounts.models import User
from lms.core.refusal import Refusal

#: What may follow after the question itself. Until then the bank and the front page say so; the
#: question can be asked, since no rule of a quiz looks at these, and its result lacks them.
CAN_FOLLOW: Final = ("explanation", "source", "as_of")
TO_COMPLETE: Final = Q(explanation="") | Q(source="") | Q(as_of="")

#: By what questions are drawn, beside their lesson.
SORTED_BY: Final = ("difficulty", "tags")

#: What makes up an answer.
OPTION_COLUMNS: Final = ("text", "is_correct", "match", "tolerance", "feedback", "sort_order")


def missing_parts(question: Question) -> list[str]:
    """Return what of a question is still to complete, in words."""
    names = [name for name in CAN_FOLLOW if not getattr(question, name)]
    return [str(Question._meta.get_field(name).verbose_name) for name in names]


def check_published(*, questions: Iterable[Question]) -> None:
    """Raise Refusal `question_is_draft` when one of these has never been published."""
    drafts = [question.key for question in questions if not question.live]
    if drafts:
        raise Refusal(
            "question_is_draft",
            _("Only drafts so far, so nobody can be asked: %(keys)s. Publish them first.")
            % {"keys": ", ".join(drafts)},
        )


def why_held(*, question: Question, by: User) -> str:
    """Return why nobody but its editor may change a question now, in a sentence; "" when free."""
    lock = question.get_lock()
    if lock and lock.for_user(by):
        who = question.locked_by.full_name if question.locked_by else _("somebody")
        return _("Locked by %(person)s: ask for the lock to be opened.") % {"person": who}
    if question.has_unpublished_changes:
        return _("A draft of this question waits to be published: finish it first.")
    return ""


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
    names = ("kind", "text", *CAN_FOLLOW, *SORTED_BY, "lesson", "picture", "picture_alt")
    copy = Question(key=next_key(question.key), **{name: getattr(question, name) for name in names})
    copy.options = [
        QuestionOption(**{name: getattr(one, name) for name in OPTION_COLUMNS})
        for one in question.options.all()
    ]
    return copy


def question_after(question: Question) -> Question:
    """Return an unsaved, empty question on the same subject as the one that was just written: the
    next step where it was one of a case.
    """
    names = ("kind", "source", "as_of", *SORTED_BY, "lesson", "case")
    return Question(key=next_key(question.key), **{name: getattr(question, name) for name in names})


def alternative_text(*, picture: AbstractImage | None, typed: str) -> str:
    """Return the words for those who do not see the picture of a question: what was typed, else what
    the picture says of itself. Raises Refusal `alt_missing`.
    """
    if picture is None:
        return ""
    if not (text := typed or picture.description):
        raise Refusal(
            "alt_missing",
            _("Say in a sentence what the picture shows, for those who cannot see it."),
            field="picture_alt",
        )
    return text


def step_of_case(*, case: QuestionCase | None, typed: int | None, pk: int | None) -> int | None:
    """Return which step of its case a question is, by its id: the one that was typed, else after
    the others.
    """
    if case is None:
        return None
    others = Question.objects.filter(case=case).exclude(pk=pk)
    return typed or (others.aggregate(last=Max("case_step"))["last"] or 0) + 1


def defaults_of_lesson(*, lesson: LessonPage) -> dict[str, str]:
    """Return the source and its date that a question on this lesson most likely has."""
    longest = Question._meta.get_field("source").max_length
    first = next(iter(lesson.named_sources), "")
    return {"source": first if len(first) <= (longest or 0) else "", "as_of": lesson.as_of}
