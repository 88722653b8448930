"""The front door and the way from log-in to one's own first page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from lms.core.navigation import navigation


def home(request: HttpRequest, page: Any = None) -> HttpResponse:
    """Show the public what this is, and where to verify a certificate and log in.

    `page`: what somebody wrote for it, with `title`, `intro` and `body`.
    """
    try:
        verify_url = reverse("certificates:verify_form")
    except NoReverseMatch:
        verify_url = None
    context = {
        "login_url": reverse("account_login"),
        "home_url": reverse("start"),
        "verify_url": verify_url,
        "page": page,
    }
    return render(request, "lms/home.html", context)


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Send a person to the first page of the own bar: what they came for."""
    for item in sorted(navigation, key=lambda entry: entry.order):
        if item.is_visible(request.user):
            return redirect(item.url_name)
    return redirect("home")
