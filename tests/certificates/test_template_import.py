"""Templates of certificates taken in as a list, by the five steps, and given out again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates.models import CertificateTemplate
from lms.accounts.enums import Role
from lms.importing.extensions import import_kinds
from tests.factories.accounts import browse
from tests.factories.certificates import CertificateTemplateFactory
from tests.factories.courses import make_course
from tests.factories.files import content_of
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write, wrong_cells

pytestmark = pytest.mark.usefixtures("edition")

HEADER = (
    *("Tên mẫu", "Mã khoá học", "Cơ quan cấp trên", "Cơ quan cấp", "Ký hiệu", "Địa danh"),
    *("Tiêu đề", "Chức vụ người ký", "Đang dùng"),
)
WORDING = ("UBND TỈNH HÀ NAM", "SỞ LĐTBXH", "SLĐTBXH", "Hà Nam", "Giấy chứng nhận hoàn thành khoá")


def rehearse(*rows, by):
    full = [(name, course, *WORDING, position, used) for name, course, position, used in rows]
    file = sheet(*full, header=HEADER, name="mau.csv")
    return rehearsed(file, by=by, kind="certificate_templates")


def stored():
    rows = CertificateTemplate.objects.order_by("name")
    return list(rows.values_list("name", "course__code", "signer_position", "is_active"))


def test_templates_are_added_and_changed_and_undone(administrator):
    course = make_course()
    CertificateTemplateFactory(name="Mẫu chung", signer_position="GIÁM ĐỐC")
    before = stored()
    batch = rehearse(
        ("MẪU CHUNG", "", "KT. GIÁM ĐỐC | PHÓ GIÁM ĐỐC", "có"),
        ("Mẫu riêng", course.title, "GIÁM ĐỐC", "x"),
        ("Mẫu để dành", "", "GIÁM ĐỐC", ""),
        by=administrator,
    )
    assert outcomes(batch) == ["changed", "new", "new"], wrong_cells(batch)

    write(batch)

    assert stored() == [
        ("Mẫu chung", None, "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", True),
        ("Mẫu riêng", course.code, "GIÁM ĐỐC", True),
        ("Mẫu để dành", None, "GIÁM ĐỐC", False),
    ]
    assert take_back(batch) == set()
    assert stored() == before


def test_what_no_template_may_be_is_refused_in_its_cell(administrator):
    CertificateTemplateFactory(name="Mẫu chung")
    for _twice in range(2):
        CertificateTemplateFactory(name="Mẫu đôi", is_active=False)
    batch = rehearse(
        ("Mẫu thứ hai", "", "GIÁM ĐỐC", "Có"),
        ("Mẫu đôi", "", "GIÁM ĐỐC", "Không"),
        ("Mẫu lạ", "khong-co", "GIÁM ĐỐC", "Không"),
        ("Mẫu mờ", "", "GIÁM ĐỐC", "tuỳ"),
        ("Mẫu dài", "", "A | B | C | D | E | F", "Không"),
        by=administrator,
    )

    assert wrong_cells(batch) == [
        ["is_active"],
        ["name"],
        ["course"],
        ["is_active"],
        ["signer_position"],
    ]


def test_two_of_a_list_are_not_in_use_for_one_course(administrator):
    course = make_course()
    batch = rehearse(
        ("Mẫu A", course.title, "GIÁM ĐỐC", "Có"),
        ("Mẫu B", course.title, "GIÁM ĐỐC", "Có"),
        by=administrator,
    )

    assert wrong_cells(batch) == [[], ["is_active"]]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_list_of_templates_comes_back_as_same(administrator, ending):
    course = make_course()
    CertificateTemplateFactory(signer_position="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", valid_months=36)
    CertificateTemplateFactory(name="Mẫu riêng", course=course, is_active=False)
    page = browse(administrator).get(reverse("certificate_templates:list"), {"export": ending})

    file = SimpleUploadedFile(f"mau.{ending}", content_of(page))
    batch = rehearsed(file, by=administrator, kind="certificate_templates")

    assert outcomes(batch) == ["same"] * 2, list(batch.rows.values("errors", "changes"))


def test_months_of_a_list_are_whole_and_some(administrator):
    header = (*HEADER, "Hiệu lực (tháng)")
    rows = [
        (f"Mẫu {months}", "", *WORDING, "GIÁM ĐỐC", "Không", months)
        for months in ("24", "0", "601", "hai năm", "")
    ]
    batch = rehearsed(
        sheet(*rows, header=header, name="mau.csv"), by=administrator, kind="certificate_templates"
    )

    assert wrong_cells(batch) == [[], ["valid_months"], ["valid_months"], ["valid_months"], []]


def test_trainers_do_not_take_templates_in(make_official):
    kind = import_kinds.get("certificate_templates")
    assert [
        kind.is_open_to(make_official(role, "35")) for role in (Role.ADMINISTRATOR, Role.TRAINER)
    ] == [
        True,
        False,
    ]
