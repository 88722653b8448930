"""What an address of the report asks, and how many lines it opens, without the page around them."""

from dataclasses import replace

from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve

from lms.accounts.models import User
from lms.reporting.enums import CommunesOf
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.counted import table_of
from lms.reporting.views.listing import NamesList, read_names


def _request(reader: User, url: str, asked: dict[str, str] | None = None) -> HttpRequest:
    request = RequestFactory().get(url, asked)
    request.user = reader
    return request


def query_of(reader: User, asked: dict[str, str]) -> ReportQuery:
    """What the pages of all places make of this."""
    query = parse_query(_request(reader, "/", asked), unit_id=None)
    assert query is not None
    return query


class LinesBehind:
    """How many names, or communes, the page of an address tells this reader.

    Of the same people, whatever their states, they are counted once, as on the page with its tabs.
    """

    def __init__(self, reader: User) -> None:
        self._reader = reader
        self._lists: dict[str, NamesList] = {}

    def __call__(self, url: str) -> int:
        request, page = _request(self._reader, url), resolve(url.partition("?")[0])
        place = page.kwargs.get("unit_id")
        if page.view_name.startswith("reporting:communes"):
            which = CommunesOf(request.GET["which"])
            table = table_of(parse_query(request, unit_id=place))
            return sum(1 for row in table.communes() if row.is_one_of(which))
        state = request.GET.get("state", "")
        people = url.replace(f"state={state}", "state=")
        if people not in self._lists:
            self._lists[people] = read_names(request, place)
        return replace(self._lists[people], state=state).count
