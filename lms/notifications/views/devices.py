"""Messages on a device: switched on by its person in the browser, and off again."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage
from lms.notifications.domain.devices import switch_off, switch_on
from lms.notifications.site_channels import PushChannel

# What people call a browser and a machine, by what a browser calls itself; the first that fits.
_BROWSERS: Final = (
    *(("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung Internet")),
    *(("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
_MACHINES: Final = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


@login_required
@require_POST
def device_on(request: SignedInRequest) -> HttpResponse:
    """Keep what the browser gave when its person allowed messages."""
    if not PushChannel().is_configured():
        raise Http404
    told = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    with RefusalAsMessage(request):
        switch_on(user=request.user, label=_label(request.headers.get("User-Agent", "")), **told)
        messages.success(request, _("Messages to you appear on this device from now on."))
    return redirect("notices:preferences")


@login_required
@require_POST
def device_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget one of the own devices; somebody else's is as if there were none."""
    if not switch_off(user=request.user, device_id=pk):
        raise Http404
    messages.success(request, _("Messages no longer appear on that device."))
    return redirect("notices:preferences")


def _label(agent: str) -> str:
    named = [
        next((name for sign, name in signs if sign in agent), "")
        for signs in (_BROWSERS, _MACHINES)
    ]
    return ", ".join(filter(None, named)) or _("A browser")
