"""Suspected twins side by side, two records made one, and the way back."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from lms.accounts.merging.domain.duplicates import say_different, suspected_twins
from lms.accounts.merging.domain.merge import merge, what_follows
from lms.accounts.merging.domain.unmerge import may_unmerge, unmerge
from lms.accounts.models import Merge, Posting, User
from lms.core.show_refusal import RefusalAsMessage
from lms.scoped_admin.views import ScopedIndexView, ScopedInspectView, ScopedMixin

_INDEX = "merges:twins"


class _MergingPage(PermissionCheckedMixin, ScopedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page for those who may make two records one."""

    permission_required = "change"
    permission_policy: Any = None
    header_icon = "group"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class TwinsView(_MergingPage):
    """Pairs that may be one person; a POST says that two are not."""

    model = User
    scope_method = "manageable_by"
    page_title = gettext_lazy("Possible duplicates")
    template_name = "accounts/twins.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader: Any = self.request.user
        pairs = suspected_twins(reader=reader, on=timezone.localdate())
        lines = [
            (
                pair,
                [_line(person, pair.postings[person.pk]) for person in (pair.first, pair.second)],
            )
            for pair in pairs
        ]
        return super().get_context_data(lines=lines, merges_url=reverse("merges:index"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = [request.POST.get(name, "") for name in ("first", "second")]
        people = self.scoped_rows().in_bulk([int(pk) for pk in asked if pk.isdecimal()])
        if len(people) < 2:  # noqa: PLR2004 (two people)
            raise Http404
        by: Any = request.user
        first, second = people.values()
        say_different(first=first, second=second, by=by)
        messages.success(request, _("These two will no longer be suggested."))
        return redirect(_INDEX)


class MergePeopleView(_MergingPage):
    """Says what would go over, then makes the two records one."""

    model = User
    scope_method = "manageable_by"
    page_title = gettext_lazy("Merge two records")
    template_name = "accounts/merge.html"

    @cached_property
    def people(self) -> tuple[Any, Any]:
        found = self.scoped_rows().in_bulk([self.kwargs["pk"], self.kwargs["other_pk"]])
        if len(found) < 2:  # noqa: PLR2004 (two people)
            raise Http404
        return found[self.kwargs["pk"]], found[self.kwargs["other_pk"]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept, closed = self.people
        seen = Posting.objects.visible_to(self.request.user).select_related("unit")
        posts: dict[int, list[Posting]] = {kept.pk: [], closed.pk: []}
        for posting in seen.filter(user__in=(kept, closed)):
            posts[posting.user_id].append(posting)
        return super().get_context_data(
            lines=[_line(person, posts[person.pk]) for person in (kept, closed)],
            kept=kept,
            closed=closed,
            follows=what_follows(close=closed),
            other_way=reverse("merges:merge", args=(closed.pk, kept.pk)),
            back=reverse(_INDEX),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept, closed = self.people
        by: Any = request.user
        with RefusalAsMessage(request):
            done = merge(keep=kept, close=closed, by=by, at=timezone.now())
            messages.success(
                request, _("The two records have been merged. This can be undone for 30 days.")
            )
            return redirect("merges:inspect", done.pk)
        return redirect(_INDEX)


class UnmergeView(_MergingPage):
    """Parts the two records again."""

    model = Merge
    scope_method = "manageable_by"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseNotAllowed(["POST"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        done: Any = self.scoped_object()
        by: Any = request.user
        with RefusalAsMessage(request):
            parted = unmerge(merge=done, by=by, at=timezone.now())
            left = _("What could not be restored is listed below.") if parted.left else ""
            sentence = _("The merge has been undone.")
            messages.success(request, f"{sentence} {left}".strip())
        return redirect("merges:inspect", done.pk)


class MergeIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("kept", "closed", "by")


class MergeInspectView(ScopedInspectView):
    """What was done, what stayed, and the way back while it is open."""

    template_name = "accounts/merge_inspect.html"

    def scoped_rows(self) -> models.QuerySet:
        return super().scoped_rows().select_related("kept", "closed", "by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: Merge = self.object
        mine = Merge.objects.manageable_by(self.request.user).filter(pk=found.pk)
        may_undo = may_unmerge(merge=found, at=timezone.now()) and mine.exists()
        return super().get_context_data(merge=found, may_undo=may_undo, **kwargs)


def _line(person: User, postings: list[Posting]) -> dict[str, Any]:
    return {"person": person, "posts": "; ".join(str(posting) for posting in postings)}
