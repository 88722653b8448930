"""Completions without a certificate, as the page of data quality tells them."""

import pytest
from django.urls import reverse

from certificates.quality_checks import CompletedWithoutCertificate
from tests.factories.certificates import ISSUED_AT, CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit
from tests.quality import told_by

pytestmark = pytest.mark.usefixtures("edition")


def test_who_waits_is_told_and_whether_a_template_lacks(coordinator, monitor, make_official):
    run = make_run(make_course(), unit("350"))
    waiting = completed(run, unit("13384"))
    check = CompletedWithoutCertificate()

    (lacking,) = told_by(check, coordinator, at=ISSUED_AT)
    template = CertificateTemplateFactory()
    (served,) = told_by(check, coordinator, at=ISSUED_AT)

    assert lacking.note != served.note
    assert lacking.note.startswith(served.note)
    assert told_by(check, make_official("coordinator", "353"), at=ISSUED_AT) == []
    assert check.act(monitor).url == reverse("certificate_templates:list")
    assert check.act(coordinator) is None
    assert template.is_active
    issued(waiting)
    assert told_by(check, monitor, at=ISSUED_AT) == []
