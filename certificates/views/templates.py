"""The wording of certificates in the Wagtail admin: what would be printed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView

from certificates.domain.previewing import preview_pdf
from certificates.models import CertificateTemplate
from certificates.resources import TemplateResource
from lms.core.models import site_details
from lms.core.readers import SignedInRequest
from lms.spreadsheets.handout import LoggedExportMixin

PREVIEW_URL = "certificate_templates:preview"


@require_safe
def preview(request: SignedInRequest, pk: str) -> HttpResponse:
    """Show the template as a PDF with made-up facts."""
    template = get_object_or_404(CertificateTemplate.objects.visible_to(request.user), pk=pk)
    pdf = preview_pdf(template=template, at=timezone.now())
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="mau-giay-chung-nhan.pdf"'},
    )


class TemplateIndexView(LoggedExportMixin, IndexView):
    """The list comes in again as it leaves."""

    resource_class = TemplateResource


class TemplateCreateView(CreateView):
    """Starts with the issuer that is set for the site."""

    def get_initial_form_instance(self) -> CertificateTemplate:
        return CertificateTemplate(issuer_name=site_details().issuer)


class TemplateEditView(EditView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        return [
            *super().header_buttons,
            HeaderButton(
                label=_("Preview (PDF)"),
                url=reverse(PREVIEW_URL, args=[self.object.pk]),
                icon_name="view",
                attrs={"target": "_blank"},
            ),
        ]
