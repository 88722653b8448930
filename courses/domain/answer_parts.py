"""What was answered to a question and what was right, part by part, for a page to show."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.domain.judging import (
    Given,
    Option,
    Put,
    accepting,
    is_right,
    is_spelt_right,
    match_ids,
    plain,
)
from courses.enums import QuestionKind


@dataclass(frozen=True)
class AnswerPart:
    """One option of a choice, one pair, one place of an order, or the whole of what was typed.

    `label`: what it is about. `given` and `right`: what was answered and what is right, "" for
    nothing. `spelling`: the right way to write what was accepted without its marks.
    """

    label: str = ""
    given: str = ""
    right: str = ""
    is_right: bool = False
    spelling: str = ""
    feedback: str = ""


def parts_of(*, version: Put, answer: Given) -> list[AnswerPart]:
    """Return the parts in their order; of a choice those that are right or were chosen."""
    if version.kind == QuestionKind.MATCHING:
        return _pairs(version.options, answer)
    if version.kind == QuestionKind.ORDERING:
        return _places(version.options, answer)
    if version.kind in (QuestionKind.NUMBER, QuestionKind.SHORT_TEXT):
        return [_typed(version, answer)]
    return _choices(version.options, answer)


def _choices(options: Sequence[Option], answer: Given) -> list[AnswerPart]:
    return [
        AnswerPart(
            given=one["text"] if one["id"] in answer.chosen else "",
            right=one["text"] if one["is_correct"] else "",
            is_right=one["is_correct"],
            feedback=one.get("feedback", "") if one["id"] in answer.chosen else "",
        )
        for one in options
        if one["is_correct"] or one["id"] in answer.chosen
    ]


def _pairs(options: Sequence[Option], answer: Given) -> list[AnswerPart]:
    texts = {one["id"]: one["match"] for one in options}
    ids, given = match_ids(options), dict(answer.chosen)
    return [
        AnswerPart(
            label=one["text"],
            given=texts.get(given.get(one["id"]), ""),
            right=one["match"],
            is_right=given.get(one["id"]) == ids[plain(one["match"])],
            feedback=one.get("feedback", "") if given else "",
        )
        for one in options
    ]


def _places(options: Sequence[Option], answer: Given) -> list[AnswerPart]:
    texts = {one["id"]: one["text"] for one in options}
    given = [*answer.chosen, *(None for _one in options[len(answer.chosen) :])]
    return [
        AnswerPart(
            label=str(place),
            given=texts.get(pk, ""),
            right=one["text"],
            is_right=pk == one["id"],
        )
        for place, (pk, one) in enumerate(zip(given, options, strict=True), start=1)
    ]


def _typed(version: Put, answer: Given) -> AnswerPart:
    hits = accepting(version=version, answer=answer)
    accepted = [_accepted(one) for one in version.options]
    is_spelt = any(is_spelt_right(answer.typed, one["text"]) for one in hits)
    return AnswerPart(
        given=answer.typed,
        right=" / ".join(accepted),
        is_right=is_right(version=version, answer=answer),
        spelling=hits[0]["text"]
        if hits and not is_spelt and version.kind == QuestionKind.SHORT_TEXT
        else "",
        feedback=hits[0].get("feedback", "") if hits else "",
    )


def _accepted(option: Option) -> str:
    tolerance = option.get("tolerance", "")
    return f"{option['text']} ± {tolerance}" if tolerance else option["text"]
