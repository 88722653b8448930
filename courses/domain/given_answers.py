"""What a person may answer to a question: checked, and told what is missing, before it is kept."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.judging import Given, Put, match_ids
from courses.domain.numbers import read_number
from courses.enums import QuestionKind
from courses.models.quizzes import LONGEST_TYPED
from lms.core.refusal import CatchRefusal, Refusal
from lms.core.text import nfc


@dataclass
class GivenAnswer:
    """An answer that is not kept yet; see `QuizAnswer`."""

    chosen: list[Any] = field(default_factory=list)
    typed: str = ""


def check_answer(*, version: Put, answer: Given) -> None:
    """Refuse what is no whole answer to this question; whether it is right is another matter.

    Raises Refusal `answer_empty`, `answer_foreign`, `answer_not_single`, `answer_incomplete`,
    `answer_too_long`, or as `read_number`.
    """
    kind = QuestionKind(version.kind)
    if not answer.chosen and not answer.typed:
        empty = _EMPTY.get(kind, gettext_lazy("Choose an answer first."))
        raise Refusal("answer_empty", str(empty))
    _CHECKS[kind](version, answer)


def fits(*, version: Put, answer: Given) -> bool:
    """Return whether an answer to another version is one to this as well."""
    if not answer.chosen and not answer.typed:
        return True
    with CatchRefusal() as asked:
        check_answer(version=version, answer=answer)
    return asked.refusal is None


def tidy(*, version: Put, chosen: Collection[Any], typed: str) -> GivenAnswer:
    """Return an answer as it is kept: ids and pairs in the order of their numbers, but for an
    ordering, and a text in one line.
    """
    if version.kind == QuestionKind.ORDERING:
        return GivenAnswer(list(chosen))
    once = {tuple(one) if isinstance(one, list) else one for one in chosen}
    return GivenAnswer([list(o) if isinstance(o, tuple) else o for o in sorted(once)], nfc(typed))


def order_of(*, version: Put, places: Mapping[int, int]) -> list[int]:
    """Return the ids of the items in the order of the places that a person gave them.

    Raises Refusal `answer_incomplete`, or `answer_twice` where two have one place.
    """
    _require_all(version, places)
    twice = sorted({place for place in places.values() if [*places.values()].count(place) > 1})
    if twice:
        raise Refusal(
            "answer_twice",
            _("Number %(number)s stands in several rows. Each number is given once.")
            % {"number": twice[0]},
        )
    return sorted(places, key=lambda pk: places[pk])


def _check_choice(version: Put, answer: Given) -> None:
    if not {option["id"] for option in version.options}.issuperset(answer.chosen):
        raise _foreign()
    if version.kind != QuestionKind.MULTIPLE and len(answer.chosen) > 1:
        raise Refusal("answer_not_single", _("Only one answer can be chosen here."))


def _check_matching(version: Put, answer: Given) -> None:
    lefts = [left for left, _right in answer.chosen]
    rights = {right for _left, right in answer.chosen}
    if not rights.issubset(match_ids(version.options).values()) or len(set(lefts)) < len(lefts):
        raise _foreign()
    _require_all(version, lefts)


def _check_ordering(version: Put, answer: Given) -> None:
    _require_all(version, answer.chosen)
    if len(answer.chosen) > len(version.options):
        raise _foreign()


def _check_typed(_version: Put, answer: Given) -> None:
    if len(answer.typed) > LONGEST_TYPED:
        raise Refusal(
            "answer_too_long",
            _("This answer is too long: a few words are enough (%(most)d characters at most).")
            % {"most": LONGEST_TYPED},
        )


def _check_number(version: Put, answer: Given) -> None:
    _check_typed(version, answer)
    read_number(answer.typed)


def _require_all(version: Put, given: Collection[int]) -> None:
    ids = {option["id"] for option in version.options}
    if not ids.issuperset(given):
        raise _foreign()
    missing = len(ids - set(given))
    if missing:
        raise Refusal(
            "answer_incomplete",
            _("%(count)s rows have no answer yet. Choose in each row, or leave all of them empty.")
            % {"count": missing},
        )


def _foreign() -> Refusal:
    return Refusal("answer_foreign", _("This answer does not belong to the question."))


_EMPTY: Final = {
    QuestionKind.MATCHING: gettext_lazy("Choose an answer in each row first."),
    QuestionKind.ORDERING: gettext_lazy("Give each row its number first."),
    QuestionKind.NUMBER: gettext_lazy("Write your answer first."),
    QuestionKind.SHORT_TEXT: gettext_lazy("Write your answer first."),
}
_CHECKS: Final[Mapping[QuestionKind, Callable[[Put, Given], None]]] = {
    QuestionKind.SINGLE: _check_choice,
    QuestionKind.MULTIPLE: _check_choice,
    QuestionKind.TRUE_FALSE: _check_choice,
    QuestionKind.MATCHING: _check_matching,
    QuestionKind.ORDERING: _check_ordering,
    QuestionKind.NUMBER: _check_number,
    QuestionKind.SHORT_TEXT: _check_typed,
}
