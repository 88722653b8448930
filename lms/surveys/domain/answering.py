"""Who is asked for an opinion, when, and once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from courses.enums import COUNTED_STATUSES, EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.core.refusal import Refusal
from lms.surveys.models import SurveyAnswer, SurveyReceipt

OPEN_DAYS: Final = 30


def is_asked(*, enrolment: Enrolment, today: date) -> bool:
    """Return whether the class is over for this person and no longer than OPEN_DAYS ago.

    It is over on its last day, and for those who have completed earlier from then on. Says
    nothing about an answer that was given.
    """
    run = enrolment.run
    if enrolment.status not in COUNTED_STATUSES or run.status not in (
        RunStatus.OPEN,
        RunStatus.CLOSED,
    ):
        return False
    is_over = run.ends_on <= today or enrolment.status == EnrolmentStatus.COMPLETED
    return is_over and today <= run.ends_on + timedelta(days=OPEN_DAYS)


@transaction.atomic
def answer_survey(
    *, enrolment: Enrolment, ratings: Mapping[str, int], comment: str, today: date
) -> None:
    """Keep an opinion, and apart from it that this person has given one.

    Raises Refusal `survey_not_open`, `survey_answered`, `survey_empty`.
    """
    if not is_asked(enrolment=enrolment, today=today):
        raise Refusal("survey_not_open", _("This class does not ask for an opinion now."))
    if not ratings and not comment.strip():
        raise Refusal("survey_empty", _("Rate at least one statement or write something."))
    # Held, so that two taps are one answer.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    _receipt, is_new = SurveyReceipt.objects.get_or_create(enrolment=enrolment)
    if not is_new:
        raise Refusal("survey_answered", _("You have already answered. Thank you!"))
    SurveyAnswer.objects.create(run=enrolment.run, ratings=dict(ratings), comment=comment.strip())
