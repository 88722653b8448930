"""What every page knows: `suite` in the templates."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from lms.core.models import site_details, suite_name
from lms.core.navigation import navigation

#: Beside the normal one.
TEXT_SIZES: Final = ("large", "largest")


def suite(request: HttpRequest) -> dict[str, Any]:
    """Return `suite.name`, `.has_own_name`, `.demo`, `.unit`, `.contact`, `.programme_line`, `.text_size`, `.user_label`
    and `.navigation`, the last two worked out on use.
    """
    details, size = site_details(), request.COOKIES.get("text_size")
    return {
        "suite": {
            "name": suite_name(),
            # Without one of its own the site is called by a word of the interface.
            "has_own_name": bool(details.name),
            "demo": settings.SUITE_DEMO,
            "unit": details.unit,
            "contact": details.contact or settings.SUITE_CONTACT,
            "programme_line": details.programme_line,
            # Told by the browser (suite.js); in the page itself, so that nothing jumps.
            "text_size": size if size in TEXT_SIZES else "",
            "user_label": SimpleLazyObject(lambda: str(getattr(request, "user", ""))),
            "navigation": SimpleLazyObject(lambda: _navigation_for(request)),
        }
    }


def _navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = []
    for item in sorted(navigation, key=lambda entry: entry.order):
        if item.is_visible(user):
            url = reverse(item.url_name)
            entries.append(
                {
                    "key": item.key,
                    "label": item.label,
                    "url": url,
                    "icon": item.icon,
                    "active": request.path.startswith(url),
                }
            )
    return entries
