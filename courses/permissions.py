"""Who may do what with classes, questions and programmes."""

from django.db.models import QuerySet

from courses.models import CourseRun
from courses.models.page_rights import AUTHORS
from lms.accounts.enums import MANAGING_ROLES, OVERSIGHT_ROLES, Role
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit

__all__ = ["AUTHORS", "PLANNERS", "RUN_MANAGERS", "RUN_WATCHERS", "host_units", "may_manage"]

# Who looks at classes; whoever approves pages has no business with them.
RUN_WATCHERS = (*OVERSIGHT_ROLES, Role.TRAINER)
# Who plans classes and keeps their lists; a monitor and a focal point look on.
RUN_MANAGERS = (*MANAGING_ROLES, Role.TRAINER)
# Who says what a programme asks of whom.
PLANNERS = (Role.ADMINISTRATOR, Role.MONITOR)


def may_manage(user: User, run: CourseRun) -> bool:
    """Return whether the person may change this class and take its rolls."""
    return CourseRun.objects.manageable_by(user).filter(pk=run.pk).exists()


def host_units(user: User) -> QuerySet[AdministrativeUnit]:
    """Return the units where this person may plan a class and from which he or she may enrol."""
    return AdministrativeUnit.objects.filter(user.scope.units_q("", roles=RUN_MANAGERS))
