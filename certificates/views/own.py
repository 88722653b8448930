"""One's own certificates, and the file for whoever may see it."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from certificates.domain.pending import class_to_complete
from certificates.models import Certificate
from lms.core.handover import hand_over
from lms.core.readers import SignedInRequest
from lms.core.text import slug


@require_safe
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """Show all certificates of the person logged in, those revoked or replaced too."""
    certificates = Certificate.objects.visible_to(request.user).filter(
        enrolment__user=request.user.pk
    )
    context: dict[str, Any] = {"certificates": certificates}
    if not certificates:
        context["enrolment"] = class_to_complete(user=request.user)
    return render(request, "certificates/mine.html", context)


@require_safe
@login_required
def download(request: SignedInRequest, key: UUID) -> HttpResponseBase:
    """Send the PDF as it was issued, or a page that says it is being made."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), key=key)
    if not certificate.file:
        return render(request, "certificates/preparing.html", {"certificate": certificate})
    name = f"giay-chung-nhan-{slug(certificate.holder_name)}-{certificate.number}.pdf"
    return hand_over(request, certificate.file, as_attachment=True, file_name=name)
