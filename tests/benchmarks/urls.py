"""The suite's own addresses and an empty view to compare with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lms.urls import urlpatterns as suite_urls


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("bench/empty/", empty), *suite_urls]
