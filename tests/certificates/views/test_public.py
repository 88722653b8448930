from datetime import date

import pytest
from django.urls import reverse

from certificates.enums import VerificationStatus
from certificates.models import Certificate
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of

FORM = "/xac-minh/"


def page_of(code):
    return reverse("certificates:verify", args=[code])


def test_valid_certificate_is_said_to_be_valid_on_a_page_that_nobody_keeps(client, certificate):
    response = client.get(page_of(certificate.code))

    page = html_of(response)
    assert response.status_code == 200
    for words in (
        "Hợp lệ",
        "Nguyễn Thị Hương",
        "Dự án 2",
        "06/05/2014 đến 07/05/2014",
        "Sở Lao động - Thương binh và Xã hội",
        "1/2014/GCN-SLĐTBXH",
        '<meta name="robots" content="noindex, nofollow">',
    ):
        assert words in page
    # No more than it must.
    staff_code = certificate.enrolment.user.staff_code
    for secret in ("1985", "Đức Lý", "Lý Nhân", staff_code, "Lớp tập huấn số 1"):
        assert secret not in page
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_one_that_has_expired_is_genuine_and_named_with_its_last_day(client, certificate):
    set_fields(certificate, valid_until=date(2017, 5, 8))

    response = client.get(page_of(certificate.code))

    assert response.context["result"].status == VerificationStatus.EXPIRED
    page = html_of(response)
    for words in (str(VerificationStatus.EXPIRED.label), "Nguyễn Thị Hương", "08/05/2017"):
        assert words in page


@pytest.mark.parametrize("status", ["flagged", "revoked", "replaced"])
def test_each_state_has_its_word(client, certificate, status):
    Certificate.objects.update(status=status)

    response = client.get(page_of(certificate.code))

    assert response.status_code == 200
    assert response.context["result"].status == status
    assert f">{VerificationStatus(status).label}</h1>" in html_of(response)


def test_hours_are_shown_where_they_were_kept(client, certificate):
    for minutes, text in ((690, "11 giờ 30 phút"), (420, "7 giờ"), (45, "45 phút")):
        Certificate.objects.update(facts={**certificate.facts, "minutes": minutes})

        assert f"<dd>{text}</dd>" in html_of(client.get(page_of(certificate.code)))


def test_one_day_class_shows_one_date_on_a_page_of_one_query(
    client, certificate, django_assert_num_queries
):
    Certificate.objects.update(facts={**certificate.facts, "ends_on": "2014-05-06"})

    with django_assert_num_queries(1):
        page = html_of(client.get(page_of(certificate.code)))
    assert ">06/05/2014</dd>" in page


def test_form_leads_to_the_page(client, certificate):
    typed = f" {certificate.code[:4].lower()} {certificate.code[4:]} "

    response = client.get(FORM, {"code": typed})

    assert (response.status_code, response.url) == (302, page_of(certificate.code))


def test_form_says_what_is_missing_and_keeps_what_can_be_no_code(client, db):
    before, empty, wrong = (
        client.get(FORM, typed) for typed in ({}, {"code": " "}, {"code": "số 12 <b>"})
    )

    assert [one.status_code for one in (before, empty, wrong)] == [200, 400, 404]
    assert "field__errors" not in html_of(before)
    assert error_codes(empty.context["form"]) == {"code": ["required"]}
    assert 'value="số 12 &lt;b&gt;"' in html_of(wrong)


def test_unknown_code_keeps_what_was_typed(client, certificate):
    response = client.get(page_of("0000-0000-0000"))

    page = html_of(response)
    assert response.status_code == 404
    assert response.context["result"].status == VerificationStatus.UNKNOWN
    assert 'value="0000-0000-0000"' in page
    assert "Nguyễn Thị Hương" not in page


def test_guessing_is_slowed_down(client, certificate):
    statuses = [client.get(page_of("0000-0000-0000")).status_code for _try in range(31)]

    assert statuses == [404] * 30 + [429]
    response = client.get(page_of(certificate.code))
    assert response.status_code == 429
    assert "Nguyễn Thị Hương" not in html_of(response)
    assert client.get(page_of(certificate.code), REMOTE_ADDR="10.0.0.9").status_code == 200


def test_count_begins_again_when_the_window_closed_meanwhile(client, db, monkeypatch):
    monkeypatch.setattr("lms.core.throttle.cache.add", lambda *_args: False)

    assert client.get(page_of("0000-0000-0000")).status_code == 404


def test_found_codes_do_not_count(client, certificate):
    statuses = {client.get(page_of(certificate.code)).status_code for _try in range(40)}

    assert statuses == {200}


def test_pages_are_only_read(client, certificate):
    assert client.post(page_of(certificate.code)).status_code == 405
    assert client.post(FORM).status_code == 405


def test_register_number_is_answered_with_what_is_asked_instead(client, certificate):
    for typed in ("1/2014/GCN-SLĐTBXH", "Số: 12", " 120 / 2026 ", "số 7-2026"):
        response = client.get(FORM, {"code": typed})

        assert response.status_code == 404
        assert response.context["result"].is_serial, typed
        assert "Nguyễn Thị Hương" not in html_of(response)


def test_what_is_no_register_number_is_not_taken_for_one(client, db):
    for typed in ("7K3M-HX42", "1234567", "2014 5", "abc/2014", "12/14"):
        result = client.get(FORM, {"code": typed}).context["result"]

        assert (result.is_serial, result.code) == (False, ""), typed
