"""Who must show something besides the password, and what happens when it is lost."""

from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from lms.accounts.enums import Role
from lms.accounts.models import User

FACTOR_ADDED: Final = "accounts.second_factor_added"
FACTOR_REMOVED: Final = "accounts.second_factor_removed"
FACTOR_RESET: Final = "accounts.second_factor_reset"

# Whoever teaches, or watches over more than one commune.
ROLES_WITH_FACTOR: Final = (
    Role.ADMINISTRATOR,
    Role.MONITOR,
    Role.COORDINATOR,
    Role.TRAINER,
)


def needs_second_factor(*, user: User) -> bool:
    """Return whether the person's roles ask for one; superusers hold every role."""
    return settings.SUITE_SECOND_FACTOR and user.scope.has_role(*ROLES_WITH_FACTOR)


def has_second_factor(*, user: User) -> bool:
    """Return whether there is one; recovery codes alone are none:
    they stand in for a factor that is there.
    """
    factors = Authenticator.objects.filter(user_id=user.pk)
    return factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def owes_second_factor(*, user: User) -> bool:
    return needs_second_factor(user=user) and not has_second_factor(user=user)


def reset_second_factor(*, person: User, by: User | None) -> bool:
    """Take the factor and its recovery codes away, so that a new one can be set up; whether
    there was one. Writes the history.

    `by` is an administrator of the person (None: the command line), else PermissionDenied.
    """
    if by is not None and not may_reset(person=person, by=by):
        raise PermissionDenied
    with transaction.atomic():
        deleted, _rows = Authenticator.objects.filter(user=person).delete()
        if deleted:
            log(instance=person, action=FACTOR_RESET, user=by)
    return bool(deleted)


def may_reset(*, person: User, by: User) -> bool:
    """Return whether `by` may reset it: a coordinator gives new codes; only an administrator
    takes the second lock off as well.
    """
    if not by.scope.has_role(Role.ADMINISTRATOR):
        return False
    return User.objects.manageable_by(by).filter(pk=person.pk).exists()


def note_factor(*, user: User, action: str, kind: str) -> None:
    """Write into the person's history that a factor was set up or removed."""
    log(instance=user, action=action, user=user, data={"kind": kind})
