"""The part of a quiz page on which a question is answered: by plain forms, each kind by its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from courses.domain.given_answers import order_of
from courses.domain.item_order import mixed, right_column
from courses.enums import QuestionKind
from courses.models import QuestionVersion, QuizAnswer
from lms.core.requests import read_number

# The names of the fields; of a row with the id of its option.
OPTION, MATCH, PLACE, TYPED = "option", "match", "place", "typed"
_TEMPLATES = {
    QuestionKind.MATCHING: "courses/answers/matching.html",
    QuestionKind.ORDERING: "courses/answers/ordering.html",
    QuestionKind.NUMBER: "courses/answers/typed.html",
    QuestionKind.SHORT_TEXT: "courses/answers/typed.html",
}


class AnswerSheet:
    """What stands in the fields of one question: as it came, or as it was kept."""

    def __init__(self, put: QuizAnswer, data: QueryDict | None = None) -> None:
        self.put = put
        self.version: QuestionVersion = put.version
        self.typed = put.typed if data is None else data.get(TYPED, "").strip()
        if data is None:
            self.chosen = put.chosen
            self.rows = _kept_rows(self.version, put.chosen)
        else:
            self.chosen = _numbers(data.getlist(OPTION))
            name = MATCH if self.version.kind == QuestionKind.MATCHING else PLACE
            self.rows = _posted_rows(self.version, name, data)

    @property
    def is_filled(self) -> bool:
        return bool(self.chosen or self.typed or self.rows)

    def answer(self) -> dict[str, Any]:
        """Return what `answer_question` keeps. Raises Refusal as `order_of`."""
        if self.version.kind == QuestionKind.MATCHING:
            return {"chosen": [list(pair) for pair in self.rows.items()]}
        if self.version.kind == QuestionKind.ORDERING and self.rows:
            return {"chosen": order_of(version=self.version, places=self.rows)}
        return {"chosen": self.chosen, "typed": self.typed}

    def context(self) -> dict[str, Any]:
        """Return what the template of the kind shows."""
        kind = QuestionKind(self.version.kind)
        context: dict[str, Any] = {
            "options": self.put.shown_options,
            "answer_template": _TEMPLATES.get(kind, "courses/answers/choice.html"),
            "chosen": self.chosen,
            "typed": self.typed,
            "is_multiple": kind == QuestionKind.MULTIPLE,
            "is_number": kind == QuestionKind.NUMBER,
        }
        # As long as it is one attempt the order is one, whatever version is put.
        seed = f"{self.put.attempt_id}:{self.put.question_id}"
        options = self.version.options
        if kind == QuestionKind.MATCHING:
            context["column"] = right_column(options, seed=seed)
            context["rows"] = [(one, self.rows.get(one["id"])) for one in options]
        elif kind == QuestionKind.ORDERING:
            items = mixed(options, seed=seed)
            context["rows"] = [(one, self.rows.get(one["id"])) for one in items]
            context["places"] = range(1, len(options) + 1)
        return context


def step_of(put: Sequence[QuizAnswer], number: int) -> tuple[int, int] | None:
    """Return which step of its case a question is, and of how many; None outside of cases."""
    case_id = put[number - 1].version.case_id
    steps = [place for place, one in enumerate(put, start=1) if one.version.case_id == case_id]
    return (steps.index(number) + 1, len(steps)) if case_id else None


def _kept_rows(version: QuestionVersion, chosen: list[Any]) -> dict[int, int]:
    if version.kind == QuestionKind.MATCHING:
        return dict(chosen)
    if version.kind == QuestionKind.ORDERING:
        return {pk: place for place, pk in enumerate(chosen, start=1)}
    return {}


def _posted_rows(version: QuestionVersion, name: str, data: Mapping[str, str]) -> dict[int, int]:
    posted = {one["id"]: data.get(f"{name}-{one['id']}", "") for one in version.options}
    return {
        pk: number for pk, value in posted.items() if (number := read_number(value)) is not None
    }


def _numbers(values: list[str]) -> list[int]:
    numbers = (read_number(value) for value in values)
    return [number for number in numbers if number is not None]
