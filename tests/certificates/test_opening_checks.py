"""What certificates tell before a class opens."""

import pytest
from django.urls import reverse

from certificates.opening_checks import TemplateInUse
from courses.enums import FindingLevel
from tests.factories.certificates import CertificateTemplateFactory
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit

pytestmark = pytest.mark.usefixtures("edition")


def test_template_out_of_use_leads_to_the_templates(administrator):
    run = make_run(make_course(), unit("350"))
    CertificateTemplateFactory(is_active=False)

    (finding,) = TemplateInUse().find(run, reader=administrator)

    assert finding.level == FindingLevel.DOUBTFUL
    assert finding.url == reverse("certificate_templates:list")
