"""A boundary edition takes effect, and what it leaves to a decision."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
from lms.core.readers import SignedInRequest
from lms.core.refusal import Refusal
from lms.geography.domain.using import edition_in_use
from lms.geography.models import BoundaryEdition
from lms.scoped_admin.pages import ActionPage, FormPage, ScopedPage
from lms.scoped_admin.views import ScopedInspectView

_WAITING = "editions:waiting"
_PEOPLE_ON_A_PAGE = 50


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


class UseEditionView(ActionPage):
    """The register goes over to the edition; the posts follow in the background."""

    def perform(self) -> str:
        edition: BoundaryEdition = self.row
        by = self.request.user
        form = EditionDayForm(self.request.POST, edition=edition)
        if not form.is_valid():
            raise Refusal("no_day", _("Please enter the first day on the new map."))
        with transaction.atomic():
            begin_use(edition=edition, today=timezone.localdate(), on=form.cleaned_data["on"])
            transaction.on_commit(partial(carry_over_task.delay, edition.pk, by.pk), robust=True)
        return _("The edition is in use. Posts and roles are being carried over.")


class _WaitingPage(ScopedPage):
    model = Posting
    scope_method = "visible_to"
    permission_required = "act"
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


class WaitingUnitView(_WaitingPage, FormPage):
    """The people of one such unit: ticked, and put where they belong."""

    request: SignedInRequest
    template_name = "accounts/waiting_unit.html"

    def get_row(self) -> None:
        """Find the unit, which is no edition."""
        splits = {split.unit.pk: split for split in self.splits}
        if self.kwargs["pk"] not in splits:
            raise Http404
        self.split = splits[self.kwargs["pk"]]
        self.posts = self.scoped_rows().filter(unit=self.split.unit)

    @property
    def back_url(self) -> str:
        return reverse(_WAITING)

    def build_form(self, data: Any) -> DecideForm:
        waiting = [] if data is None else list(self.posts.values_list("pk", flat=True))
        return DecideForm(data, split=self.split, posts=waiting)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.posts.select_related("user")
        page = Paginator(rows, _PEOPLE_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(split=self.split, page=page, edition=self.edition, **kwargs)

    def perform(self) -> str:
        edition = self.edition
        assert edition is not None  # noqa: S101 (else nothing waits)
        to_unit = self.form.cleaned_data["to_unit"]
        done = decide_posts(
            edition=edition,
            unit=self.split.unit,
            post_ids=[int(pk) for pk in self.form.cleaned_data["posts"]],
            to_unit=to_unit,
            by=self.request.user,
        )
        sentence = ngettext(
            "%(count)s post continues in %(unit)s.", "%(count)s posts continue in %(unit)s.", done
        )
        return sentence % {"count": done, "unit": to_unit}
