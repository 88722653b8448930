"""Pages that everybody can read: front page, about, help, questions and answers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from courses.domain.contacts import contacts_of, contacts_of_post, latest_with_contacts
from courses.enums import InfoPlace
from courses.models import InfoPage
from lms.accounts.models import User
from lms.core.caching import public_page
from lms.core.views import pages


@public_page(seconds=60)
def front_page(request: HttpRequest) -> HttpResponse:
    """Show the front page as an administrator wrote it, or as it comes with the suite."""
    page = InfoPage.objects.live().filter(place=InfoPlace.FRONT).first()
    return pages.home(request, page=page)


@public_page(seconds=60)
def info_page(request: HttpRequest, place: str) -> HttpResponse:
    page = InfoPage.objects.live().filter(place=place).first()
    if page is None and place == InfoPlace.HELP:
        return TemplateResponse(request, "courses/help.html", _help_context(request))
    if page is None:
        raise Http404
    return serve_info(request, page)


def serve_info(request: HttpRequest, page: InfoPage) -> HttpResponse:
    if page.place == InfoPlace.FRONT:
        return pages.home(request, page=page)
    context = _help_context(request) if page.place == InfoPlace.HELP else {}
    return TemplateResponse(request, page.template, {"page": page, **context})


def _help_context(request: HttpRequest) -> dict[str, Any]:
    """Return whom to call, for who is logged in."""
    user = request.user
    if not isinstance(user, User):
        return {"contacts": []}
    enrolment = latest_with_contacts(user=user)
    if enrolment is None:
        return {"contacts": contacts_of_post(user=user, on=timezone.localdate())}
    return {"contacts": contacts_of(enrolment)}
