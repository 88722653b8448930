"""The address in every QR code leads to the site, or the start says so: paper cannot be mended."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from lms.settings.address import site_address


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("https://tap-huan.example.vn", "https://tap-huan.example.vn"),
        (" https://tap-huan.example.vn/ ", "https://tap-huan.example.vn"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_address_that_leads_to_the_site(told, meant):
    assert site_address(told) == meant


@pytest.mark.parametrize(
    "told",
    [
        *("", "tap-huan.example.vn", "https://", "https:/tap-huan.example.vn", "//example.vn"),
        *("ftp://example.vn", "tap-huan.example.vn:443", "https://example.vn:port", "https://[::1"),
        *("https://example.vn/tap-huan", "https://example.vn?a=1", "https://example.vn#a"),
        *("https://admin@example.vn", "https://a.example.vn,https://b.example.vn"),
        *("https://tap huan.example.vn", "https://a.example.vn,b.example.vn"),
    ],
)
def test_address_that_leads_nobody_there_stops_the_start(told):
    with pytest.raises(ImproperlyConfigured, match="SUITE_BASE_URL"):
        site_address(told)
