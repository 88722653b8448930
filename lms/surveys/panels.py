"""What surveys add to the pages of courses."""

from typing import Any

from django.utils import timezone

from courses.models import CourseRun, Enrolment
from lms.core.readers import SignedInRequest
from lms.surveys.domain.answering import is_asked
from lms.surveys.domain.results import ENOUGH, results_of
from lms.surveys.models import SurveyReceipt


class AskMyOpinion:
    """My work: the way to the sheet of each class that is over and not yet rated."""

    key = "surveys.ask_all"
    place = "my_work_bottom"
    order = 50
    template = "surveys/panels/ask.html"

    def context(self, request: SignedInRequest, subject: list[Enrolment]) -> dict[str, Any] | None:
        return _unanswered(subject)


class AskOpinion:
    """One's own class: the way to the sheet."""

    key = "surveys.ask"
    place = "enrolment"
    order = 50
    template = "surveys/panels/ask.html"

    def context(self, request: SignedInRequest, subject: Enrolment) -> dict[str, Any] | None:
        return _unanswered([subject]) if subject.user_id == request.user.pk else None


class ShowOpinions:
    """Overview of a class: what its trainees thought."""

    key = "surveys.results"
    place = "run_overview"
    order = 50
    template = "surveys/panels/results.html"

    def context(self, request: SignedInRequest, subject: CourseRun) -> dict[str, Any] | None:
        results = results_of(run=subject, reader=request.user)
        return {"results": results, "enough": ENOUGH} if results.answers else None


def _unanswered(enrolments: list[Enrolment]) -> dict[str, Any] | None:
    """Return those that are asked and have not answered; no query where nobody is asked."""
    today = timezone.localdate()
    asked = [one for one in enrolments if is_asked(enrolment=one, today=today)]
    if not asked:
        return None
    receipts = SurveyReceipt.objects.filter(enrolment__in=asked)
    answered = set(receipts.values_list("enrolment", flat=True))
    left = [one for one in asked if one.pk not in answered]
    return {"enrolments": left} if left else None
