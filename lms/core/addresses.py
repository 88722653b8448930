"""Addresses that are read outside of the site: in a message, behind a QR code."""

from urllib.parse import urljoin

from django.conf import settings


def absolute_url(path: str) -> str:
    """Return the full address of a page of the suite."""
    return urljoin(settings.WAGTAILADMIN_BASE_URL, path)
