"""What certificates look at before a class opens."""

from django.urls import reverse
from django.utils.translation import gettext as _

from certificates.domain.pending import template_for
from certificates.models import CertificateTemplate
from courses.enums import FindingLevel
from courses.extensions import OpeningFinding
from courses.models import CourseRun
from lms.accounts.models import User


class TemplateInUse:
    """Whether a template serves: without one nobody who completes gets a certificate."""

    key = "certificates.template"

    def find(self, run: CourseRun, *, reader: User) -> list[OpeningFinding]:
        template = template_for(course=run.course)
        if template:
            text = _("Certificates are issued by the template “%(name)s”.") % {"name": template}
            return [OpeningFinding(FindingLevel.GOOD, text)]
        text = _(
            "No certificate template is in use for this course: whoever completes the class waits "
            "for a certificate until there is one."
        )
        return [OpeningFinding(FindingLevel.DOUBTFUL, text, *_way_to_templates(reader))]


def _way_to_templates(reader: User) -> tuple[str, str]:
    if not CertificateTemplate.objects.visible_to(reader).exists():
        return "", ""
    return _("Certificate templates"), reverse("certificate_templates:list")
