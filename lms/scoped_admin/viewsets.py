"""Lists and forms of the Wagtail admin that show each person the own area only.

To add one (in the app's `viewsets.py`, registered from its `wagtail_hooks.py`):

    class CourseRunViewSet(ScopedModelViewSet):
        model = CourseRun                       # CourseRun.objects.visible_to(user) exists
        icon = "group"
        view_roles = (Role.ADMINISTRATOR, Role.MONITOR, Role.COORDINATOR, Role.TRAINER)
        add_roles = change_roles = (Role.ADMINISTRATOR, Role.TRAINER)
        list_display = ["title", "starts_on"]
        folded_search_fields = ("unit__search_text",)
        form_fields = ["title", "starts_on"]

    @hooks.register("register_admin_viewset")
    def register_runs():
        return CourseRunViewSet()
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.forms.models import modelform_factory
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import policy_registry, register_permission_policy

from lms.core.readers import Reader
from lms.scoped_admin import views as scoped
from lms.scoped_admin.forms import ScopedModelForm
from lms.scoped_admin.pages import ScopedPage
from lms.scoped_admin.permissions import RolePermissionPolicy
from lms.spreadsheets.import_rows import RowResource

# Which action each view needs; a view whose action is nobody's gets no address at all.
_ACTION_OF_VIEW = {
    "add": "add",
    "copy": "add",
    "edit": "change",
    "usage": "change",
    "delete": "delete",
}


class ScopedModelViewSet(ModelViewSet):
    """A `ModelViewSet` in which every view starts from `model.objects.<scope_method>(user)`.

    List, results, export, inspect, edit, delete, history, usage and copy begin there; a row out
    of scope is a 404 that names nobody, and so is one that does not exist. Choices of filters
    and of forms are limited by `visible_to` too; a form that would put a row out of the own
    scope is not saved, nor one that raises `lms.core.refusal.Refusal`. Exports are logged.
    `change_scope_method` names a narrower queryset method for edit and delete, where one
    may see more than one may change; `delete_scope_method` one for delete alone.

    Roles, not Django's model permissions, open the views: `view_roles` the list, the inspect
    view and the export; `add_roles`, `change_roles`, `delete_roles` what they say. A view whose
    roles are empty has no address, not even for a superuser; a superuser holds every role.
    `act_roles` open the pages that do something (`pages`, by name: where and which), where
    these are others than `change_roles`.

    Own views: subclass those of `lms.scoped_admin.views` and set `index_view_class` and so on;
    any other class stops the start. Own forms: subclass `ScopedModelForm` and return it
    from `get_form_class`, or set `base_form_class`.
    """

    scope_method = "visible_to"
    change_scope_method = ""
    delete_scope_method = ""
    view_roles: tuple[str, ...] = ()
    add_roles: tuple[str, ...] = ()
    change_roles: tuple[str, ...] = ()
    delete_roles: tuple[str, ...] = ()
    act_roles: tuple[str, ...] = ()
    #: Whether these roles, but for those that view, have to be held on the whole province.
    for_province = False
    #: Further pages, by the name of their address: the route and the page.
    pages: ClassVar[Mapping[str, tuple[str, type[ScopedPage]]]] = {}
    #: Who sees the item of the menu, and so the link back to where it leads.
    menu_permission = "view"

    #: The import that takes the rows of the list in again: its columns are those of the files.
    resource_class: type[RowResource] | None = None
    #: Columns of the files for which the screen has no room.
    further_columns: tuple[Column, ...] = ()
    #: Columns of folded text that the search box looks through.
    folded_search_fields: tuple[str, ...] = ()
    #: The form behind `form_fields` or `panels`.
    base_form_class: type[ScopedModelForm] = ScopedModelForm

    index_view_class = scoped.ScopedIndexView
    add_view_class = scoped.ScopedCreateView
    edit_view_class = scoped.ScopedEditView
    delete_view_class = scoped.ScopedDeleteView
    history_view_class = scoped.ScopedHistoryView
    usage_view_class = scoped.ScopedUsageView
    copy_view_class = scoped.ScopedCopyView
    inspect_view_class = scoped.ScopedInspectView

    inspect_view_enabled = True
    # To copy a person or a class is rarely meant; opt in where it is.
    copy_view_enabled = False
    usage_view_enabled = False
    # The index costs queries at each save; opt in where "usage" is shown.
    add_to_reference_index = False
    sort_order_field = None

    _VIEW_CLASSES: ClassVar = (
        "index_view_class",
        "add_view_class",
        "edit_view_class",
        "delete_view_class",
        "history_view_class",
        "usage_view_class",
        "copy_view_class",
        "inspect_view_class",
    )

    @cached_property
    def permission_policy(self) -> RolePermissionPolicy:
        roles = {
            "view": self.view_roles,
            "add": self.add_roles,
            "change": self.change_roles,
            "delete": self.delete_roles,
            "act": self.act_roles or self.change_roles,
        }
        return RolePermissionPolicy(
            self.model,
            roles,
            self.scope_method,
            self.change_scope_method,
            self.delete_scope_method,
            for_province=self.for_province,
        )

    def offers(self, view_name: str) -> bool:
        """Return whether the view (`edit`, `delete`, …) exists in this viewset."""
        if view_name == "usage" and not self.usage_view_enabled:
            return False
        if view_name in ("history", "history_results"):
            return bool(self.add_roles or self.change_roles or self.delete_roles)
        action = _ACTION_OF_VIEW.get(view_name, "view")
        return bool(self.permission_policy.roles[action])

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        view_kwargs = super().get_common_view_kwargs(
            **{
                "scope_method": self.scope_method,
                # Given to each view, so that two viewsets of one model do not mix.
                "permission_policy": self.permission_policy,
                **kwargs,
            }
        )
        for view_name in ("add", "copy", "edit", "delete", "history", "usage"):
            if not self.offers(view_name):
                view_kwargs[f"{view_name}_url_name"] = None
        return view_kwargs

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            **{
                "folded_search_fields": self.folded_search_fields,
                "resource_class": self.resource_class,
                "further_columns": self.further_columns,
                "change_scope_method": self.change_scope_method,
                "delete_scope_method": self.delete_scope_method or self.change_scope_method,
                **kwargs,
            }
        )

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        # Nobody makes a row that they may not change afterwards.
        return super().get_add_view_kwargs(**{**self._change_scope(), **kwargs})

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(**{**self._change_scope(), **kwargs})

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        scope = {"scope_method": self.permission_policy.scope_methods["delete"]}
        return super().get_delete_view_kwargs(**{**scope, **kwargs})

    def _change_scope(self) -> dict[str, str]:
        return {"scope_method": self.change_scope_method or self.scope_method}

    def get_urlpatterns(self) -> list[URLPattern]:
        views = [one for one in super().get_urlpatterns() if self.offers(str(one.name))]
        own = self.pages.items()
        return views + [path(at, self.construct_page(page), name=name) for name, (at, page) in own]

    def construct_page(self, page: type[ScopedPage]) -> Any:
        return page.as_view(
            viewset=self,
            header_icon=self.icon,
            model=self.model_of(page),
            scope_method=self.scope_method_of(page),
        )

    def model_of(self, page: type[ScopedPage]) -> type[models.Model]:
        model: type[models.Model] = page.model or self.model
        return model

    def scope_method_of(self, page: type[ScopedPage]) -> str:
        return page.scope_method or self.change_scope_method or self.scope_method

    def get_edit_handler(self) -> Any:
        if hasattr(self, "panels"):
            handler = ObjectList(self.panels, base_form_class=self.base_form_class)
            return handler.bind_to_model(self.model)
        return super().get_edit_handler()

    def get_form_class(self, **kwargs: Any) -> Any:
        if self._edit_handler:
            return self._edit_handler.get_form_class()
        return modelform_factory(
            self.model,
            form=self.base_form_class,
            formfield_callback=self.formfield_for_dbfield,
            # A viewset without forms of its own still builds its views.
            fields=self.get_form_fields() or [],
            exclude=self.get_exclude_form_fields(),
        )

    def shows_menu_item_to(self, user: Reader) -> bool:
        return self.permission_policy.user_has_permission(user, self.menu_permission)

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        shows_to = self.shows_menu_item_to

        class ScopedMenuItem(MenuItem):
            def is_shown(self, request: Any) -> bool:
                return shows_to(request.user)

        return ScopedMenuItem

    def register_permissions(self) -> None:
        # Wagtail would offer the model's permissions in the form of a group, to no effect.
        registered = policy_registry.get_by_type(self.model, fallback=False)
        if not isinstance(registered, RolePermissionPolicy):
            register_permission_policy(self.model, self.permission_policy, exact_class=True)

    def on_register(self) -> None:
        for name in self._VIEW_CLASSES:
            if not issubclass(getattr(self, name), scoped.ScopedMixin):
                raise ImproperlyConfigured(
                    f"{type(self).__name__}.{name} must come from lms.scoped_admin.views."
                )
        for name, (_at, page) in self.pages.items():
            if not issubclass(page, ScopedPage):
                raise ImproperlyConfigured(
                    f"The page {name} of {type(self).__name__} must come from "
                    "lms.scoped_admin.pages."
                )
        super().on_register()


def registered_scoped_viewsets() -> list[ScopedModelViewSet]:
    """Return every scoped viewset of the running site, for tests and checks that walk them."""
    return [viewset for viewset in viewsets.viewsets if isinstance(viewset, ScopedModelViewSet)]
