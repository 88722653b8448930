"""Who may do what to the rows of a model: roles decide, and the area of the role decides which."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from wagtail.permission_policies import BasePermissionPolicy

from lms.core.readers import Reader


def scoped(model: Any, user: Reader, method: str = "visible_to") -> models.QuerySet:
    """Return the rows of `model` that this person may meet: `model.objects.<method>(user)`."""
    rows: models.QuerySet = getattr(model.objects, method)(user)
    return rows


class RolePermissionPolicy(BasePermissionPolicy):
    """Grants `view`, `add`, `change`, `delete` and `act` to the holders of roles.

    Django's own model permissions are not asked: a tick in a group's form
    would hold for every district. An action with no role is nobody's, not even a
    superuser's. For one row the role must be held and the row be in scope.
    `for_province`: who only looks needs a role anywhere, who does more needs it on the whole province.
    """

    def __init__(
        self,
        model: type[models.Model],
        roles: Mapping[str, Collection[str]],
        scope_method: str = "visible_to",
        change_scope_method: str = "",
        delete_scope_method: str = "",
        *,
        for_province: bool = False,
    ) -> None:
        super().__init__(model)
        self.roles = roles
        self.for_province = for_province
        self.scope_method = scope_method
        change = change_scope_method or scope_method
        #: The queryset method of the rows with which an action may be done, where not `scope_method`.
        self.scope_methods = {
            **dict.fromkeys(("change", "act"), change),
            "delete": delete_scope_method or change,
        }

    def user_has_permission(self, user: Reader, action: str) -> bool:
        roles = tuple(self.roles.get(action, ()))
        if not roles or not user.is_active:
            return False
        if self.for_province and action != "view":
            return user.scope.reaches_province(roles)
        return user.scope.has_role(*roles)

    def users_with_any_permission(self, actions: Iterable[str]) -> models.QuerySet:
        roles = {role for action in actions for role in self.roles.get(action, ())}
        people: Any = get_user_model()
        holders: models.QuerySet = people.objects.with_role(*roles)
        return holders

    def user_has_permission_for_instance(self, user: Reader, action: str, instance: Any) -> bool:
        return (
            self.user_has_permission(user, action)
            and self._rows(user, action).filter(pk=instance.pk).exists()
        )

    def instances_user_has_any_permission_for(
        self, user: Reader, actions: Iterable[str]
    ) -> models.QuerySet:
        rows: models.QuerySet = self.model.objects.none()
        for action in actions:
            if self.user_has_permission(user, action):
                rows = rows | self._rows(user, action)
        return rows

    def _rows(self, user: Reader, action: str) -> models.QuerySet:
        return scoped(self.model, user, self.scope_methods.get(action, self.scope_method))
