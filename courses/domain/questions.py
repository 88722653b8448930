"""When a question can be asked."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from lms.core.refusal import Refusal

FEWEST_OPTIONS = 2


def check_options(*, kind: str, rights: Collection[bool]) -> None:
    """Check the answers; `rights`: for each answer on offer whether it is right.

    Raises Refusal `too_few_options`, `none_right` or `several_right`.
    """
    if len(rights) < FEWEST_OPTIONS:
        raise Refusal("too_few_options", _("A question needs at least two answers."))
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
