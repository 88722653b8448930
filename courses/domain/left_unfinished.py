"""Who has not completed a class that is over, and learns the course nowhere else."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.domain.enrolment_state import in_state
from courses.enums import UNFINISHED_STATUSES, EnrolmentState, EnrolmentStatus
from courses.models import Enrolment
from lms.accounts.models import User


def left_unfinished(*, reader: User, today: date) -> QuerySet[Enrolment]:
    """Return those from units that the reader oversees, in the order of classes and names.

    One enrolment a person and course, the latest. Not who has completed the course in another class,
    or is in one that goes on or is to come.
    """
    same = Enrolment.objects.filter(user=OuterRef("user"), run__course=OuterRef("run__course"))
    elsewhere = same.filter(
        Q(status=EnrolmentStatus.COMPLETED)
        | Q(status=EnrolmentStatus.ACTIVE, run__status__in=UNFINISHED_STATUSES)
    )
    over = in_state(EnrolmentState.NOT_COMPLETED, today=today)
    later = same.filter(over).filter(
        Q(enrolled_at__gt=OuterRef("enrolled_at"))
        | Q(enrolled_at=OuterRef("enrolled_at"), pk__gt=OuterRef("pk"))
    )
    left = Enrolment.objects.overseen_by(reader).filter(over, ~Exists(elsewhere), ~Exists(later))
    return left.select_related("user", "unit", "run").order_by(
        "-run__ends_on", "run__code", "user__sort_key", "user__staff_code"
    )
