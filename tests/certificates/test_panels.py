import pytest
from django.template.loader import render_to_string

from certificates.domain.rendering import render_file
from certificates.enums import CertificateStatus
from certificates.models import Certificate
from courses.extensions import page_panels
from courses.models import Enrolment
from lms.core.navigation import navigation
from tests.factories.accounts import UserFactory
from tests.factories.certificates import completed, issued
from tests.factories.courses import EnrolmentFactory
from tests.factories.geography import unit


@pytest.fixture
def show(rf):
    """What a panel puts on the page of this person; None when it stays away."""

    def render(key, subject, user):
        request = rf.get("/")
        request.user = user
        panel = page_panels.get(key)
        context = panel.context(request, subject)
        if context is None:
            return None
        html = render_to_string(panel.template, context, request=request)
        return " ".join(html.split())

    return render


def own(enrolment):
    return list(Enrolment.objects.filter(user=enrolment.user).select_related("run"))


def test_own_certificate_is_offered_and_a_revoked_one_not_even_announced(show, certificate):
    render_file(certificate_id=certificate.pk)
    subject, user = own(certificate.enrolment), certificate.enrolment.user
    html = show("certificates-own", subject, user)

    assert str(certificate.key) in html
    assert "1/2014/GCN-SLĐTBXH" in html
    Certificate.objects.update(status=CertificateStatus.REVOKED)
    assert show("certificates-own", subject, user) is None


def test_certificate_that_is_being_made_is_announced(show, enrolment):
    html = show("certificates-own", own(enrolment), enrolment.user)

    assert enrolment.run.title in html
    assert "<a " not in html


def test_own_panel_stays_away_without_a_completion(show, run):
    enrolment = EnrolmentFactory(run=run, unit=unit("13591"))

    assert show("certificates-own", own(enrolment), enrolment.user) is None


@pytest.mark.parametrize("people", [1, 3])
def test_own_panel_costs_two_queries(
    show, run, template, monitor, people, django_assert_num_queries
):
    for _person in range(people):
        issued(completed(run, unit("13591")))
    subject = list(Enrolment.objects.select_related("run"))

    with django_assert_num_queries(2):
        show("certificates-own", subject, monitor)


def test_enrolment_panel_shows_every_certificate_and_nothing_to_a_stranger(
    show, certificate, monitor
):
    Certificate.objects.update(status=CertificateStatus.REVOKED)
    issued(completed(certificate.enrolment.run, unit("13591"), "Trần Văn Bình"))

    html = show("certificates-enrolment", certificate.enrolment, monitor)

    assert str(CertificateStatus.REVOKED.label) in html
    assert html.count("GCN-SLĐTBXH") == 1
    assert show("certificates-enrolment", certificate.enrolment, UserFactory()) is None


def test_run_panel_counts(show, certificate, run, monitor):
    issued(completed(run, unit("13591")))
    Certificate.objects.filter(pk=certificate.pk).update(status=CertificateStatus.FLAGGED)

    html = show("certificates-run", run, monitor)

    assert ">2</p>" in html
    assert "tone-warning" in html


def test_run_panel_of_a_class_without_certificates(show, run, monitor):
    html = show("certificates-run", run, monitor)

    assert ">0</p>" in html
    assert "tone-warning" not in html


def test_bar_on_top_leads_trainees_to_their_certificates(monitor):
    item = navigation.get("certificates")

    assert item.is_visible(UserFactory())
    assert not item.is_visible(monitor)
