"""What a browser may do with a page: the Content-Security-Policy and its neighbours."""

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class PagePolicyMiddleware(CSPMiddleware):
    """The strict policy for every page, the admin's additions below its own address only.

    The editor shows the page it previews, or why it cannot, in a frame of this site; nothing
    else is ever framed. Stands outside of XFrameOptionsMiddleware, whose answer it reads.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: Any, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        replace = dict(parts.replace or {})
        preview = getattr(request, "is_preview", False)
        if not preview and request.path_info.startswith(reverse("wagtailadmin_home")):
            replace |= settings.ADMIN_POLICY
        if preview or response.headers.get("X-Frame-Options") == "SAMEORIGIN":
            replace["frame-ancestors"] = ["'self'"]
        parts.replace = replace
        return parts
