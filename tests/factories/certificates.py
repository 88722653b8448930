"""Templates, completed enrolments and certificates. The map (`make_map`) must exist."""

from datetime import datetime

import factory

from certificates.domain.issuing import issue_certificate
from certificates.models import Certificate, CertificateTemplate
from courses.enums import EnrolmentStatus
from courses.models import CourseRun, Enrolment
from lms.geography.models import AdministrativeUnit
from tests.factories.accounts import UserFactory
from tests.factories.courses import HANOI, EnrolmentFactory

COMPLETED_AT = datetime(2014, 5, 7, 16, 30, tzinfo=HANOI)
ISSUED_AT = datetime(2014, 5, 8, 8, 0, tzinfo=HANOI)


class CertificateTemplateFactory(factory.django.DjangoModelFactory):
    """The general template; give `course` for one of its own."""

    class Meta:
        model = CertificateTemplate

    name = "Mẫu chung"
    issuer_code = "SLĐTBXH"
    issuer_parent = "Uỷ ban nhân dân tỉnh Hà Nam"
    issuer_name = "Sở Lao động - Thương binh và Xã hội"
    place = "Hà Nam"
    title = "Giấy chứng nhận hoàn thành khoá tập huấn"
    signer_position = "KT. Giám đốc\nPhó Giám đốc"
    signer_name = "Trần Văn Mẫu"


def completed(run: CourseRun, unit: AdministrativeUnit, full_name: str = "", **fields) -> Enrolment:
    """A completed enrolment of a made-up person born in 1985."""
    if full_name:
        fields["user"] = UserFactory(full_name=full_name, year_of_birth=1985)
    return EnrolmentFactory(
        run=run,
        unit=unit,
        status=EnrolmentStatus.COMPLETED,
        **{"completed_at": COMPLETED_AT, "completed_version": 1, **fields},
    )


def issued(enrolment: Enrolment, at: datetime = ISSUED_AT) -> Certificate:
    """The certificate of a completed enrolment, without its file; a template must be in use."""
    certificate = issue_certificate(enrolment_id=enrolment.pk, at=at)
    assert certificate is not None
    return certificate
