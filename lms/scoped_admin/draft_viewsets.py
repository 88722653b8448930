"""Lists whose rows have drafts, revisions, a preview and a lock, as Wagtail's snippets do.

A snippet viewset asks Django's permissions of the model and shows every row; this one is a
`ScopedModelViewSet` with the addresses that Wagtail's generic views of these features need.
"""

from typing import Any

from django.urls import URLPattern, path, re_path
from django.utils.functional import cached_property
from wagtail.admin.views.generic import RevisionsRevertMixin

from lms.scoped_admin import draft_views as drafts
from lms.scoped_admin.permissions import RolePermissionPolicy
from lms.scoped_admin.viewsets import ScopedModelViewSet


class ScopedDraftViewSet(ScopedModelViewSet):
    """The model has `PreviewableMixin`, `DraftStateMixin`, `LockableMixin` and `RevisionMixin`.

    Whoever may change a row may lock it, and publish it where `publish_scope_method` names no
    narrower queryset method; `unlock_roles` open the lock of another on what they may delete.
    """

    publish_scope_method = ""
    unlock_roles: tuple[str, ...] = ()

    add_view_class = drafts.ScopedDraftCreateView
    edit_view_class = drafts.ScopedDraftEditView
    preview_on_add_class = drafts.ScopedPreviewOnCreate
    preview_on_edit_class = drafts.ScopedPreviewOnEdit
    revision_preview_class = drafts.ScopedPreviewRevision
    compare_view_class = drafts.ScopedCompareView

    @cached_property
    def permission_policy(self) -> RolePermissionPolicy:
        policy = super().permission_policy
        changing = dict.fromkeys(("publish", "lock"), self.change_roles)
        policy.roles = {**policy.roles, **changing, "unlock": self.unlock_roles}
        methods = policy.scope_methods
        policy.scope_methods = methods | {
            "publish": self.publish_scope_method or methods["change"],
            "lock": methods["change"],
            "unlock": methods["delete"],
        }
        return policy

    @property
    def revert_view_class(self) -> type:
        """The form with an earlier version in it."""
        bases = (RevisionsRevertMixin, self.edit_view_class)
        return type("RevertView", bases, {"view_name": "revisions_revert"})

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = ("lock", "unlock", "revisions_view", "revisions_revert", "revisions_compare")
        addresses = {f"{name}_url_name": self.get_url_name(name) for name in names}
        return super().get_common_view_kwargs(**{**addresses, **kwargs})

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        address = self.get_url_name("preview_on_add")
        return super().get_add_view_kwargs(**{"preview_url_name": address, **kwargs})

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        address = self.get_url_name("preview_on_edit")
        return super().get_edit_view_kwargs(**{"preview_url_name": address, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        build, scope = self.construct_view, self._change_scope()
        back = {"success_url_name": self.get_url_name("edit"), **scope}
        version = "history/<int:pk>/revisions/<int:revision_id>"
        return [
            *super().get_urlpatterns(),
            path("preview/", build(self.preview_on_add_class), name="preview_on_add"),
            path(
                "preview/<int:pk>/",
                build(self.preview_on_edit_class, **scope),
                name="preview_on_edit",
            ),
            path(f"{version}/view/", build(self.revision_preview_class), name="revisions_view"),
            path(
                f"{version}/revert/",
                build(self.revert_view_class, **self.get_edit_view_kwargs()),
                name="revisions_revert",
            ),
            re_path(
                r"^history/(?P<pk>\d+)/revisions/compare/"
                r"(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$",
                build(self.compare_view_class),
                name="revisions_compare",
            ),
            path("lock/<int:pk>/", build(drafts.ScopedLockView, **back), name="lock"),
            path("unlock/<int:pk>/", build(drafts.ScopedUnlockView, **back), name="unlock"),
        ]
