"""Who is entitled to a certificate, and since when: the one question that certificates ask."""

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Greatest

from courses.enums import EnrolmentStatus
from courses.extensions import agendas
from courses.models import Enrolment


def entitled(*, at: datetime | None = None) -> QuerySet[Any]:
    """Return the enrolments that may have a certificate at this moment, with `entitled_at`;
    without one also those whose moment is to come.

    Entitled is who has completed, from then on; and never before the last session of the class
    that counts has ended, whatever else the class asks. Whether the class was signed off is not
    asked: a trainee does not wait for what a trainer forgot.
    """
    completed = Enrolment.objects.filter(status=EnrolmentStatus.COMPLETED)
    since: Any = F("completed_at")
    for agenda in agendas:
        last = agenda.last_end(OuterRef("run"))
        since = Greatest(since, Coalesce(last, F("completed_at"), output_field=DateTimeField()))
    known = completed.annotate(entitled_at=ExpressionWrapper(since, output_field=DateTimeField()))
    return known.filter(entitled_at__lte=at) if at else known
