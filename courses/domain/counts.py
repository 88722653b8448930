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
    return runs.annotate(
        trainee_count=count_by_run(counted), completed_count=count_by_run(completed)
    )


def count_by_run(rows: QuerySet[Any]) -> Coalesce:
    """How many of these rows there are in the class to which they are tied by `run=OuterRef(…)`."""
    counted = rows.order_by().values("run").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
