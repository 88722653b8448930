"""Who looks at a course, and as what."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.accounts.models import User


@dataclass(frozen=True)
class Reader:
    """A person before a course: with the enrolment that counts, or as staff, or neither."""

    user: User
    enrolment: Enrolment | None

    @cached_property
    def staff_role(self) -> Role | None:
        """The widest role, None for whoever is enrolled or has no role at all."""
        return None if self.enrolment else widest_role(self.user)

    @property
    def may_read(self) -> bool:
        return self.enrolment is not None or self.staff_role is not None


def widest_role(user: User) -> Role | None:
    """Return the role that reaches furthest; a superuser is an administrator."""
    return next((role for role in Role if user.scope.has_role(role)), None)


def reader_of(*, user: User, course_path: str) -> Reader:
    """Return how this person stands before the course at this tree path; one query.

    Of several enrolments the active one counts, then the most recent.
    """
    enrolments = (
        Enrolment.objects.counted()
        .filter(user=user, run__course__path=course_path)
        .exclude(run__status=RunStatus.CANCELLED)
        .select_related("run")
        # What the pages of a course ask of an enrolment; the rest would cost more than it tells.
        .only("status", "enrolled_at", "user", "run__status", "run__title", "run__course")
    )
    ordered = sorted(
        enrolments,
        key=lambda one: (one.status == EnrolmentStatus.ACTIVE, one.enrolled_at, one.pk),
        reverse=True,
    )
    return Reader(user=user, enrolment=ordered[0] if ordered else None)
