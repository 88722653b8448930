"""Who watches over which area, in the Wagtail admin."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment
from lms.accounts.register.domain.roles import withdraw_role
from lms.scoped_admin.views import ScopedDeleteView, ScopedFilterSet, ScopedIndexView


class RoleFilterSet(ScopedFilterSet):
    class Meta:
        model = RoleAssignment
        fields = ("role",)


class RoleIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("user", "unit")

    def order_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.order_by("unit__path", "role", "user__sort_key")


class RoleDeleteView(ScopedDeleteView):
    object: RoleAssignment

    @property
    def confirmation_message(self) -> str:
        return _("Withdraw this role? The person keeps the account and everything done so far.")

    def get_page_subtitle(self) -> str:
        return f"{self.object.user}, {self.object}"

    def delete_action(self) -> None:
        role: Any = self.object
        withdraw_role(user=role.user, role=Role(role.role), unit=role.unit, by=self.request.user)
