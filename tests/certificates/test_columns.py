from certificates.enums import CertificateStatus
from certificates.models import Certificate
from courses.models import Enrolment
from lms.reporting.extensions import report_columns
from tests.factories.certificates import completed, issued
from tests.factories.geography import unit


def test_report_counts_live_certificates_by_unit(certificate, run):
    issued(completed(run, unit("13591")))
    revoked = issued(completed(run, unit("13588")))
    Certificate.objects.filter(pk=revoked.pk).update(status=CertificateStatus.REVOKED)

    counted = report_columns.get("certificates.issued").count(Enrolment.objects.all())

    assert counted == {unit("13591").pk: 2}
