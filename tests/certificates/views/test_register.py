import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from certificates.domain.decisions import flag_certificate
from certificates.domain.rendering import render_file
from certificates.enums import CertificateStatus
from certificates.models import Certificate, CertificateTemplate
from lms.accounts.enums import Role
from tests.factories.accounts import RoleAssignmentFactory
from tests.factories.certificates import ISSUED_AT, completed, issued
from tests.factories.geography import unit

LIST = "/quan-tri/certificates/"


def admin_of(person):
    """A client for somebody who may enter the admin."""
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(person)
    return client


def inspect_url(certificate):
    return reverse("certificate_register:inspect", args=[certificate.pk])


def decide_url(certificate, decision):
    return reverse("certificate_register:decide", args=[certificate.pk, decision])


@pytest.fixture
def other(run, certificate):
    """A certificate of somebody in Kim Bảng."""
    return issued(completed(run, unit("13387"), "Trần Văn Bình"))


@pytest.fixture
def admin(monitor):
    return admin_of(monitor)


@pytest.fixture
def coordinator(edition):
    return RoleAssignmentFactory(role=Role.COORDINATOR, unit=unit("350")).user


def test_monitor_sees_all_districts_the_last_number_first(admin, other):
    page = admin.get(LIST).content.decode()

    assert page.index("2/2014/GCN-SLĐTBXH") < page.index("1/2014/GCN-SLĐTBXH")


def test_coordinator_sees_the_own_district(coordinator, other):
    page = admin_of(coordinator).get(LIST).content.decode()

    assert "Trần Văn Bình" in page
    assert "Nguyễn Thị Hương" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("nguyen thi huong", "Hương"), ("2/2014", "Bình"), ("TRAN", "Bình"), ("sldtbxh 1/", "Hương")],
)
def test_search_by_folded_name_and_serial(admin, other, query, found):
    page = admin.get(LIST, {"q": query}).content.decode()

    assert ("Hương" in page, "Bình" in page) == (found == "Hương", found == "Bình")


def test_filters(admin, other):
    Certificate.objects.filter(pk=other.pk).update(status=CertificateStatus.REVOKED)
    for filters in (
        {"status": "revoked"},
        {"district": unit("350").pk},
        {"book": other.book_id, "status": "revoked"},
    ):
        page = admin.get(LIST, filters).content.decode()
        assert "Trần Văn Bình" in page
        assert "Nguyễn Thị Hương" not in page


def test_list_costs_the_same_for_one_and_three(admin, certificate, run, django_assert_num_queries):
    admin.get(LIST)
    with django_assert_num_queries(13):
        admin.get(LIST)
    for _person in range(2):
        issued(completed(run, unit("13591"), "Phạm Thị Lan"))

    with django_assert_num_queries(13):
        admin.get(LIST)


def test_inspect_shows_facts_and_events(admin, certificate):
    page = admin.get(inspect_url(certificate)).content.decode()

    for words in ("Nguyễn Thị Hương", "xã Đức Lý, huyện Lý Nhân", "Đã cấp", "Thu hồi"):
        assert words in page


def test_inspect_of_another_district_is_not_found(coordinator, certificate):
    response = admin_of(coordinator).get(inspect_url(certificate))

    assert response.status_code == 404
    assert "Nguyễn Thị Hương" not in response.content.decode()


def test_coordinator_decides_nothing(coordinator, other):
    client = admin_of(coordinator)

    assert decide_url(other, "revoke") not in client.get(inspect_url(other)).content.decode()
    response = client.post(decide_url(other, "revoke"), {"reason": "Sai"})
    assert response.status_code == 404
    assert Certificate.objects.get(pk=other.pk).status == CertificateStatus.VALID


def test_there_is_no_form_to_add_change_or_delete(admin, certificate):
    for path in ("new/", f"edit/{certificate.pk}/", f"delete/{certificate.pk}/"):
        assert admin.get(LIST + path).status_code == 404


def test_revoke_with_a_reason(admin, certificate, monitor):
    assert "Thu hồi" in admin.get(decide_url(certificate, "revoke")).content.decode()

    response = admin.post(decide_url(certificate, "revoke"), {"reason": "Ghi nhầm người"})

    assert (response.status_code, response.url) == (302, inspect_url(certificate))
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.REVOKED
    page = admin.get(inspect_url(certificate)).content.decode()
    assert "Ghi nhầm người" in page
    assert decide_url(certificate, "revoke") not in page


def test_revoke_without_a_reason_is_refused(admin, certificate):
    response = admin.post(decide_url(certificate, "revoke"), {"reason": " "})

    assert response.status_code == 200
    assert "Vui lòng nêu lý do" in response.content.decode()
    assert Certificate.objects.get().status == CertificateStatus.VALID


def test_refusal_of_the_rule_keeps_what_was_typed(admin, certificate):
    response = admin.post(decide_url(certificate, "confirm"), {"reason": "Đã kiểm tra sổ"})

    page = response.content.decode()
    assert response.status_code == 200
    assert "Chỉ xác nhận được giấy chứng nhận đang xem xét." in page
    assert "Đã kiểm tra sổ" in page


def test_confirm_a_flagged_one(admin, certificate):
    render_file(certificate_id=certificate.pk)
    flag_certificate(enrolment=certificate.enrolment, reasons=[], at=ISSUED_AT)

    admin.post(decide_url(certificate, "confirm"), {"reason": "Đã kiểm tra sổ"})

    assert Certificate.objects.get().status == CertificateStatus.VALID


def test_reissue_queues_the_new_file(
    admin, certificate, django_capture_on_commit_callbacks, monkeypatch
):
    queued = []
    monkeypatch.setattr("certificates.tasks.issue_certificate.delay", queued.append)

    with django_capture_on_commit_callbacks(execute=True):
        response = admin.post(decide_url(certificate, "replace"), {"reason": "Sai tên"})

    new = Certificate.objects.get(status=CertificateStatus.VALID)
    assert response.url == inspect_url(new)
    assert new.facts["name"] == "Nguyễn Thị Hương"
    assert queued == [certificate.enrolment_id]


def test_unknown_decision_is_not_found(admin, certificate):
    assert admin.get(decide_url(certificate, "shred")).status_code == 404


def test_front_page_names_what_waits(admin, certificate, run, template):
    flag_certificate(enrolment=certificate.enrolment, reasons=[], at=ISSUED_AT)
    assert "1 giấy chứng nhận đang chờ" in admin.get("/quan-tri/").content.decode()

    template.is_active = False
    template.save()
    completed(run, unit("13591"))
    page = admin.get("/quan-tri/").content.decode()
    assert "Dự án 2" in page
    assert reverse("certificate_templates:add") in page


def test_front_page_says_that_nothing_waits(admin, certificate):
    page = admin.get("/quan-tri/").content.decode()

    assert "Không có giấy chứng nhận nào chờ quyết định." in page


def test_front_page_of_a_coordinator_is_silent(coordinator, enrolment):
    page = admin_of(coordinator).get("/quan-tri/").content.decode()

    assert "certificates-waiting" not in page


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


def test_monitor_writes_a_template(admin):
    response = admin.post(reverse("certificate_templates:add"), WORDING)

    assert response.status_code == 302
    kept = CertificateTemplate.objects.get()
    assert kept.signer_position.splitlines() == ["KT. Giám đốc", "Phó Giám đốc"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "Chứng chỉ bồi dưỡng", "dành cho cơ sở đào tạo"),
        ("issuer_code", "sở/lđ", "chữ in hoa và chữ số"),
        ("signer_position", "\r\n".join("ABCDE"), "tối đa bốn dòng"),
    ],
)
def test_template_with_a_fault_is_refused(admin, field, value, sentence):
    response = admin.post(reverse("certificate_templates:add"), {**WORDING, field: value})

    assert sentence in response.content.decode()
    assert CertificateTemplate.objects.count() == 0


def test_second_general_template_is_refused(admin, template):
    response = admin.post(reverse("certificate_templates:add"), WORDING)

    assert "Đang dùng một mẫu chung khác" in response.content.decode()
    assert CertificateTemplate.objects.count() == 1


def test_template_previews_as_a_pdf(admin, template):
    edit = admin.get(reverse("certificate_templates:edit", args=[template.pk])).content.decode()
    url = reverse("certificate_templates:preview", args=[template.pk])
    assert url in edit

    response = admin.get(url)

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert Certificate.objects.count() == 0


def test_template_of_a_course_previews_with_its_title(admin, template, course):
    template.course = course
    template.save()

    url = reverse("certificate_templates:preview", args=[template.pk])

    assert admin.get(url).status_code == 200


def test_coordinator_sees_no_template(coordinator, template):
    client = admin_of(coordinator)

    assert client.get(reverse("certificate_templates:list")).status_code == 302
    url = reverse("certificate_templates:preview", args=[template.pk])
    assert client.get(url).status_code == 404


def test_nobody_deletes_a_template(admin, template):
    admin.post(reverse("certificate_templates:delete", args=[template.pk]))

    assert CertificateTemplate.objects.count() == 1
