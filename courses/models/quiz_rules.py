"""How a quiz is taken, whatever carries it: the quiz as it is written, and each edition of it."""

from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.enums import QuizPurpose


class QuizRules(models.Model):
    """The pass mark is none of them: it is a setting of the class."""

    purpose = models.CharField(
        _("before or after"),
        max_length=10,
        choices=QuizPurpose.choices,
        blank=True,
        help_text=_(
            "What people knew before the training is compared with what they know afterwards. The "
            "pre-test comes first, is taken once, shows no answers and does not decide completion. "
            "A course has one of each."
        ),
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=0, help_text=_("0 means unlimited.")
    )
    wait_minutes = models.PositiveIntegerField(
        _("wait before another try (minutes)"),
        default=0,
        help_text=_("Counted from handing in a try that did not pass; 0 means at once."),
    )
    must_reread = models.BooleanField(
        _("read again before another try"),
        default=False,
        help_text=_("Lessons of questions that went wrong must be opened again first."),
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        _("time limit (minutes)"),
        default=0,
        help_text=_("Counted from the beginning of a try; 0 means no limit."),
    )
    shuffle_questions = models.BooleanField(
        _("mix the questions"),
        default=False,
        help_text=_("Each try asks them in another order."),
    )
    shuffle_options = models.BooleanField(
        _("mix the answers"),
        default=False,
        help_text=_(
            "A question keeps its order where an answer speaks of others, such as “Both A and B”."
        ),
    )

    class Meta:
        abstract = True

    @property
    def is_pre_test(self) -> bool:
        return self.purpose == QuizPurpose.PRE_TEST

    def rules(self) -> dict[str, Any]:
        """Return all of them by name, to compare and to copy."""
        return {name: getattr(self, name) for name in RULES}


RULES: Final = tuple(field.name for field in QuizRules._meta.local_fields)


def pre_test_once(name: str) -> models.CheckConstraint:
    """Return the constraint that a pre-test is taken once: after it nobody answers untaught."""
    return models.CheckConstraint(
        condition=~Q(purpose=QuizPurpose.PRE_TEST) | Q(max_attempts=1), name=name
    )
