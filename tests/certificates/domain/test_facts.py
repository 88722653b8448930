from uuid import uuid4

import pytest
from django.utils import translation

from attendance.enums import AttendanceStatus
from certificates.domain.facts import collect_facts, verify_url
from certificates.models import Certificate
from lms.accounts.enums import Cadre
from tests.factories.accounts import UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, record_mark
from tests.factories.certificates import ISSUED_AT, completed
from tests.factories.courses import ask
from tests.factories.geography import unit
from tests.factories.rows import set_fields


def facts_of(enrolment, template):
    return collect_facts(enrolment=enrolment, template=template, at=ISSUED_AT)


def test_facts_are_every_word_of_the_day(enrolment, template):
    assert facts_of(enrolment, template) == {
        "name": "Nguyễn Thị Hương",
        "year_of_birth": 1985,
        "cadre": str(Cadre.COLLABORATOR.label),
        "unit": "xã Đức Lý, huyện Lý Nhân",
        "district": "huyện Lý Nhân",
        "province": "tỉnh Hà Nam",
        "course": "Dự án 2",
        "run_title": "Lớp tập huấn số 1",
        "starts_on": "2014-05-06",
        "ends_on": "2014-05-07",
        "minutes": None,
        "is_sample": True,
        "issuer_code": "SLĐTBXH",
        "issuer_parent": "Uỷ ban nhân dân tỉnh Hà Nam",
        "issuer_name": "Sở Lao động - Thương binh và Xã hội",
        "place": "Hà Nam",
        "title": "Giấy chứng nhận hoàn thành khoá tập huấn",
        "signer_position": "KT. Giám đốc\nPhó Giám đốc",
        "signer_name": "Trần Văn Mẫu",
        "issued_at": "2014-05-08T08:00:00+07:00",
        "issued_on": "2014-05-08",
    }


def test_cadre_is_vietnamese_for_an_english_reader(enrolment, template):
    in_vietnamese = facts_of(enrolment, template)["cadre"]

    with translation.override("en"):
        assert facts_of(enrolment, template)["cadre"] == in_vietnamese
        assert str(enrolment.get_cadre_display()) != in_vietnamese


def attend(enrolment, status, by):
    return record_mark(
        session=SessionFactory(run=enrolment.run),
        enrolment=enrolment,
        status=status,
        by=by,
        at=IN_CLASS,
        client_id=uuid4(),
    )


def test_minutes_attended_are_those_of_the_criterion_and_no_hours_are_none(
    enrolment, template, monitor
):
    ask(enrolment.run, attendance_hours={"percent": 10})
    assert facts_of(enrolment, template)["minutes"] is None
    attend(enrolment, AttendanceStatus.PRESENT, monitor)
    enrolment.refresh_from_db()

    assert facts_of(enrolment, template)["minutes"] == 210


def test_facts_stay_when_the_world_moves_on(certificate):
    person = certificate.enrolment.user
    set_fields(person, full_name="Nguyễn Thị Hường")
    certificate.template.signer_name = "Người khác"
    certificate.template.save()

    kept = Certificate.objects.get().facts

    assert (kept["name"], kept["signer_name"]) == ("Nguyễn Thị Hương", "Trần Văn Mẫu")


@pytest.mark.parametrize(
    ("code", "units"), [("353", ("huyện Lý Nhân", "huyện Lý Nhân")), ("35", ("tỉnh Hà Nam", ""))]
)
def test_unit_of_an_officer_of_a_district_or_the_province(run, template, code, units):
    facts = facts_of(completed(run, unit(code)), template)

    assert (facts["unit"], facts["district"]) == units


@pytest.mark.parametrize("is_sample", [False, True])
def test_real_person_is_a_sample_in_a_sample_programme_alone(run, template, is_sample):
    set_fields(run.programme, is_sample=is_sample)
    person = UserFactory(full_name="Phạm Văn An", is_sample=False)

    facts = facts_of(completed(run, unit("13591"), user=person), template)

    assert facts["is_sample"] is is_sample


def test_decomposed_letters_are_composed(run, template):
    person = UserFactory(full_name="Nguye\u0302\u0303n Thi\u0323  Hoa")

    facts = facts_of(completed(run, unit("13591"), user=person), template)

    assert facts["name"] == "Nguyễn Thị Hoa"


def test_empty_lines_of_the_signer_are_left_out(enrolment, template):
    template.signer_position = " KT. Giám đốc\r\n\r\nPhó  Giám đốc\n"

    assert facts_of(enrolment, template)["signer_position"] == "KT. Giám đốc\nPhó Giám đốc"


def test_verify_url(settings):
    settings.WAGTAILADMIN_BASE_URL = "https://tap-huan.example/"

    assert verify_url(code="7K3M") == "https://tap-huan.example/xac-minh/7K3M/"
