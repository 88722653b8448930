"""What certificates add to the Wagtail admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from certificates.models import CertificateTemplate
from certificates.views.waiting import add_waiting_panel
from certificates.viewsets import (
    CertificateTemplateViewSet,
    CertificateViewSet,
    template_policy,
)

# Before the snippet, which would otherwise fall back on Django's model permissions.
register_permission_policy(CertificateTemplate, template_policy(), exact_class=True)
register_snippet(CertificateTemplate, viewset=CertificateTemplateViewSet)
hooks.register("construct_homepage_panels", add_waiting_panel)


@hooks.register("register_admin_viewset")
def register_certificates() -> CertificateViewSet:
    return CertificateViewSet()
