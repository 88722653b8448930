"""What a message is called, the same at every try."""

from urllib.parse import urlsplit

from django.conf import settings


def message_key(name: str) -> str:
    """Return the Message-ID of this name, which a provider takes for the key of a repeat as well."""
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    return f"<{name}@{host}>"
