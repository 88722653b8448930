"""Pages that everybody can read: front page, about, help, questions and answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from courses.enums import InfoPlace
from courses.models import InfoPage
from lms.core.views import pages


def front_page(request: HttpRequest) -> HttpResponse:
    """Show the front page as an administrator wrote it, or as it comes with the suite."""
    page = InfoPage.objects.live().filter(place=InfoPlace.FRONT).first()
    return pages.home(request, page=page)


def info_page(request: HttpRequest, place: str) -> HttpResponse:
    return serve_info(request, get_object_or_404(InfoPage.objects.live(), place=place))


def serve_info(request: HttpRequest, page: InfoPage) -> HttpResponse:
    if page.place == InfoPlace.FRONT:
        return pages.home(request, page=page)
    return TemplateResponse(request, page.template, {"page": page})
