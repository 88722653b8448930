"""The door for those with a printed card: the code, then a password of one's own."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from lms.accounts.models import Invitation, User
from lms.accounts.signin.domain.cards import CODE_PARAMETER
from lms.accounts.signin.domain.invitations import accept_invitation, check_waiting, find_invitation
from lms.accounts.signin.forms.login import FirstPasswordForm, InvitationCodeForm
from lms.core.refusal import CatchRefusal
from lms.core.show_refusal import RefusalOnForm

# The number of the invitation whose code this browser session has shown.
_SHOWN = "accounts.invitation"


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class InvitationCodeView(FormView):
    """Opened by the QR code with the code filled in; nothing happens before it is sent."""

    form_class = InvitationCodeForm
    template_name = "account/invitation.html"

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.request.GET.get(CODE_PARAMETER, "")}

    def form_valid(self, form: InvitationCodeForm) -> HttpResponse:
        with RefusalOnForm(form, "code"):
            found = find_invitation(text=form.cleaned_data["code"], at=timezone.now())
            self.request.session[_SHOWN] = found.pk
            return redirect("account_first_password")
        return self.form_invalid(form)


@method_decorator(
    [never_cache, sensitive_post_parameters("password1", "password2")], name="dispatch"
)
class FirstPasswordView(FormView):
    """A password of one's own, and in."""

    form_class = FirstPasswordForm
    template_name = "account/first_password.html"

    @cached_property
    def invitation(self) -> Invitation | None:
        shown = self.request.session.get(_SHOWN, 0)
        return Invitation.objects.filter(pk=shown).select_related("user").first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.invitation is None:
            return redirect("account_invitation")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        assert self.invitation  # noqa: S101 (dispatch has asked)
        return {**super().get_form_kwargs(), "user": self.invitation.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.invitation  # noqa: S101 (dispatch has asked)
        return {**super().get_context_data(**kwargs), "person": self.invitation.user}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.invitation  # noqa: S101 (dispatch has asked)
        with CatchRefusal():
            check_waiting(invitation=self.invitation, at=timezone.now())
            return super().get(request, *args, **kwargs)
        # Used meanwhile, in another window perhaps: the page of the code says why.
        del request.session[_SHOWN]
        return redirect("account_invitation")

    def form_valid(self, form: FirstPasswordForm) -> HttpResponse:
        assert self.invitation  # noqa: S101 (dispatch has asked)
        with RefusalOnForm(form):
            person = accept_invitation(
                invitation_id=self.invitation.pk,
                password=form.cleaned_data["password1"],
                at=timezone.now(),
            )
            return self._let_in(person)
        return self.form_invalid(form)

    def _let_in(self, person: User) -> HttpResponse:
        del self.request.session[_SHOWN]
        record_authentication(self.request, person, method="code")
        answer: HttpResponse = perform_login(self.request, person, redirect_url=reverse("start"))
        return answer
