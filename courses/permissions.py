"""Who may do what with classes, questions and programmes."""

from django.db.models import QuerySet

from courses.models import CourseRun
from courses.models.page_rights import AUTHORS
from lms.accounts.enums import MANAGING_ROLES, OVERSIGHT_ROLES, Role
from lms.accounts.models import RoleAssignment, User
from lms.geography.models import AdministrativeUnit

__all__ = [
    "AUTHORS",
    "PLANNERS",
    "RUN_MANAGERS",
    "RUN_WATCHERS",
    "host_units",
    "may_manage",
    "trainers_for",
]

# Who looks at classes; whoever approves pages has no business with them.
RUN_WATCHERS = (*OVERSIGHT_ROLES, Role.TRAINER)
# Who plans classes and keeps their lists; a monitor and a focal point look on.
RUN_MANAGERS = (*MANAGING_ROLES, Role.TRAINER)
# Who says what a programme asks of whom.
PLANNERS = (Role.ADMINISTRATOR, Role.MONITOR)


def may_manage(user: User, run: CourseRun) -> bool:
    """Return whether the person may change this class and take its rolls."""
    return CourseRun.objects.manageable_by(user).filter(pk=run.pk).exists()


def trainers_for(user: User) -> QuerySet[User]:
    """Return the trainers whom this person may put before a class, in name order.

    Those whose role lies within the own area or covers it: a district does not read the names of
    another's.
    """
    trainers = User.objects.with_role(Role.TRAINER).in_name_order()
    if user.scope.everywhere:
        return trainers
    own = [path for role, path in user.scope.assignments if role in RUN_MANAGERS]
    held = RoleAssignment.objects.filter(role=Role.TRAINER).values_list("user", "unit__path")
    near = {pk for pk, path in held if any(path.startswith(p) or p.startswith(path) for p in own)}
    return trainers.filter(pk__in=near)


def host_units(user: User) -> QuerySet[AdministrativeUnit]:
    """Return the units where this person may plan a class and from which he or she may enrol."""
    return AdministrativeUnit.objects.filter(user.scope.units_q("", roles=RUN_MANAGERS))
