"""Possible duplicates side by side, two records made one, and the way back."""

from typing import Any

from django.db import models
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.merging.domain.duplicates import say_different, suspected_duplicates
from lms.accounts.merging.domain.merge import merge, what_follows
from lms.accounts.merging.domain.unmerge import may_unmerge, unmerge
from lms.accounts.models import Merge, Posting, User
from lms.core.requests import read_number
from lms.scoped_admin.pages import ActionPage
from lms.scoped_admin.views import ScopedIndexView, ScopedInspectView


class DuplicatesView(ActionPage):
    """Pairs that may be one person; a POST says that two are not."""

    model = User
    page_title = gettext_lazy("Possible duplicates")
    template_name = "accounts/duplicates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader = self.request.user
        pairs = suspected_duplicates(reader=reader, on=timezone.localdate())
        lines = [
            (
                pair,
                [_line(person, pair.postings[person.pk]) for person in (pair.first, pair.second)],
            )
            for pair in pairs
        ]
        return super().get_context_data(lines=lines, merges_url=reverse("merges:index"), **kwargs)

    def perform(self) -> str:
        asked = [self.request.POST.get(name, "") for name in ("first", "second")]
        people = self.scoped_rows().in_bulk([pk for text in asked if (pk := read_number(text))])
        if len(people) < 2:  # noqa: PLR2004 (two people)
            raise Http404
        by = self.request.user
        first, second = people.values()
        say_different(first=first, second=second, by=by)
        return _("These two will no longer be suggested.")


class MergePeopleView(ActionPage):
    """Says what would go over, then makes the two records one."""

    model = User
    page_title = gettext_lazy("Merge two records")
    template_name = "accounts/merge.html"

    def get_row(self) -> None:
        """Find the two people; there is no merge yet."""
        keys = self.kwargs["pk"], self.kwargs["other_pk"]
        # Not `in_bulk`, which fails at a number beyond all others.
        both = models.Q(pk=keys[0]) | models.Q(pk=keys[1])
        found = {row.pk: row for row in self.scoped_rows().filter(both)}
        if len(found) < 2:  # noqa: PLR2004 (two people)
            raise Http404
        self.kept, self.closed = (found[key] for key in keys)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept, closed = self.kept, self.closed
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
            **kwargs,
        )

    def perform(self) -> str:
        by = self.request.user
        self.merge = merge(keep=self.kept, close=self.closed, by=by, at=timezone.now())
        return _("The two records have been merged. This can be undone for 30 days.")

    def get_success_url(self) -> str:
        return reverse("merges:inspect", args=(self.merge.pk,))


class UnmergeView(ActionPage):
    """Parts the two records again."""

    def perform(self) -> str:
        by = self.request.user
        parted = unmerge(merge=self.row, by=by, at=timezone.now())
        left = _("What could not be restored is listed below.") if parted.left else ""
        sentence = _("The merge has been undone.")
        return f"{sentence} {left}".strip()


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
