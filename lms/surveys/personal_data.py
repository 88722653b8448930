"""What surveys hold about people: that they have answered, and texts that may name somebody."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import (
    NO_LONGER_KEPT,
    PersonalData,
    PseudonymisationRule,
    RetentionRule,
)
from lms.surveys.models import SurveyAnswer, SurveyReceipt

PERSONAL_DATA = (
    PersonalData(SurveyReceipt, subject="enrolment__user", shown=("enrolment",)),
    PersonalData(
        SurveyAnswer,
        keep=[
            RetentionRule(
                key="survey_answers",
                label=_("Opinions on classes, without names"),
                counted_from=_("the last day of the class"),
                reason=_("Classes of some years are compared. A comment may name somebody."),
                action=RetentionAction.DELETED,
                days=3 * 365,
                due=lambda before: SurveyAnswer.objects.filter(run__ends_on__lt=before.date()),
            )
        ],
        # A sheet with a comment alone must still say something.
        copy=PseudonymisationRule(
            kept=("ratings",),
            replaced={"comment": lambda answer: answer.comment and NO_LONGER_KEPT},
            why="Figures without a name.",
        ),
    ),
)
