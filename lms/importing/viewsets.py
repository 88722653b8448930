"""Imports in the Wagtail admin: the list of them, and the five steps of each."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import MANAGING_ROLES, Role
from lms.importing.forms import UploadForm
from lms.importing.models import ImportBatch
from lms.importing.views import batches, blank_lists, steps
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
    # What each of them may import, the kinds of lists say.
    view_roles = add_roles = act_roles = (*MANAGING_ROLES, Role.TRAINER)
    # One sees the imports of the area, and goes on with one's own.
    change_scope_method = "manageable_by"
    pages: ClassVar = {
        "blank": ("blank/<slug:kind>/", blank_lists.BlankListView),
        "columns": ("<int:pk>/columns/", steps.MappingView),
        "spellings": ("<int:pk>/spellings/", steps.SpellingsView),
        "write": ("<int:pk>/write/", steps.ConfirmView),
        "again": ("<int:pk>/again/", steps.AgainView),
        "undo": ("<int:pk>/undo/", steps.UndoView),
        "who": ("<int:pk>/rows/<int:row_pk>/who/", steps.ChooseView),
        "marked": ("<int:pk>/marked/", steps.MarkedFileView),
    }
    index_view_class = batches.ImportIndexView
    add_view_class = batches.UploadView
    inspect_view_class = batches.ImportPage
    filterset_class = batches.ImportFilterSet
    folded_search_fields = ("search_text",)
    ordering = "-uploaded_at"

    def get_form_class(self, **kwargs: Any) -> Any:
        return UploadForm
