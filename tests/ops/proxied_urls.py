"""The suite's own addresses, and one that answers with the request as it came."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from lms.urls import urlpatterns as suite_urls


def echo(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"headers": dict(request.headers), "is_secure": request.is_secure()})


urlpatterns = [path("health/echo/", echo), *suite_urls]
