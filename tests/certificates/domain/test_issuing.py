from datetime import datetime, timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import IntegrityError, transaction

from certificates.domain.decisions import revoke_certificate
from certificates.domain.issuing import issue_certificate, issue_outstanding, issue_with_file
from certificates.enums import CertificateStatus, EventKind
from certificates.models import Certificate, CertificateTemplate, RegisterBook
from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from tests.factories.certificates import (
    ISSUED_AT,
    CertificateTemplateFactory,
    completed,
    issued,
)
from tests.factories.courses import HANOI, EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit

on_sqlite_too = pytest.mark.sqlite("what a constraint refuses, and what is undone")


def issue(enrolment, at=ISSUED_AT):
    return issue_certificate(enrolment_id=enrolment.pk, at=at)


@on_sqlite_too
def test_completed_enrolment_gets_its_certificate_once(enrolment, template):
    certificate = issue(enrolment)

    assert certificate.enrolment == enrolment
    assert certificate.template == template
    assert (certificate.number, certificate.serial) == (1, "1/2014/GCN-SLĐTBXH")
    assert certificate.status == CertificateStatus.VALID
    assert certificate.issued_at == ISSUED_AT
    assert certificate.facts["code"] == certificate.code
    assert certificate.facts["serial"] == certificate.serial
    assert certificate.facts["verify_url"].endswith(f"/xac-minh/{certificate.code}/")
    event = certificate.events.get()
    assert (event.kind, event.at, event.by) == (EventKind.ISSUED, ISSUED_AT, None)
    assert issue(enrolment, at=ISSUED_AT + timedelta(days=1)) == certificate
    assert Certificate.objects.count() == 1
    assert RegisterBook.objects.get().next_number == 2


@pytest.mark.parametrize("status", [EnrolmentStatus.ACTIVE, EnrolmentStatus.WITHDRAWN])
def test_enrolment_that_is_not_completed_gets_none(run, template, status):
    enrolment = EnrolmentFactory(run=run, unit=unit("13591"), status=status)

    assert issue(enrolment) is None
    assert RegisterBook.objects.count() == 0


def test_issue_with_file_and_none_for_an_enrolment_that_is_gone(enrolment, template):
    certificate = issue_with_file(enrolment_id=enrolment.pk, at=ISSUED_AT)

    assert certificate.file
    assert Certificate.objects.get().sha256 == certificate.sha256
    for rule in (issue_certificate, issue_with_file):
        assert rule(enrolment_id=0, at=ISSUED_AT) is None


@on_sqlite_too
def test_two_live_certificates_are_refused_by_the_database(certificate):
    certificate.pk, certificate.number, certificate.serial = None, 2, "2"
    certificate.code, certificate.key = "X", "00000000-0000-0000-0000-000000000001"

    with pytest.raises(IntegrityError, match=r"one_live_per_enrolment|enrolment_id"):
        certificate.save(force_insert=True)


def test_template_of_the_course_goes_before_the_general_one(enrolment, template, course):
    own = CertificateTemplateFactory(course=course, issuer_code="PLĐTBXH")

    assert issue(enrolment).template == own


def test_template_of_another_course_or_out_of_use_does_not_serve(enrolment, course, caplog):
    CertificateTemplateFactory(course=make_course(code="p3"))
    CertificateTemplateFactory(course=course, is_active=False)
    CertificateTemplateFactory(is_active=False)

    assert issue(enrolment) is None
    assert [row.args for row in caplog.records] == [(course.pk,)]
    assert RegisterBook.objects.count() == 0


@on_sqlite_too
@pytest.mark.parametrize("general", [True, False])
def test_two_templates_in_use_are_refused_by_the_database(course, general):
    fields = {} if general else {"course": course}
    CertificateTemplateFactory(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateTemplateFactory(**fields)
    CertificateTemplateFactory(**fields, is_active=False)
    assert CertificateTemplate.objects.count() == 2


@on_sqlite_too
def test_year_of_the_series_is_the_local_one(enrolment, template):
    new_year_in_hanoi = datetime(2015, 1, 1, 0, 30, tzinfo=HANOI)

    assert issue(enrolment, at=new_year_in_hanoi).serial == "1/2015/GCN-SLĐTBXH"


@on_sqlite_too
def test_failed_issue_leaves_no_gap(enrolment, run, template, monkeypatch):
    monkeypatch.setattr("certificates.domain.issuing.verify_url", lambda code: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        issue(enrolment)
    monkeypatch.undo()

    assert issue(enrolment).number == 1


@on_sqlite_too
def test_sweep_issues_what_was_lost(run, template):
    enrolments = [completed(run, unit("13591")) for _person in range(3)]
    EnrolmentFactory(run=run, unit=unit("13591"))

    assert issue_outstanding(at=ISSUED_AT) == 3
    assert issue_outstanding(at=ISSUED_AT) == 0
    rows = Certificate.objects.order_by("number")
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.enrolment for row in rows] == enrolments
    assert all(row.file for row in rows)


def test_sweep_renders_what_a_killed_worker_left_without_a_file(certificate):
    assert issue_outstanding(at=ISSUED_AT) == 1
    assert Certificate.objects.get().file


def test_sweep_stops_at_its_limit(run, template):
    for _person in range(3):
        completed(run, unit("13591"))
    issued(Enrolment.objects.last())

    assert issue_outstanding(at=ISSUED_AT, limit=2) == 2
    assert issue_outstanding(at=ISSUED_AT, limit=1) == 1
    assert Certificate.objects.exclude(file="").count() == 3


def test_sweep_passes_over_courses_without_template(run, course, caplog):
    for _person in range(2):
        completed(run, unit("13591"))
    served = completed(make_run(make_course(code="p3"), unit("350")), unit("13591"))
    CertificateTemplateFactory(course=served.run.course)

    assert issue_outstanding(at=ISSUED_AT, limit=1) == 1
    assert Certificate.objects.get().enrolment == served
    assert [row.args for row in caplog.records] == [(2,)]


def test_sweep_issues_once_a_template_is_there(enrolment):
    assert issue_outstanding(at=ISSUED_AT) == 0
    CertificateTemplateFactory()
    assert issue_outstanding(at=ISSUED_AT) == 1


def test_sweep_goes_on_after_a_failure(run, template, monkeypatch, caplog):
    for _person in range(2):
        completed(run, unit("13591"))
    save = FileSystemStorage.save
    failures = iter([OSError("disk full")])

    def fail_once(self, *args, **kwargs):
        for error in failures:
            raise error
        return save(self, *args, **kwargs)

    monkeypatch.setattr(FileSystemStorage, "save", fail_once)

    assert issue_outstanding(at=ISSUED_AT) == 1
    assert "could not be rendered" in caplog.text
    assert Certificate.objects.count() == 2
    assert issue_outstanding(at=ISSUED_AT) == 1


def test_after_a_revocation_only_a_later_completion_is_certified(certificate, monitor):
    revoke_certificate(certificate=certificate, by=monitor, reason="Nhầm người", at=ISSUED_AT)
    assert issue(certificate.enrolment) is None
    assert issue_outstanding(at=ISSUED_AT) == 0
    again = ISSUED_AT + timedelta(days=1)
    Enrolment.objects.update(completed_at=again)

    assert issue_outstanding(at=again) == 1
    numbers = Certificate.objects.order_by("number").values_list("number", "status")
    assert list(numbers) == [(1, "revoked"), (2, "valid")]


def test_issue_costs_the_same_whatever_is_in_the_register(run, template, django_assert_num_queries):
    first, second = completed(run, unit("13591")), completed(run, unit("13588"))
    with django_assert_num_queries(17):
        issue(first)
    for _person in range(3):
        issue(completed(run, unit("13591")))

    with django_assert_num_queries(12):
        issue(second)
