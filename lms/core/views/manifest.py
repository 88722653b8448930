"""What a phone needs to know to put the site beside its other apps."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.core.models import suite_name

_DAY: Final = 86_400
# As in the design tokens: --brand-deep and --page.
_THEME: Final = "#083a44"
_BACKGROUND: Final = "#f1f5f5"
_SIZES: Final = (192, 512)


@require_safe
@cache_control(public=True, max_age=_DAY)
def manifest(request: HttpRequest, start: str) -> JsonResponse:
    """Answer with the web app manifest; an app that was put there opens at the page called `start`.

    The same for everybody: it is asked for without a browser session, and in Vietnamese.
    """
    with translation.override(settings.LANGUAGE_CODE):
        name = suite_name()
    icons = [_icon("icon", size, "any") for size in _SIZES]
    icons += [_icon("icon-maskable", size, "maskable") for size in _SIZES]
    mark = {"src": static("lms/img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "id": "/",
            "name": name,
            "short_name": name,
            "lang": settings.LANGUAGE_CODE,
            "start_url": reverse(start),
            "scope": "/",
            "display": "standalone",
            "theme_color": _THEME,
            "background_color": _BACKGROUND,
            "icons": [mark, *icons],
        },
        content_type="application/manifest+json",
    )


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"lms/img/{name}-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
