"""Invitations in the admin: a sheet of cards for many, a new code for one."""

from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lms.accounts.models import Invitation, Posting, User
from lms.accounts.signin.domain.cards import render_cards
from lms.accounts.signin.domain.invitations import (
    MOST_CARDS,
    Card,
    issue_invitations,
    reset_access,
)
from lms.accounts.signin.forms.invitation_recipients import WhomForm
from lms.core.addresses import absolute_url
from lms.core.codes import group_code
from lms.core.refusal import CatchRefusal
from lms.scoped_admin.pages import ScopedPage


class _CardsView(ScopedPage):
    """What the two have in common: who may come, and the PDF."""

    permission_required = "act"
    request: Any

    def sheet(self, cards: list[Card]) -> HttpResponse:
        """Hand out the PDF once and keep it nowhere, since it holds the codes."""
        answer = HttpResponse(
            render_cards(
                cards=cards,
                places=self._places([card.person for card in cards]),
                address=login_address(),
            ),
            content_type="application/pdf",
        )
        answer["Content-Disposition"] = 'attachment; filename="the-moi-dang-nhap.pdf"'
        return answer

    def _places(self, people: list[User]) -> dict[int, str]:
        """Return where each works today, as far as it is the business of the one who prints."""
        posts = Posting.objects.visible_to(self.request.user).on(timezone.localdate())
        held = posts.filter(user__in=people).select_related("unit").order_by("valid_from")
        return {posting.user_id: posting.unit.display_name for posting in held}


@method_decorator(never_cache, name="dispatch")
class InvitationSheetView(_CardsView):
    """Choose a unit or a group, look whom it means, print."""

    template_name = "accounts/invitation_sheet.html"
    page_title = _("Print invitations")

    @cached_property
    def form(self) -> WhomForm:
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        return WhomForm(data or None, user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=self.form, **kwargs)
        if self.form.is_bound and self.form.is_valid():
            context["people"] = self._listed()[:MOST_CARDS]
            context["chosen"] = self.form.cleaned_data
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        with CatchRefusal() as asked:
            cards = issue_invitations(
                people=self.form.people(by=self.request.user),
                by=self.request.user,
                at=timezone.now(),
            )
            return self.sheet(cards)
        return self.render_to_response(self.get_context_data(refusal=asked.message))

    def _listed(self) -> QuerySet[User]:
        """Return the people with their posts and what became of their last card: two queries."""
        user = self.request.user
        last = Invitation.objects.filter(user=OuterRef("pk")).order_by("-issued_at")
        posts = Posting.objects.visible_to(user).on(timezone.localdate()).select_related("unit")
        people: Any = self.form.people(by=user)
        listed: QuerySet[User] = (
            people.annotate(invited_at=Subquery(last.values("issued_at")[:1]))
            .prefetch_related(Prefetch("postings", posts, to_attr="posts_today"))
            .in_name_order()
        )
        return listed


@method_decorator(never_cache, name="dispatch")
class ResetAccessView(_CardsView):
    """A new code for one person: asks first, then shows it once or prints the card."""

    row_name = "person"
    template_name = "accounts/reset_access.html"
    page_title = _("New log-in code")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with CatchRefusal() as asked:
            card = reset_access(person=self.row, by=self.request.user, at=timezone.now())
            if "print" in request.POST:
                return self.sheet([card])
            shown = {"card": card, "code": group_code(card.code), "address": login_address()}
            return self.render_to_response(self.get_context_data(**shown))
        return self.render_to_response(self.get_context_data(refusal=asked.message))


def login_address() -> str:
    """Return where a code is typed, as it is printed."""
    return absolute_url(reverse("account_invitation"))
