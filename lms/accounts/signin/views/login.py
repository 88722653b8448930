"""The door: log-in, and what one without the key to the admin is told."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from lms.core.demo import demo_accounts


class SuiteLoginView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "demo_accounts": demo_accounts(),
            "second_factor": settings.SUITE_SECOND_FACTOR,
            "office": settings.SUITE_OIDC.get("name", ""),
            "wanted": self.request.GET.get("next", ""),
        }


@never_cache
def admin_door(request: HttpRequest) -> HttpResponse:
    """Answer those who may not pass, sent by Wagtail: strangers log in,
    others are told plainly.

    Wagtail would send a person without access back to a log-in page, which sends whoever is
    logged in back to Wagtail, for ever.
    """
    user = request.user
    if user.is_authenticated and not user.has_perm("wagtailadmin.access_admin"):
        # Wagtail left a message for the next page; this page says it better.
        list(messages.get_messages(request))
        return render(request, "403.html", {"messages": []}, status=403)
    wanted = request.GET.get("next") or reverse("wagtailadmin_home")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
