"""A boundary edition takes effect, and what it leaves to a decision."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from lms.accounts.boundary_changes.domain.apply_edition import begin_use, rehearse_edition
from lms.accounts.boundary_changes.domain.split_units import (
    SplitUnit,
    decide_posts,
    split_units,
    waiting_posts,
)
from lms.accounts.boundary_changes.forms import DecideForm, EditionDayForm
from lms.accounts.boundary_changes.tasks import carry_over_task
from lms.accounts.models import Posting
from lms.core.show_refusal import RefusalAsMessage
from lms.geography.domain.using import edition_in_use
from lms.geography.models import BoundaryEdition
from lms.scoped_admin.views import ScopedInspectView, ScopedMixin

_WAITING = "editions:waiting"
_PEOPLE_ON_A_PAGE = 50


class _EditionPage(PermissionCheckedMixin, ScopedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_required = "change"
    permission_policy: Any = None
    header_icon = "lms-map-pin"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class EditionInspectView(ScopedInspectView):
    """What would follow and what would wait; then, once it is in use, what still does."""

    template_name = "accounts/edition_inspect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edition: BoundaryEdition = self.object
        return super().get_context_data(
            edition=edition,
            told=rehearse_edition(edition=edition),
            form=EditionDayForm(edition=edition),
            waiting_url=reverse(_WAITING),
            **kwargs,
        )


class UseEditionView(_EditionPage):
    """The register goes over to the edition; the posts follow in the background."""

    model = BoundaryEdition
    scope_method = "manageable_by"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseNotAllowed(["POST"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        edition: Any = self.scoped_object()
        by: Any = request.user
        form = EditionDayForm(request.POST, edition=edition)
        if not form.is_valid():
            messages.error(request, _("Please enter the first day on the new map."))
            return redirect("editions:inspect", edition.pk)
        with RefusalAsMessage(request):
            with transaction.atomic():
                begin_use(edition=edition, today=timezone.localdate(), on=form.cleaned_data["on"])
                transaction.on_commit(partial(carry_over_task.delay, edition.pk, by.pk))
            sentence = _("The edition is in use. Posts and roles are being carried over.")
            messages.success(request, sentence)
        return redirect("editions:inspect", edition.pk)


class _WaitingPage(_EditionPage):
    model = Posting
    page_title = gettext_lazy("Posts awaiting a decision")

    @cached_property
    def edition(self) -> BoundaryEdition | None:
        return edition_in_use(on=timezone.localdate())

    def scoped_rows(self) -> models.QuerySet:
        if self.edition is None:
            return Posting.objects.none()
        return waiting_posts(edition=self.edition, reader=self.request.user)

    @cached_property
    def splits(self) -> list[SplitUnit]:
        if self.edition is None:
            return []
        return split_units(edition=self.edition, reader=self.request.user)


class WaitingView(_WaitingPage):
    """The units whose people belong to several new ones."""

    template_name = "accounts/waiting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(edition=self.edition, splits=self.splits, **kwargs)


class WaitingUnitView(_WaitingPage):
    """The people of one such unit: ticked, and put where they belong."""

    template_name = "accounts/waiting_unit.html"

    @cached_property
    def split(self) -> SplitUnit:
        for split in self.splits:
            if split.unit.pk == self.kwargs["pk"]:
                return split
        raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.scoped_rows().filter(unit=self.split.unit).select_related("user")
        page = Paginator(rows, _PEOPLE_ON_A_PAGE).get_page(self.request.GET.get("p"))
        kwargs.setdefault("form", DecideForm(split=self.split, posts=[]))
        return super().get_context_data(split=self.split, page=page, edition=self.edition, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        split, edition, by = self.split, self.edition, request.user
        assert edition is not None  # noqa: S101 (else nothing waits)
        waiting = list(self.scoped_rows().filter(unit=split.unit).values_list("pk", flat=True))
        form = DecideForm(request.POST, split=split, posts=waiting)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        done = decide_posts(
            edition=edition,
            unit=split.unit,
            post_ids=[int(pk) for pk in form.cleaned_data["posts"]],
            to_unit=form.cleaned_data["to_unit"],
            by=by,  # type: ignore[arg-type]
        )
        sentence = ngettext(
            "%(count)s post continues in %(unit)s.", "%(count)s posts continue in %(unit)s.", done
        )
        messages.success(request, sentence % {"count": done, "unit": form.cleaned_data["to_unit"]})
        return redirect(_WAITING)
