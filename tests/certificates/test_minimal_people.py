"""Certificates of parents and core children: by consent only, and nameless in public."""

from django.urls import reverse
from django.utils import timezone

from certificates.domain.decisions import replace_certificate
from certificates.domain.issuing import issue_certificate, issue_outstanding
from certificates.domain.pending import awaiting_certificate
from certificates.domain.verifying import verify
from certificates.models import Certificate
from courses.models import Enrolment
from lms.accounts.enums import Cadre, ConsentPurpose
from lms.reporting.extensions import report_columns
from tests.factories.accounts import ConsentFactory, PostingFactory, UserFactory
from tests.factories.certificates import ISSUED_AT, completed, issued
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared


@shared
def child(run, template):
    """Has completed the class."""
    posting = PostingFactory(
        unit=unit("13591"), cadre=Cadre.CORE_CHILD, user__full_name="Bé Kín Tên"
    )
    completed(run, unit("13591"), user=posting.user, cadre=Cadre.CORE_CHILD)
    return posting.user


def consented(child, **fields):
    return ConsentFactory(user=child, purpose=ConsentPurpose.CERTIFICATE_NAME, **fields)


def test_without_consent_to_the_name_or_once_it_is_withdrawn_no_certificate_is_issued(child):
    enrolment = Enrolment.objects.get()

    assert issue_certificate(enrolment_id=enrolment.pk, at=ISSUED_AT) is None
    assert issue_outstanding(at=ISSUED_AT) == 0
    assert not awaiting_certificate().exists()
    consented(child, withdrawn_on=timezone.localdate())
    assert issue_certificate(enrolment_id=enrolment.pk, at=ISSUED_AT) is None
    assert not Certificate.objects.exists()


def test_with_consent_the_certificate_is_issued_and_named_on_paper_alone(child, client):
    consented(child)
    certificate = issued(Enrolment.objects.get())

    assert certificate.facts["name"] == "Bé Kín Tên"
    assert verify(code=certificate.code, on=ISSUED_AT.date()).facts.name == ""
    page = html_of(client.get(reverse("certificates:verify", args=[certificate.code])))
    assert "Bé Kín Tên" not in page
    assert certificate.serial in page


def test_new_paper_after_the_withdrawal_is_refused(child):
    consent = consented(child)
    certificate = issued(Enrolment.objects.get())
    set_fields(consent, withdrawn_on=timezone.localdate())

    with raises_refusal("name_not_consented"):
        replace_certificate(
            certificate=certificate, by=UserFactory(), reason="Sai năm", at=timezone.now()
        )


def test_report_tells_them_apart_from_those_who_wait(child):
    column = report_columns.get("certificates.issued")

    parts = column.count_parts(Enrolment.objects.all())

    place = unit("13591").pk
    assert parts == {
        "held": {place: 0},
        "awaited": {place: 0},
        "refused": {place: 0},
        "unnamed": {place: 1},
    }
