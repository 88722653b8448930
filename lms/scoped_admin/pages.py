"""Pages of a scoped viewset besides its list and forms: about one row, or about the list.

To add one, three lines in the view (the app's `views`) and one in the viewset:

    class CloseRunView(ActionPage):                      # asks, then does it
        page_title = gettext_lazy("Close the class")
        template_name = "courses/admin/run_close.html"   # {{ run }}, {{ back_url }}, the POST form
        row_name = "run"

        def perform(self) -> str:                        # the rule may raise Refusal
            close_run(run=self.row, at=timezone.now())
            return _("The class is closed.")

    pages: ClassVar = {"close": ("<int:pk>/close/", CloseRunView)}

`FormPage` has a form besides, `ScopedPage` is only looked at (or answers a POST of its own). Those
who may act are the viewset's `act_roles`, on rows of its `change_scope_method`.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm
from lms.scoped_admin.views import ScopedMixin


class ScopedPage(ScopedMixin, WagtailAdminTemplateMixin, View):
    """Opens to the holders of `permission_required`; a row out of scope is a 404.

    A page whose address has a `pk` is about that row of the viewset, `row`, which its template
    knows by `row_name`. Set `model` and `scope_method` where they are not those of the viewset.
    """

    request: SignedInRequest
    viewset: Any = None
    permission_required = ""
    model: Any = None
    scope_method = ""
    row_name = "row"
    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = self.viewset.permission_policy
        if not policy.user_has_permission(request.user, self.permission_required):
            raise PermissionDenied
        self.row = self.get_row()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Unlike Django's, without what stands in the address among the words of the template.
        return self.render_to_response(self.get_context_data())

    def get_row(self) -> Any:
        """Return the row that the page is about; None for a page about the list."""
        return self.scoped_object() if "pk" in self.kwargs else None

    def get_row_label(self) -> str:
        return str(self.row)

    @property
    def back_url(self) -> str:
        """The page of the row, or the one that the menu leads to."""
        if self.row is None or not self.viewset.inspect_view_enabled:
            return str(self.viewset.menu_url)
        return reverse(self.viewset.get_url_name("inspect"), args=(self.row.pk,))

    def get_page_subtitle(self) -> str:
        return "" if self.row is None else self.get_row_label()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        trail = list(self.breadcrumbs_items)
        menu_url = self.viewset.menu_url
        if menu_url != self.request.path and self.viewset.shows_menu_item_to(self.request.user):
            trail.append({"url": menu_url, "label": self.viewset.menu_label})
        if self.row is not None:
            trail.append({"url": self.back_url, "label": self.get_row_label()})
        # With the row: what is done may be for good, and the trail is folded at first.
        here = {"label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*trail, {"url": "", **here}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = {self.row_name: self.row, "back_url": self.back_url}
        return {**super().get_context_data(**known), **kwargs}


class ActionPage(ScopedPage):
    """Asks with its template, then does it; one without a template takes a POST only.

    `perform` does it and answers with a sentence, or with nothing to say. What refuses is told
    on the page that it leads back to.
    """

    permission_required = "act"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.template_name:
            return HttpResponseNotAllowed(["POST"])
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with RefusalAsMessage(request):
            return self.finish(self.perform())
        return redirect(self.back_url)

    def perform(self) -> str | None:
        raise NotImplementedError

    def finish(self, told: str | None) -> HttpResponse:
        if told:
            messages.success(self.request, told, buttons=self.get_success_buttons())
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return self.back_url

    def get_success_buttons(self) -> list[Button]:
        return []


class FormPage(ActionPage):
    """An action that is told more by a form; what refuses is shown on it, with what was typed."""

    form_class: Any = None
    #: Where a refusal stands that names no field of the form; above the form, if nowhere.
    refusal_field: str | None = None

    def build_form(self, data: Any) -> Any:
        return self.form_class(data)

    @cached_property
    def form(self) -> Any:
        return self.build_form(self.request.POST if self.request.method == "POST" else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.form.is_valid():
            with RefusalOnForm(self.form, self.refusal_field):
                return self.finish(self.perform())
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, **kwargs)
