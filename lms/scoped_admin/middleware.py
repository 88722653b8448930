"""What a browser names in the admin: rows that there cannot be, ways back that lead nowhere."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lms.core.requests import read_number

# Wagtail hands on to the database as they are sent: what stands in an address as text, and the
# parameters of choosers and of actions on many rows.
_IN_ADDRESS = ("pk", "object_id")
_PARAMETERS = ("id", "target_pages[]")
# Where `id` is that of a kind of block.
_OTHER_IDS = "wagtailadmin_block_preview"
# In the place of a number: each row of the list.
_EACH = "all"


class RowNumbersMiddleware:
    """Answers 404 to an address of the admin in which the number of a row is none, and 400 where the
    way back (`next`) is no address: Wagtail would take it for the name of a view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: Mapping[str, Any]
    ) -> None:
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return
        if request.resolver_match and request.resolver_match.url_name == _OTHER_IDS:
            return
        for text in _numbers_named(request, kwargs):
            if text != _EACH and read_number(text) is None:
                raise Http404
        if any("/" not in way for way in _ways_back(request)):
            raise SuspiciousOperation("The way back is no address.")


def _ways_back(request: HttpRequest) -> Iterator[str]:
    for sent in (request.GET, request.POST):
        yield from filter(None, sent.getlist("next"))


def _numbers_named(request: HttpRequest, kwargs: Mapping[str, Any]) -> Iterator[str]:
    for name in _IN_ADDRESS:
        if isinstance(kwargs.get(name), str):
            yield kwargs[name]
    for name in _PARAMETERS:
        yield from filter(None, request.GET.getlist(name))
