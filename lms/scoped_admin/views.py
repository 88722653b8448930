"""Wagtail's generic admin views, each starting from the rows that the person may meet.

Wagtail's own views take `model._default_manager.all()` and ask the permission policy about
the model only, so another district's row would open by its number.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import yesno
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_filters.filters import QuerySetRequestMixin
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage

from lms.core.databases import is_repeat
from lms.core.display import NOTHING
from lms.core.readers import SignedInRequest
from lms.core.refusal import Refusal
from lms.core.show_refusal import RefusalOnForm
from lms.core.text import fold
from lms.scoped_admin.forms import limited_choices
from lms.scoped_admin.permissions import scoped
from lms.scoped_admin.unseen_changes import add_sign, require_seen, tell_gone
from lms.scoped_admin.wagtail_fixes.wagtail_usage import usage_of
from lms.spreadsheets.handout import LoggedExportMixin


class ScopedFilterSet(WagtailFilterSet):
    """Offers as choices only rows that the person may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice_filter in self.filters.values():
            if isinstance(choice_filter, QuerySetRequestMixin):
                rows = choice_filter.queryset
                if isinstance(rows, models.QuerySet):
                    choice_filter.queryset = limited_choices(rows, self.request.user)


class ScopedMixin:
    """`scoped_rows()` is where each view begins; `scope_method` names the queryset method."""

    model: Any = None
    request: SignedInRequest
    kwargs: dict[str, Any]
    scope_method = "visible_to"

    def scoped_rows(self) -> models.QuerySet:
        return scoped(self.model, self.request.user, self.scope_method)

    def scoped_object(self) -> models.Model:
        """Find the row of the address; 404 when there is none or when it is out of scope."""
        found = self.scoped_rows().filter(pk=unquote(str(self.kwargs["pk"]))).first()
        if found is None:
            raise Http404
        return found


class ScopedIndexView(LoggedExportMixin, ScopedMixin, generic.IndexView):
    """Override `get_base_queryset` (and call super) to annotate or `select_related`."""

    base_filterset_class = ScopedFilterSet
    # On a phone each row is a card.
    table_classname = "listing suite-cards"
    #: Columns that hold folded text: a row is found when each typed word is in one of them.
    folded_search_fields: tuple[str, ...] = ()
    #: The queryset method of the rows that may be changed, where these are fewer.
    change_scope_method = ""
    #: The same of those that may be deleted.
    delete_scope_method = ""

    def get_base_queryset(self) -> models.QuerySet:
        return self.scoped_rows()

    def get_table(self, object_list: Any) -> Any:
        # A query or two for the page, so that no row offers a link that would end in a 404.
        shown = [row.pk for row in object_list]
        self._changeable = self._among(shown, self.change_scope_method)
        self._deletable = self._changeable
        if self.delete_scope_method != self.change_scope_method:
            self._deletable = self._among(shown, self.delete_scope_method)
        return super().get_table(object_list)

    def get_edit_url(self, instance: models.Model) -> str | None:
        return super().get_edit_url(instance) if self._is_in(self._changeable, instance) else None

    def get_delete_url(self, instance: models.Model) -> str | None:
        return super().get_delete_url(instance) if self._is_in(self._deletable, instance) else None

    def _among(self, shown: list[Any], method: str) -> set[Any] | None:
        if not method:
            return None
        rows = scoped(self.model, self.request.user, method).filter(pk__in=shown)
        return set(rows.values_list("pk", flat=True))

    def _is_in(self, rows: set[Any] | None, instance: models.Model) -> bool:
        return rows is None or instance.pk in rows

    @cached_property
    def is_searchable(self) -> bool:
        return bool(self.folded_search_fields) or super().is_searchable

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        if not self.folded_search_fields:
            return super().search_queryset(queryset)
        text = fold(self.search_query)
        if len(self.folded_search_fields) == 1:
            return queryset.filter(**{f"{self.folded_search_fields[0]}__holds": text})
        for word in text.split():
            matches = models.Q()
            for field in self.folded_search_fields:
                matches |= models.Q(**{f"{field}__contains": word})
            queryset = queryset.filter(matches)
        return queryset


class RefusableFormMixin(ScopedMixin):
    """A form that a rule refuses is shown again with the sentence, and nothing is saved.

    One rule stands here: nobody may put a row where the own eyes do not reach.
    """

    def save_instance(self) -> models.Model:
        try:
            instance: models.Model = super().save_instance()  # type: ignore[misc]
        except IntegrityError as error:
            if not is_repeat(error):
                raise
            # The form was checked before somebody else saved the same.
            sentence = _("Somebody else has just saved the same: open the list anew.")
            raise Refusal("saved_meanwhile", sentence) from error
        if not self.scoped_rows().filter(pk=instance.pk).exists():
            raise Refusal("out_of_scope", _("This is outside the area you look after."))
        return instance

    def form_valid(self, form: Any) -> HttpResponse:
        is_new = form.instance.pk is None
        with RefusalOnForm(form):
            # Wagtail saves in a transaction of its own, which the error rolls back.
            return super().form_valid(form)  # type: ignore[misc]
        if is_new:
            form.instance.pk = None
        self.produced_error_code = "validation_error"
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return self.form_invalid(form)  # type: ignore[attr-defined]


class ScopedCreateView(RefusableFormMixin, generic.CreateView):
    def get_success_buttons(self) -> list[Any]:
        # Wagtail stops here when a row can be added but not edited.
        return super().get_success_buttons() if self.edit_url_name else []


class ScopedCopyView(RefusableFormMixin, generic.CopyView):
    def get_object(self, queryset: models.QuerySet | None = None) -> models.Model:
        return self.scoped_object()


class ScopedEdit(generic.EditView):
    """Finds the row, below whatever a view with drafts does with it; viewsets take
    `ScopedEditView`.
    """

    scoped_object: Callable[[], models.Model]

    def get_object(self, queryset: models.QuerySet | None = None) -> models.Model:
        self.kwargs["pk"] = self.object_pk
        return self.scoped_object()


class ScopedEditView(RefusableFormMixin, ScopedEdit):
    """A form that is not saved over what somebody else has saved since it was opened."""

    def get_form(self, form_class: type | None = None) -> Any:
        form = super().get_form(form_class)
        add_sign(form)
        return form

    def save_instance(self) -> models.Model:
        require_seen(self.form)
        return super().save_instance()

    def form_invalid(self, form: Any) -> HttpResponse:
        tell_gone(form)
        return super().form_invalid(form)


class ScopedDeleteView(ScopedMixin, generic.DeleteView):
    def get_object(self, queryset: models.QuerySet | None = None) -> models.Model:
        return getattr(self, "object", None) or self.scoped_object()

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete, or say in a sentence that other records stand on this one."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except (models.ProtectedError, models.RestrictedError, PermissionDenied):
            said = _("“%(object)s” cannot be deleted because other records refer to it.") % {
                "object": capfirst(str(self.object))
            }
            messages.error(self.request, " ".join([said, *usage_of(self.object)]))
            return redirect(self.get_success_url())


class ScopedInspectView(ScopedMixin, generic.InspectView):
    """A page that changes nothing: what may be done with the row is looked up once."""

    def user_has_permission_for_instance(self, permission: str, instance: models.Model) -> bool:
        known: dict[str, bool] = self.__dict__.setdefault("_known_permissions", {})
        if permission not in known:
            known[permission] = super().user_has_permission_for_instance(permission, instance)
        return known[permission]

    def get_object(self, queryset: models.QuerySet | None = None) -> models.Model:
        return self.scoped_object()

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return the value as a person reads it: a dash for nothing, a word for a truth,
        a year without a dot.
        """
        value = super().get_field_display_value(field_name, field)
        if value is None or value == "":
            return NOTHING
        if isinstance(value, bool):
            return capfirst(str(yesno(value)))
        return str(value) if isinstance(value, int) else value

    def get_edit_url(self) -> str | None:
        allowed = self.user_has_permission_for_instance("change", self.object)
        return super().get_edit_url() if allowed else None

    def get_delete_url(self) -> str | None:
        allowed = self.user_has_permission_for_instance("delete", self.object)
        return super().get_delete_url() if allowed else None


class ScopedHistoryView(ScopedMixin, history.HistoryView):
    def get_base_object_queryset(self) -> models.QuerySet:
        return self.scoped_rows()

    @cached_property
    def header_buttons(self) -> list[Any]:
        # Wagtail offers "Edit" to everybody, with an empty link where there is no such view.
        allowed = self.user_has_permission_for_instance("change", self.object)
        return super().header_buttons if self.edit_url_name and allowed else []


class ScopedUsageView(ScopedMixin, usage.UsageView):
    def get_base_object_queryset(self) -> models.QuerySet:
        return self.scoped_rows()
