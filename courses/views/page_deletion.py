"""Before a page of a course is deleted in the admin: who stands on it, and the way out."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from courses.domain.evidence import evidence_of
from lms.core.readers import SignedInRequest


def guard_deletion(request: SignedInRequest, page: Page) -> HttpResponse | None:
    """Answer in place of Wagtail's page when people learned by this page or one below it."""
    return _refuse(request, [page])


def guard_bulk_deletion(
    request: SignedInRequest, action_type: str, objects: Collection[Any], action: Any
) -> HttpResponse | None:
    """Stop the deletion of several pages as a whole: Wagtail's own would end in an error."""
    if action_type != "delete" or not issubclass(action.model, Page):
        return None
    return _refuse(request, objects)


def _refuse(request: SignedInRequest, pages: Collection[Page]) -> HttpResponse | None:
    evidence = evidence_of(pages=pages)
    if evidence.is_protected:
        context = {"pages": pages, "evidence": evidence}
        return TemplateResponse(request, "courses/admin/page_protected.html", context)
    if evidence.uses and request.method == "GET":
        named = ", ".join(f"{use.label}: {use.count}" for use in evidence.uses)
        messages.warning(request, _("Also in use here: %(uses)s.") % {"uses": named})
    return None
