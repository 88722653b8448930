from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from certificates.domain.rendering import render_file
from certificates.models import Certificate
from courses.models import Enrolment
from lms.accounts.enums import Role
from tests.factories.accounts import UserFactory, browse, make_official
from tests.factories.certificates import completed, issued
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, templates_of
from tests.shared import shared

EMPTY = "lms/components/empty.html"
MINE = "/giay-chung-nhan/"


def file_of(certificate):
    return reverse("certificates:download", args=[certificate.key])


@shared
def holder(certificate):
    return certificate.enrolment.user


@pytest.fixture
def as_holder(holder):
    return browse(holder)


def test_own_certificates_are_listed_each_with_its_file_once_that_is_made(as_holder, certificate):
    before = html_of(as_holder.get(MINE))
    preparing = as_holder.get(file_of(certificate))
    render_file(certificate_id=certificate.pk)
    page = html_of(as_holder.get(MINE))

    assert "1/2014/GCN-SLĐTBXH" in before
    assert file_of(certificate) not in before
    assert preparing.status_code == 200
    assert "certificates/preparing.html" in templates_of(preparing)
    assert file_of(certificate) in page


def test_nobody_elses_certificate_is_listed(as_monitor, certificate):
    page = browse(UserFactory()).get(MINE)

    assert EMPTY in templates_of(page)
    for shown in (page, as_monitor.get(MINE)):
        assert "GCN-" not in html_of(shown)


@pytest.mark.parametrize("status", ["revoked", "replaced"])
def test_certificate_out_of_force_is_listed_without_its_file(as_holder, certificate, status):
    render_file(certificate_id=certificate.pk)
    Certificate.objects.update(status=status)

    page = html_of(as_holder.get(MINE))

    assert "1/2014/GCN-SLĐTBXH" in page
    assert file_of(certificate) not in page


def test_list_costs_the_same_for_one_and_three(
    as_holder, holder, certificate, django_assert_num_queries
):
    with django_assert_num_queries(3):
        as_holder.get(MINE)
    for code in ("p3", "p4"):
        run = make_run(make_course(code=code), unit("350"))
        issued(completed(run, unit("13591"), user=holder))

    with django_assert_num_queries(3):
        page = html_of(as_holder.get(MINE))
    assert page.count("GCN-SLĐTBXH") == 3


def test_list_and_file_need_a_login(client, certificate):
    for url in (MINE, file_of(certificate)):
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith("/tai-khoan/login/")


def test_holder_downloads_the_file_as_it_was_issued(as_holder, certificate):
    stored = render_file(certificate_id=certificate.pk)

    response = as_holder.get(file_of(certificate))

    with stored.file.open("rb") as file:
        assert b"".join(response.streaming_content) == file.read()
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="giay-chung-nhan-nguyen-thi-huong-1.pdf"'
    )
    assert "private" in response.headers["Cache-Control"]


def test_monitor_and_the_own_district_may_download_others_find_nothing(certificate, monitor):
    render_file(certificate_id=certificate.pk)
    for person in (monitor, make_official(Role.COORDINATOR, "353")):
        response = browse(person).get(file_of(certificate))
        assert response.status_code == 200
        assert b"".join(response.streaming_content).startswith(b"%PDF")
    elsewhere = make_official(Role.COORDINATOR, "350", full_name="Phạm Văn Huyện")
    for person in (elsewhere, UserFactory(full_name="Lê Thị Lạ")):
        response = browse(person).get(file_of(certificate))
        assert response.status_code == 404
        assert "Nguyễn Thị Hương" not in html_of(response)


def test_unknown_key_is_not_found(as_holder):
    assert as_holder.get(reverse("certificates:download", args=[uuid4()])).status_code == 404


def test_page_without_certificates_leads_to_what_is_missing(run):
    person = UserFactory()
    later = make_run(run.course, run.unit, ends_on=run.ends_on + timedelta(days=30))
    for one in (later, run):
        EnrolmentFactory(user=person, run=one, unit=unit("13591"))
    client = browse(person)

    page = html_of(client.get(MINE))

    nearest = Enrolment.objects.get(user=person, run=run)
    assert f'href="{reverse("courses:my_class", args=[nearest.pk])}"' in page
    assert run.title in page
    assert client.get(reverse("courses:my_class", args=[nearest.pk])).status_code == 200


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_class_that_is_over_is_not_named_where_certificates_are_missing(run, status):
    person = EnrolmentFactory(run=run, unit=unit("13591")).user
    set_fields(run, status=status)
    page = browse(person).get(MINE)

    assert EMPTY in templates_of(page)
    assert run.title not in html_of(page)
