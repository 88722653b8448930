"""Who may change what holds for the whole site."""

from typing import Any

from wagtail.models import Site
from wagtail.permission_policies.sites import SitePermissionPolicy


class ProvincePolicy(SitePermissionPolicy):
    """Grants every action to the administrators of the province.

    A tick in the form of a group would give it to those of every district.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.is_active and user.scope.administers_province)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return self.user_has_permission(user, "change")

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return self.user_has_permission(user, "change")

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        allowed = self.user_has_permission(user, "change")
        return self.model.objects.all() if allowed else self.model.objects.none()

    def sites_user_has_permission_for(self, user: Any, action: str) -> Any:
        allowed = self.user_has_permission(user, action)
        return Site.objects.all() if allowed else Site.objects.none()
