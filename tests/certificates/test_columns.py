import pytest
from django.utils import timezone

from certificates.domain.decisions import revoke_certificate
from certificates.enums import CertificateStatus
from certificates.models import Certificate
from courses.models import Enrolment
from lms.reporting.extensions import report_columns
from tests.factories.accounts import UserFactory
from tests.factories.certificates import completed, issued
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit


def test_report_counts_live_certificates_by_unit(certificate, run):
    issued(completed(run, unit("13591")))
    revoked = issued(completed(run, unit("13588")))
    Certificate.objects.filter(pk=revoked.pk).update(status=CertificateStatus.REVOKED)

    counted = report_columns.get("certificates.issued").count(Enrolment.objects.all())

    assert counted == {unit("13591").pk: 2}


def parts_of(enrolments):
    return report_columns.get("certificates.issued").count_parts(enrolments)


def test_people_who_completed_hold_await_or_lost_a_certificate(certificate, run):
    place = certificate.enrolment.unit.pk
    completed(run, unit("13591"))
    revoked = issued(completed(run, unit("13591")))
    revoke_certificate(certificate=revoked, by=UserFactory(), reason="Sai tên", at=timezone.now())

    assert place == unit("13591").pk
    assert parts_of(Enrolment.objects.all()) == {
        "held": {place: 1},
        "awaited": {place: 1},
        "refused": {place: 1},
        "unnamed": {place: 0},
    }


def test_person_with_two_classes_and_one_certificate_holds_one(certificate, run):
    again = make_run(make_course(code="khoa-hai"), run.unit)
    person = certificate.enrolment.user
    second = completed(again, unit("13591"), user=person)

    assert parts_of(Enrolment.objects.filter(pk=second.pk)) == {
        "held": {unit("13591").pk: 1},
        "awaited": {unit("13591").pk: 0},
        "refused": {unit("13591").pk: 0},
        "unnamed": {unit("13591").pk: 0},
    }


@pytest.mark.parametrize("people", [1, 3])
def test_parts_cost_one_query(certificate, run, django_assert_num_queries, people):
    for _ in range(people):
        completed(run, unit("13591"))
    with django_assert_num_queries(1):
        parts_of(Enrolment.objects.all())
