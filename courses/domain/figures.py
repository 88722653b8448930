"""How many people are in a class, for lists: no query a row."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.enums import EnrolmentStatus
from courses.models import CourseRun, Enrolment


def annotate_trainees(runs: QuerySet[CourseRun]) -> QuerySet[Any]:
    """Add `trainee_count`, the people who count, and `completed_count` of them."""
    counted = Enrolment.objects.counted().filter(run=OuterRef("pk"))
    completed = counted.filter(status=EnrolmentStatus.COMPLETED)
    return runs.annotate(trainee_count=_count(counted), completed_count=_count(completed))


def _count(enrolments: QuerySet[Enrolment]) -> Coalesce:
    counted = enrolments.order_by().values("run").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
