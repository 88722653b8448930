"""Forms of rows that have drafts, revisions and a lock: Wagtail's generic views, scoped.

What is typed is saved as a draft; `publish_action` of the edit view says what publishing is.
Publishing at a set time is not offered: nobody would be there to be asked.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import PreviewSidePanel
from wagtail.admin.views import generic
from wagtail.admin.views.generic import lock, preview
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.snippets.side_panels import SnippetStatusSidePanel

from lms.core.databases import lock_rows
from lms.scoped_admin.views import RefusableFormMixin, ScopedEdit, ScopedMixin


class _DraftFormMixin(RefusableFormMixin, generic.CreateEditViewOptionalFeaturesMixin):
    """A form with the two buttons that save a draft and publish it, and with a preview beside it.

    Nothing is saved while somebody types: a row of the list would begin with the first letter.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False

    def may_publish(self) -> bool:
        """Return whether the buttons offer it; what a rule says of the row is said on saving."""
        policy, user = self.permission_policy, self.request.user
        if self.view_name == "create":
            return bool(policy.user_has_permission(user, "publish"))
        return bool(policy.user_has_permission_for_instance(user, "publish", self.object))

    def get_available_actions(self) -> list[str]:
        actions: list[str] = super().get_available_actions()
        return actions if self.may_publish() else [one for one in actions if one != "publish"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_publish": self.may_publish()}

    def get_side_panels(self) -> MediaContainer:
        row = self.form.instance if self.view_name == "create" else self.object
        panels = [SnippetStatusSidePanel(row, self.request, **self.get_status_kwargs())]
        address = self.get_preview_url()
        if address:
            panels.append(PreviewSidePanel(row, self.request, preview_url=address))
        return MediaContainer(panels)

    def get_status_kwargs(self) -> dict[str, Any]:
        return {}


class ScopedDraftCreateView(_DraftFormMixin, generic.CreateView):
    view_name = "create"
    template_name = "lms/scoped_admin/draft_create.html"


class ScopedDraftEditView(_DraftFormMixin, ScopedEdit):
    view_name = "edit"
    template_name = "lms/scoped_admin/draft_edit.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let one request at a time change a row, as pages do: what was read of a draft is written whole, and
        whoever published it meanwhile had it taken back.
        """
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            lock_rows(self.model._base_manager.all(), pks=[self.object.pk])
            # It was read before it was held.
            self.setup(request, *args, **kwargs)
            return super().dispatch(request, *args, **kwargs)

    def get_status_kwargs(self) -> dict[str, Any]:
        return {
            "live_object": self.live_object,
            "history_url": self.get_history_url(),
            "usage_url": self.get_usage_url(),
            "last_updated_info": self.get_last_updated_info(),
        }


class _ScopedRowMixin(ScopedMixin, PermissionCheckedMixin):
    """About one row; out of scope it is a 404 here as well."""

    def get_object(self) -> Any:
        return self.scoped_object()


class ScopedPreviewOnEdit(_ScopedRowMixin, preview.PreviewOnEdit):
    """Shows what stands in the form, or the latest draft."""

    def get_object(self) -> Any:
        return super().get_object().get_latest_revision_as_object()


class ScopedPreviewOnCreate(ScopedMixin, preview.PreviewOnCreate):
    pass


class _ScopedVersionMixin(_ScopedRowMixin):
    """About revisions of a row; Wagtail takes its number out of `kwargs` first."""

    pk: Any

    def get_object(self) -> Any:
        self.kwargs["pk"] = self.pk
        return super().get_object()


class ScopedPreviewRevision(_ScopedVersionMixin, preview.PreviewRevision):
    permission_required = "change"


class ScopedCompareView(_ScopedVersionMixin, generic.RevisionsCompareView):
    permission_required = "change"


class ScopedLockView(_ScopedRowMixin, lock.LockView):
    permission_required = "lock"


class ScopedUnlockView(_ScopedRowMixin, lock.UnlockView):
    permission_required = "unlock"

    def user_has_permission(self, permission: str) -> bool:
        is_own = self.object.locked_by_id == self.request.user.pk
        return is_own or bool(self.user_has_permission_for_instance(permission, self.object))
