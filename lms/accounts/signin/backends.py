"""Who is logging in: found by phone number, staff code or e-mail."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from lms.accounts.extensions import person_figures
from lms.accounts.models import RoleAssignment, User
from lms.accounts.register.domain.login_lookup import find_login
from lms.core.compiled_queries import CompiledQuery


def _person(*, pk: int) -> QuerySet[User]:
    held = RoleAssignment.objects.filter(user=OuterRef("pk"))
    figures = {one.key: one.expression() for one in person_figures}
    return User.objects.annotate(holds_roles=Exists(held), **figures).filter(pk=pk).order_by()


# Asked by every request.
_PERSON = CompiledQuery(_person)


class IdentifierBackend(AuthenticationBackend):
    """`authenticate(request, username=…, password=…)`, where the name is any of the three.

    allauth's frame around it hashes the password once when nobody was found, so that the time
    does not tell whether the account exists.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of a browser session, with the word whether any role is held.

        Most hold none: for them the question which ones is never asked.
        """
        for found in _PERSON.ask(pk=int(user_id)):
            return found if self.user_can_authenticate(found) else None
        return None

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = find_login(text=str(credentials.get("username") or ""))
        checked: User | None = self._check_password(user, str(credentials["password"]))
        return checked
