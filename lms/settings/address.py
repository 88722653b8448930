"""The address of the site as it stands in mails and QR codes, for years."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def site_address(told: str) -> str:
    """Return `https://HOST`, with a port where there is one; refuse what leads nobody to the site."""
    try:
        address = urlsplit(told.strip())
        host, _port = address.hostname, address.port
    except ValueError as error:
        raise _refused() from error
    beside = (address.path.strip("/"), address.query, address.fragment, address.username)
    is_one_host = re.fullmatch(r"[\w.:-]+", host or "")
    if address.scheme not in {"http", "https"} or not is_one_host or any(beside):
        raise _refused()
    return f"{address.scheme}://{address.netloc}"


def _refused() -> ImproperlyConfigured:
    return ImproperlyConfigured(
        "SUITE_BASE_URL is https:// and the host name alone, such as https://tap-huan.example.vn"
    )
