"""Where a page has gone that had an address before."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect


class KnownRedirectMiddleware(RedirectMiddleware):
    """Wagtail's, asked where some site has a redirect for the address alone.

    Which site it is takes Wagtail a third of what a page not found costs.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Return the response, or the redirect of an address that is not found."""
        if response.status_code != HTTPStatus.NOT_FOUND or not _is_known(request.get_full_path()):
            return response
        return super().process_response(request, response)


def _is_known(address: str) -> bool:
    """Tell whether a redirect begins at this address, with or without its query."""
    whole = Redirect.normalise_path(address, decode_unicode=False)
    written = {whole, urlsplit(whole).path}
    written |= {uri_to_iri(one) for one in written}
    # No text with one is in a PostgreSQL.
    asked = [one for one in written if "\0" not in one]
    return Redirect.objects.filter(old_path__in=asked).exists()
