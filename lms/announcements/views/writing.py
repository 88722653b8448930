"""The page on which somebody writes to a group, sees whom it reaches, and sends it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.announcements.domain.counting import Reach, count_reach, sms_parts
from lms.announcements.domain.wording import read_by_people
from lms.announcements.domain.writing import (
    Draft,
    check_draft,
    find_group,
    other_message,
    write_announcement,
)
from lms.announcements.extensions import Group, write_url
from lms.announcements.forms import AnnouncementForm
from lms.announcements.models import Announcement
from lms.core.display import vi_date
from lms.core.readers import SignedInRequest
from lms.core.requests import sign_of_preview
from lms.core.show_refusal import RefusalOnForm
from lms.geography.models import AdministrativeUnit
from lms.notifications.domain.pausing import current_pause, leaves_at
from lms.notifications.domain.ways import SMS, cost_of
from lms.notifications.labels import way_label
from lms.notifications.permissions import SENDING_ROLES

AREAS_A_PAGE: Final = 30


@dataclass(frozen=True)
class _Asked:
    """Whom the address names."""

    audience: str
    params: dict[str, str]
    remind: bool
    group: Group


@login_required
@require_http_methods(["GET", "POST"])
def write(request: SignedInRequest) -> HttpResponse:
    """Ask for a text, show it as people will read it with the counts by way, then send it.

    What has become another between the preview and the press is shown again and not sent.
    """
    asked = _read(request)
    if request.method == "POST":
        form = AnnouncementForm(request.POST)
        if form.is_valid():
            return _answer(request, asked, form)
        return _page(request, asked, form)
    proposed = {"subject": asked.group.subject, "text": asked.group.text}
    form = AnnouncementForm(initial=proposed)
    # A reminder has its words already: one press sends it.
    draft = _draft(asked, {**proposed, "token": form.initial["token"]}) if asked.remind else None
    return _page(request, asked, form, draft=draft)


@login_required
@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    """Offer the units that one coordinates, to write to their people."""
    if not request.user.scope.has_role(*SENDING_ROLES):
        raise PermissionDenied
    units = AdministrativeUnit.objects.filter(request.user.scope.units_q("", SENDING_ROLES))
    units = units.filter(edition__programmes__isnull=False).distinct().order_by("path")
    page = Paginator(units.select_related("edition"), AREAS_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [
        {"unit": one, "url": write_url("announcements.area", {"unit": str(one.pk)})}
        for one in page.object_list
    ]
    return render(request, "announcements/areas.html", {"rows": rows, "page": page})


def _read(request: SignedInRequest) -> _Asked:
    audience, remind = request.GET.get("to", ""), request.GET.get("remind") == "1"
    params = {name: str(value) for name, value in request.GET.items()}
    group = find_group(audience=audience, params=params, by=request.user, remind=remind)
    if group is None:
        raise Http404
    return _Asked(audience, params, remind, group)


def _draft(asked: _Asked, said: dict[str, Any]) -> Draft:
    return Draft(
        token=UUID(str(said["token"])),
        audience=asked.audience,
        params=asked.params,
        subject=said["subject"],
        text=said["text"],
        send_at=said.get("send_at"),
        remind=asked.remind,
    )


def _answer(request: SignedInRequest, asked: _Asked, form: AnnouncementForm) -> HttpResponse:
    draft, now = _draft(asked, form.cleaned_data), timezone.now()
    with RefusalOnForm(form):
        check_draft(draft=draft, now=now)
        first = other_message(draft=draft, by=request.user)
        if first is not None:
            return _second(request, asked, first)
        if request.POST.get("sign") != _sign(draft, _reach(request, asked)):
            return _page(request, asked, form, draft=draft)
        announcement = write_announcement(draft=draft, by=request.user, now=now)
        if draft.send_at is None:
            messages.success(request, _goes_out(_opens(draft, now)))
        else:
            messages.success(request, _("It is scheduled, and can be withdrawn until then."))
        return redirect("announcements:announcement", announcement.pk)
    return _page(request, asked, form)


def _second(request: SignedInRequest, asked: _Asked, first: Announcement) -> HttpResponse:
    """Show a message that was changed after it had been sent as one of its own, not sent yet."""
    data = request.POST.copy()
    data["token"] = str(uuid4())
    form = AnnouncementForm(data)
    form.is_valid()
    return _page(request, asked, form, draft=_draft(asked, form.cleaned_data), first=first)


def _opens(draft: Draft, now: datetime) -> datetime:
    """Return when it leaves: at its moment, or when the hours begin in which messages leave."""
    return leaves_at(due=draft.send_at or now, now=now)


def _goes_out(opens: datetime) -> str:
    if opens <= timezone.now():
        return _("It goes out within a minute.")
    return _("It goes out at %(at)s.") % {"at": vi_date(opens, "time")}


def _reach(request: SignedInRequest, asked: _Asked) -> Reach:
    now = timezone.now()
    return count_reach(group=asked.group, author=request.user, remind=asked.remind, now=now)


def _sign(draft: Draft, reach: Reach) -> str:
    return sign_of_preview(draft.subject, draft.text, draft.send_at, sorted(reach.by_way.items()))


def _title(asked: _Asked) -> str:
    """Return what the writer is about to do, in the words of the button that led here."""
    if not asked.remind:
        return _("Write to the group")
    return _("Invite now") if asked.group.is_invitation else _("Remind now")


def _page(
    request: SignedInRequest,
    asked: _Asked,
    form: AnnouncementForm,
    draft: Draft | None = None,
    first: Announcement | None = None,
) -> HttpResponse:
    reach = _reach(request, asked)
    may_send = bool(reach.recipients) and asked.group.refusal is None
    context = {
        "asked": asked,
        "title": _title(asked),
        "group": asked.group,
        "form": form,
        "reach": reach,
        "total": len(reach.recipients),
        "ways": [{"label": way_label(key), "count": n} for key, n in reach.by_way.most_common()],
        "phone": request.user.phone,
        "first": first,
        "may_send": may_send,
        "offers_form": may_send or form.is_bound,
    }
    if draft is not None:
        opens = _opens(draft, timezone.now())
        waits = reach.recipients and opens > (draft.send_at or timezone.now())
        context["waits_until"] = opens if waits else None
        context["pause"] = current_pause(now=timezone.now()) if waits else None
        written = Announcement(author=request.user, subject=draft.subject, text=draft.text)
        said = read_by_people(written)
        context |= {
            "draft": draft,
            "said": said,
            "sign": _sign(draft, reach),
            "parts": sms_parts(said.short) if reach.by_way[SMS] else 0,
            "cost": cost_of(by_way=reach.by_way, parts=sms_parts(said.short)),
        }
    return render(request, "announcements/write.html", context)
