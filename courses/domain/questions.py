"""When a question can be asked."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from courses.domain.errors import DomainError
from courses.enums import QuestionKind

FEWEST_OPTIONS = 2


def check_options(*, kind: str, rights: Collection[bool]) -> None:
    """`rights`: for each answer on offer whether it is right.

    Raises DomainError `too_few_options`, `none_right` or `several_right`.
    """
    if len(rights) < FEWEST_OPTIONS:
        raise DomainError("too_few_options", _("A question needs at least two answers."))
    if not any(rights):
        raise DomainError("none_right", _("Tick the correct answer."))
    if kind != QuestionKind.MULTIPLE and sum(rights) > 1:
        raise DomainError(
            "several_right",
            _(
                "Several answers are ticked as correct, but this kind of question has only one. "
                "Untick the others or choose “Several right answers”."
            ),
        )
