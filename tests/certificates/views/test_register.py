from datetime import date

import pytest
from django.urls import reverse

from certificates.domain.decisions import flag_certificate
from certificates.domain.rendering import render_file
from certificates.enums import CertificateStatus, VerificationStatus
from certificates.models import Certificate, CertificateTemplate
from tests.factories.certificates import ISSUED_AT, completed, issued
from tests.factories.files import content_of
from tests.factories.geography import unit
from tests.factories.rows import set_fields, status_of
from tests.reading import error_codes, html_of
from tests.shared import shared

LIST = "/quan-tri/certificates/"


def inspect_url(certificate):
    return reverse("certificate_register:inspect", args=[certificate.pk])


def decide_url(certificate, decision):
    return reverse("certificate_register:decide", args=[certificate.pk, decision])


@shared
def other(run, certificate):
    """A certificate of somebody in Kim Bảng."""
    return issued(completed(run, unit("13387"), "Trần Văn Bình"))


def test_monitor_sees_all_districts_the_last_number_first_a_coordinator_the_own(
    as_monitor, as_coordinator, other
):
    page = html_of(as_monitor.get(LIST))
    own = html_of(as_coordinator.get(LIST))

    assert page.index("2/2014/GCN-SLĐTBXH") < page.index("1/2014/GCN-SLĐTBXH")
    assert "Trần Văn Bình" in own
    assert "Nguyễn Thị Hương" not in own


def test_search_by_folded_name_and_serial(as_monitor, other):
    for query, found in (
        ("nguyen thi huong", "Hương"),
        ("2/2014", "Bình"),
        ("TRAN", "Bình"),
        ("sldtbxh 1/", "Hương"),
    ):
        page = html_of(as_monitor.get(LIST, {"q": query}))

        assert [name for name in ("Hương", "Bình") if name in page] == [found], query


def test_filters(as_monitor, other):
    Certificate.objects.filter(pk=other.pk).update(status=CertificateStatus.REVOKED)
    for filters in (
        {"status": "revoked"},
        {"district": unit("350").pk},
        {"book": other.book_id, "status": "revoked"},
    ):
        page = html_of(as_monitor.get(LIST, filters))
        assert "Trần Văn Bình" in page
        assert "Nguyễn Thị Hương" not in page


def test_one_that_has_expired_is_found_and_called_so(as_monitor, other):
    Certificate.objects.filter(pk=other.pk).update(valid_until=date(2017, 5, 8))
    for filters, found in (
        ({"status": "expired"}, True),
        ({"status": "valid"}, False),
        ({"valid_until_from": "2017-05-08", "valid_until_to": "2017-05-08"}, True),
        ({"valid_until_from": "2017-05-09"}, False),
    ):
        page = html_of(as_monitor.get(LIST, filters))
        assert ("Trần Văn Bình" in page) is found, filters
    file = content_of(as_monitor.get(LIST, {"status": "expired", "export": "csv"})).decode()
    assert str(VerificationStatus.EXPIRED.label) in file
    assert "08/05/2017" in html_of(as_monitor.get(inspect_url(other)))


def test_list_costs_the_same_for_one_and_three(
    as_monitor, certificate, run, django_assert_num_queries
):
    as_monitor.get(LIST)
    with django_assert_num_queries(13):
        as_monitor.get(LIST)
    for _person in range(2):
        issued(completed(run, unit("13591"), "Phạm Thị Lan"))

    with django_assert_num_queries(13):
        as_monitor.get(LIST)


def test_inspect_shows_facts_and_events_and_nothing_is_added_changed_or_deleted(
    as_monitor, certificate
):
    page = html_of(as_monitor.get(inspect_url(certificate)))

    for words in ("Nguyễn Thị Hương", "xã Đức Lý, huyện Lý Nhân", "Đã cấp", "Thu hồi"):
        assert words in page
    for path in ("new/", f"edit/{certificate.pk}/", f"delete/{certificate.pk}/"):
        assert as_monitor.get(LIST + path).status_code == 404
    assert as_monitor.get(decide_url(certificate, "shred")).status_code == 404


def test_coordinator_decides_nothing_and_sees_no_template(as_coordinator, other, template):
    revoke = decide_url(other, "revoke")

    assert revoke not in html_of(as_coordinator.get(inspect_url(other)))
    assert as_coordinator.post(revoke, {"reason": "Sai"}).status_code == 404
    assert Certificate.objects.get(pk=other.pk).status == CertificateStatus.VALID
    assert as_coordinator.get(reverse("certificate_templates:list")).status_code == 302
    url = reverse("certificate_templates:preview", args=[template.pk])
    assert as_coordinator.get(url).status_code == 404


def test_revoke_with_a_reason(as_monitor, certificate, monitor):
    asked = as_monitor.get(decide_url(certificate, "revoke"))
    assert asked.context["decision"].is_serious
    refused = as_monitor.post(decide_url(certificate, "revoke"), {"reason": " "})
    assert refused.status_code == 200
    assert error_codes(refused.context["form"]) == {"reason": ["required"]}
    assert Certificate.objects.get().status == CertificateStatus.VALID

    response = as_monitor.post(decide_url(certificate, "revoke"), {"reason": "Ghi nhầm người"})

    assert (response.status_code, response.url) == (302, inspect_url(certificate))
    assert status_of(certificate) == CertificateStatus.REVOKED
    page = html_of(as_monitor.get(inspect_url(certificate)))
    assert "Ghi nhầm người" in page
    assert decide_url(certificate, "revoke") not in page


def test_confirm_a_flagged_one_alone(as_monitor, certificate):
    typed = {"reason": "Đã kiểm tra sổ"}
    refused = as_monitor.post(decide_url(certificate, "confirm"), typed)
    assert refused.status_code == 200
    assert error_codes(refused.context["form"]) == {"__all__": ["certificate_not_under_review"]}
    assert "Đã kiểm tra sổ" in html_of(refused)
    render_file(certificate_id=certificate.pk)
    flag_certificate(enrolment=certificate.enrolment, reasons=[], at=ISSUED_AT)

    as_monitor.post(decide_url(certificate, "confirm"), typed)

    assert Certificate.objects.get().status == CertificateStatus.VALID


def test_reissue_queues_the_new_file(
    as_monitor, certificate, django_capture_on_commit_callbacks, monkeypatch
):
    queued = []
    monkeypatch.setattr("certificates.tasks.issue_certificate.delay", queued.append)

    with django_capture_on_commit_callbacks(execute=True):
        response = as_monitor.post(decide_url(certificate, "replace"), {"reason": "Sai tên"})

    new = Certificate.objects.get(status=CertificateStatus.VALID)
    assert response.url == inspect_url(new)
    assert new.facts["name"] == "Nguyễn Thị Hương"
    assert queued == [certificate.enrolment_id]


def waiting(page):
    courses = page.context["courses"]
    return page.context["flagged"], [(one["course"], one["people"]) for one in courses]


def test_front_page_names_what_waits(as_monitor, as_coordinator, certificate, run, template):
    front = "/quan-tri/"
    assert waiting(as_monitor.get(front)) == (0, [])
    flag_certificate(enrolment=certificate.enrolment, reasons=[], at=ISSUED_AT)
    assert waiting(as_monitor.get(front)) == (1, [])

    set_fields(template, is_active=False)
    completed(run, unit("13591"))
    page = as_monitor.get(front)
    assert waiting(page) == (1, [(run.course.title, 1)])
    assert reverse("certificate_templates:add") in html_of(page)
    assert "certificates-waiting" in html_of(page)
    # To a coordinator it says nothing of them.
    assert "certificates-waiting" not in html_of(as_coordinator.get(front))


WORDING = {
    "name": "Mẫu 2026",
    "course": "",
    "is_active": "on",
    "issuer_parent": "UBND tỉnh Hà Nam",
    "issuer_name": "Sở LĐTBXH",
    "issuer_code": "SLĐTBXH",
    "place": "Hà Nam",
    "title": "Giấy chứng nhận hoàn thành khoá tập huấn",
    "signer_position": "KT. Giám đốc\r\nPhó Giám đốc",
    "signer_name": "Trần Văn Mẫu",
}


def test_monitor_writes_a_template(as_monitor):
    response = as_monitor.post(reverse("certificate_templates:add"), WORDING)

    assert response.status_code == 302
    kept = CertificateTemplate.objects.get()
    assert kept.signer_position.splitlines() == ["KT. Giám đốc", "Phó Giám đốc"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "Chứng chỉ bồi dưỡng", "invalid"),
        ("issuer_code", "sở/lđ", "register_code"),
        ("signer_position", "\r\n".join("ABCDE"), "invalid"),
        ("valid_months", "0", "min_value"),
    ],
)
def test_template_with_a_fault_is_refused(as_monitor, field, value, code):
    response = as_monitor.post(reverse("certificate_templates:add"), {**WORDING, field: value})

    assert error_codes(response.context["form"]) == {field: [code]}
    assert CertificateTemplate.objects.count() == 0


def test_second_general_template_is_refused(as_monitor, template):
    response = as_monitor.post(reverse("certificate_templates:add"), WORDING)

    assert error_codes(response.context["form"]) == {"__all__": [None]}
    assert CertificateTemplate.objects.count() == 1


def test_template_previews_as_a_pdf_and_nobody_deletes_it(as_monitor, template, course):
    edit = html_of(as_monitor.get(reverse("certificate_templates:edit", args=[template.pk])))
    url = reverse("certificate_templates:preview", args=[template.pk])
    assert url in edit

    response = as_monitor.get(url)

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert Certificate.objects.count() == 0
    set_fields(template, course=course)
    assert as_monitor.get(url).status_code == 200
    as_monitor.post(reverse("certificate_templates:delete", args=[template.pk]))
    assert CertificateTemplate.objects.count() == 1
