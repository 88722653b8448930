from datetime import timedelta

import pytest
from django.db import IntegrityError

from certificates.domain.decisions import (
    confirm_certificate,
    flag_certificate,
    replace_certificate,
    revoke_certificate,
)
from certificates.enums import CertificateStatus, EventKind
from certificates.models import Certificate, CertificateEvent
from courses.enums import EnrolmentStatus
from courses.extensions import CriterionResult
from courses.models import Enrolment
from tests.factories.certificates import ISSUED_AT
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal

LATER = ISSUED_AT + timedelta(days=10)
MISSING = CriterionResult("hours", "Giờ học", False, 300, 420, lambda: "Còn thiếu 2 giờ.")


def flag(certificate, reasons=(MISSING,)):
    return flag_certificate(enrolment=certificate.enrolment, reasons=reasons, at=LATER)


def decide(rule, certificate, by, reason="Đã kiểm tra sổ điểm danh"):
    return rule(certificate=certificate, by=by, reason=reason, at=LATER)


def last_event(certificate):
    event = certificate.events.last()
    return event.kind, event.reason, event.by, event.at


def test_withdrawn_completion_puts_the_certificate_under_review_once(certificate):
    flag(certificate)

    assert status_of(certificate) == CertificateStatus.FLAGGED
    noted = (EventKind.FLAGGED, "Giờ học: Còn thiếu 2 giờ.", None, LATER)
    assert last_event(certificate) == noted
    assert flag(certificate) is None
    assert certificate.events.count() == 2


def test_flag_without_a_certificate(enrolment):
    assert flag_certificate(enrolment=enrolment, reasons=[], at=LATER) is None
    assert CertificateEvent.objects.count() == 0


def test_long_reasons_are_cut(certificate):
    flag(certificate, [MISSING] * 40)

    assert len(certificate.events.last().reason) == 500


def test_confirm_what_is_under_review(certificate, monitor):
    with raises_refusal("certificate_not_under_review"):
        decide(confirm_certificate, certificate, monitor)
    flag(certificate)

    confirmed = decide(confirm_certificate, certificate, monitor)

    assert confirmed.status == CertificateStatus.VALID
    noted = (EventKind.CONFIRMED, "Đã kiểm tra sổ điểm danh", monitor, LATER)
    assert last_event(certificate) == noted


@pytest.mark.parametrize("under_review", [True, False])
def test_revoke_keeps_the_first_reason_and_deletes_nothing(certificate, monitor, under_review):
    if under_review:
        flag(certificate)

    decide(revoke_certificate, certificate, monitor, "Nhầm người")

    assert status_of(certificate) == CertificateStatus.REVOKED
    assert last_event(certificate) == (EventKind.REVOKED, "Nhầm người", monitor, LATER)
    assert decide(revoke_certificate, certificate, monitor).status == CertificateStatus.REVOKED
    assert certificate.events.filter(kind=EventKind.REVOKED).get().reason == "Nhầm người"
    kept = Certificate.objects.get()
    assert (kept.facts, kept.number) == (certificate.facts, 1)


@pytest.mark.parametrize("rule", [confirm_certificate, revoke_certificate, replace_certificate])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_decision_without_a_reason(certificate, monitor, rule, reason):
    flag(certificate)

    with raises_refusal("reason_missing"):
        decide(rule, certificate, monitor, reason)

    assert Certificate.objects.get().status == CertificateStatus.FLAGGED


def test_revocation_without_a_person_is_refused_by_the_database(certificate):
    with pytest.raises(IntegrityError, match="revoked_by_person_with_reason"):
        CertificateEvent.objects.create(
            certificate=certificate, kind=EventKind.REVOKED, reason="Nhầm", at=LATER
        )


def test_replace_gives_a_new_number_and_the_facts_of_today(certificate, monitor):
    person = certificate.enrolment.user
    set_fields(person, full_name="Nguyễn Thị Hường")

    new = decide(replace_certificate, certificate, monitor, "Sai tên")

    assert status_of(certificate) == CertificateStatus.REPLACED
    assert last_event(certificate) == (EventKind.REPLACED, "Sai tên", monitor, LATER)
    assert (new.number, new.status, new.facts["name"]) == (2, "valid", "Nguyễn Thị Hường")
    assert certificate.facts["name"] == "Nguyễn Thị Hương"
    assert new.code != certificate.code


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        (replace_certificate, revoke_certificate, "certificate_replaced"),
        (replace_certificate, replace_certificate, "certificate_replaced"),
        (revoke_certificate, replace_certificate, "certificate_revoked"),
    ],
)
def test_what_is_replaced_or_revoked_is_not_decided_again(certificate, monitor, first, then, code):
    decide(first, certificate, monitor)

    with raises_refusal(code):
        decide(then, certificate, monitor)


def test_replace_needs_a_template_and_a_completed_class(certificate, template, monitor):
    set_fields(template, is_active=False)
    with raises_refusal("template_missing"):
        decide(replace_certificate, certificate, monitor)
    set_fields(template, is_active=True)
    Enrolment.objects.update(status=EnrolmentStatus.ACTIVE, completed_at=None)

    with raises_refusal("enrolment_not_completed"):
        decide(replace_certificate, certificate, monitor)

    assert Certificate.objects.get().status == CertificateStatus.VALID
