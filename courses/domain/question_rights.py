"""Who may publish a question: it goes with the pages that teach it, or whose quizzes ask it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courses.models import Question
from courses.models.page_rights import OwnedPageMixin
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.models import site_details
from lms.core.refusal import Refusal


def may_publish_at(user: User, pages: Sequence[OwnedPageMixin]) -> bool:
    """Return whether the person may publish a question that these pages teach or ask; without one
    it is the province's: see `QuestionQuerySet.publishable_by`.
    """
    if pages:
        return all(page.permissions_for_user(user).may_publish for page in pages)
    return not site_details().asks_approval or user.scope.reaches_province((Role.ADMINISTRATOR,))


def check_publishable(*, question: Question, by: User) -> None:
    """Raise Refusal `not_yours_to_publish` where the question belongs to others."""
    if not Question.objects.publishable_by(by).filter(pk=question.pk).exists():
        raise Refusal("not_yours_to_publish", not_yours_to_publish())


def not_yours_to_publish() -> str:
    return _(
        "This question is published by the administrators of the area that it belongs to: save it "
        "as a draft and tell them."
    )
