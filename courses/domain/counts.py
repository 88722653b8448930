"""How many people are in a class, for lists: no query a row."""

from typing import Any

from django.db.models import OuterRef, QuerySet

from courses.enums import EnrolmentStatus
from courses.models import CourseRun, Enrolment
from lms.core.counting import count_of


def annotate_trainees(runs: QuerySet[CourseRun]) -> QuerySet[Any]:
    """Add `trainee_count`, the people who count, and `completed_count` of them."""
    counted = Enrolment.objects.counted().filter(run=OuterRef("pk"))
    completed = counted.filter(status=EnrolmentStatus.COMPLETED)
    return runs.annotate(trainee_count=count_of(counted), completed_count=count_of(completed))
