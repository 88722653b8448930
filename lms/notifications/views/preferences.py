"""By which way one wants to be reached; and the one click that stops a kind of message."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lms.accounts.register.domain.language import choose_language, language_of
from lms.core.language import remember_language
from lms.core.readers import SignedInRequest
from lms.messaging.push import public_key
from lms.notifications.domain.preferences import (
    choices_of,
    choose,
    kinds_to_choose,
    read_token,
    unsubscribe,
)
from lms.notifications.forms import WaysForm
from lms.notifications.labels import kind_label
from lms.notifications.models import PushDevice
from lms.notifications.site_channels import PushChannel


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """Ask for the language, and kind by kind for the way that comes first."""
    person = request.user
    form = WaysForm(
        request.POST or None,
        kinds=kinds_to_choose(user=person),
        chosen=choices_of(user=person),
        language=language_of(person),
    )
    if request.method == "POST" and form.is_valid():
        return _keep(request, form)
    context: dict[str, Any] = {"form": form}
    if PushChannel().is_configured():
        devices = PushDevice.objects.filter(user=person).order_by("pk")
        context |= {"device_key": public_key(), "devices": devices}
    return render(request, "notifications/preferences.html", context)


def _keep(request: SignedInRequest, form: WaysForm) -> HttpResponse:
    language = form.cleaned_data["language"]
    choose(user=request.user, ways=form.ways)
    choose_language(person=request.user, language=language)
    with override(language):
        messages.success(request, _("Saved. Messages that already wait follow within a minute."))
    response = redirect("notices:preferences")
    remember_language(response, language)
    return response


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a kind of message for whoever holds the token (RFC 8058), without a log-in.

    Only a POST does: mailboxes and scanners follow every link of a mail. It comes from a mail
    provider, which has neither cookie nor page of ours.
    """
    found = read_token(token)
    if found is None:
        raise Http404
    user, kinds = found
    if request.method == "POST":
        unsubscribe(user=user, kinds=kinds)
    context = {"kinds": [kind_label(one.key) for one in kinds], "is_done": request.method == "POST"}
    return render(request, "notifications/stop.html", context)
