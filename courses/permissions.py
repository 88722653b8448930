"""Who may do what with classes, questions and programmes."""

from django.db.models import QuerySet

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit

EVERY_ROLE = tuple(Role)
# Who plans classes and keeps their lists; a monitor looks on.
RUN_KEEPERS = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.TRAINER)
# Who writes lessons, questions and quizzes.
AUTHORS = (Role.ADMINISTRATOR, Role.TRAINER)
# Who says what a programme asks of whom.
PLANNERS = (Role.ADMINISTRATOR, Role.MONITOR)


def host_units(user: User) -> QuerySet[AdministrativeUnit]:
    """The units where this person may plan a class and from which he or she may enrol."""
    return AdministrativeUnit.objects.filter(user.scope.units_q("", roles=RUN_KEEPERS))
