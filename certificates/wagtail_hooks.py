"""What certificates add to the Wagtail admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from certificates.models import CertificateTemplate
from certificates.views.waiting import WaitingPanel
from certificates.viewsets import (
    CertificateTemplateViewSet,
    CertificateViewSet,
    template_policy,
)
from lms.scoped_admin.dashboard import register_dashboard_panel

# Before the snippet, which would otherwise fall back on Django's model permissions.
register_permission_policy(CertificateTemplate, template_policy(), exact_class=True)
register_snippet(CertificateTemplate, viewset=CertificateTemplateViewSet)
register_dashboard_panel(WaitingPanel)


@hooks.register("register_admin_viewset")
def register_certificates() -> CertificateViewSet:
    return CertificateViewSet()
