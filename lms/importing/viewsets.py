"""Imports in the Wagtail admin: the list of them, and the five steps of each."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import MANAGING_ROLES, Role
from lms.importing.forms import UploadForm
from lms.importing.models import ImportBatch
from lms.importing.views import batches, steps
from lms.scoped_admin.viewsets import ScopedModelViewSet


class ImportViewSet(ScopedModelViewSet):
    """An import is never edited: each step leads to the next, and a written one can be undone."""

    model = ImportBatch
    name = "imports"
    icon = "upload"
    menu_name = "imports"
    menu_label = _("Import lists")
    menu_order = 210
    add_to_admin_menu = True
    change_scope_method = "manageable_by"
    # What each of them may import, the kinds of lists say.
    view_roles = add_roles = (*MANAGING_ROLES, Role.TRAINER)
    index_view_class = batches.ImportIndexView
    add_view_class = batches.UploadView
    inspect_view_class = batches.ImportPage
    filterset_class = batches.ImportFilterSet
    folded_search_fields = ("search_text",)
    ordering = "-uploaded_at"
    list_export = ("file_name", "sender", "kind", "state", "uploaded_at", "by.full_name")

    def get_form_class(self, **kwargs: Any) -> Any:
        return UploadForm

    def get_urlpatterns(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/columns/", self._step(steps.MappingView), name="columns"),
            path("<int:pk>/write/", self._step(steps.ConfirmView), name="write"),
            path("<int:pk>/again/", self._step(steps.AgainView), name="again"),
            path("<int:pk>/undo/", self._step(steps.UndoView), name="undo"),
            path("<int:pk>/rows/<int:row_pk>/who/", self._step(steps.ChooseView), name="who"),
            path("<int:pk>/marked/", self._step(steps.MarkedFileView), name="marked"),
        ]
        return [*super().get_urlpatterns(), *own]

    def _step(self, view_class: type[steps.StepView]) -> Any:
        return self.construct_view(
            view_class,
            permission_policy=self.permission_policy,
            # One sees the imports of the area, and goes on with one's own.
            scope_method=self.change_scope_method,
        )
