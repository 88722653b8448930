import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.domain.decisions import revoke_certificate
from certificates.enums import CertificateStatus
from certificates.models import Certificate
from courses.models import Enrolment, ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.reporting.extensions import report_columns
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.certificates import completed, issued
from tests.factories.courses import CourseRunFactory, make_course, make_run
from tests.factories.files import rows_of
from tests.factories.geography import unit
from tests.shared import shared


def test_report_counts_live_certificates_by_unit(certificate, run):
    issued(completed(run, unit("13591")))
    revoked = issued(completed(run, unit("13588")))
    Certificate.objects.filter(pk=revoked.pk).update(status=CertificateStatus.REVOKED)

    counted = report_columns.get("certificates.issued").count(Enrolment.objects.all())

    assert counted == {unit("13591").pk: 2}


def parts_of(enrolments):
    return report_columns.get("certificates.issued").count_parts(enrolments)


def test_people_who_completed_hold_await_or_lost_a_certificate(certificate, run):
    place = certificate.enrolment.unit.pk
    completed(run, unit("13591"))
    revoked = issued(completed(run, unit("13591")))
    revoke_certificate(certificate=revoked, by=UserFactory(), reason="Sai tên", at=timezone.now())

    assert place == unit("13591").pk
    assert parts_of(Enrolment.objects.all()) == {
        "held": {place: 1},
        "awaited": {place: 1},
        "refused": {place: 1},
        "unnamed": {place: 0},
    }


def test_person_with_two_classes_and_one_certificate_holds_one(certificate, run):
    again = make_run(make_course(code="khoa-hai"), run.unit)
    person = certificate.enrolment.user
    second = completed(again, unit("13591"), user=person)

    assert parts_of(Enrolment.objects.filter(pk=second.pk)) == {
        "held": {unit("13591").pk: 1},
        "awaited": {unit("13591").pk: 0},
        "refused": {unit("13591").pk: 0},
        "unnamed": {unit("13591").pk: 0},
    }


@shared
def counted(run, template):
    """In Đức Lý: two with a certificate, one of them with two; one awaited, one revoked, one unnamed."""
    course, place = run.course, unit("13591")
    for cadre in (Cadre.COLLABORATOR, Cadre.CORE_CHILD):
        ProgrammeRequirement.objects.create(programme=run.programme, course=course, cadre=cadre)
    first = issued(completed(run, place)).enrolment
    issued(completed(run, place))
    completed(run, place)
    revoked = issued(completed(run, place))
    revoke_certificate(certificate=revoked, by=UserFactory(), reason="Sai tên", at=timezone.now())
    child = PostingFactory(unit=place, cadre=Cadre.CORE_CHILD).user
    completed(run, place, user=child, cadre=Cadre.CORE_CHILD)
    again = CourseRunFactory(course=course, programme=run.programme, unit=unit("353"))
    issued(completed(again, unit("13588"), user=first.user))


def figures_opened(page):
    """(figure, address) of each figure of certificates on the page of the report."""
    for line in [*page.context["rows"], page.context["total"]]:
        for one in line["extra"]:
            if one["figure"]:
                yield one["figure"], one["url"]
        for cell in line["cells"]:
            if "figure=" in cell.url:
                yield int(cell.text), cell.url
    for one in page.context["plug_ins"]:
        for address, figure in re.findall(r'href="([^"]+)">(\d+)', one["parts"]):
            yield int(figure), unescape(address)


@pytest.mark.parametrize("asked", [{}, {"counted": "now"}, {"cadre": Cadre.COLLABORATOR.value}])
def test_each_figure_opens_as_many_names(as_monitor, counted, asked):
    found = list(figures_opened(as_monitor.get(reverse("reporting:completion"), asked)))

    assert {figure for figure, _url in found} >= {1, 2, 3}
    for figure, url in found:
        page = as_monitor.get(url)
        assert page.context["page"].paginator.count == len(page.context["rows"]) == figure, url
        assert page.context["part"]


def test_names_behind_a_figure_are_given_out_as_the_page_shows_them(as_monitor, counted):
    address = reverse("reporting:all_people")
    asked = {"figure": "certificates.issued:awaited"}
    page = as_monitor.get(address, asked)

    rows = rows_of(as_monitor.get(page.context["downloads"][0]["url"]), "xlsx")

    (line,) = page.context["rows"]
    assert [row[0] for row in rows[-1:]] == [line["label"]]


@pytest.mark.parametrize("figure", ["certificates.none", "certificates.issued:none", "x"])
def test_figure_that_there_is_not_names_everybody(as_monitor, counted, figure):
    page = as_monitor.get(reverse("reporting:all_people"), {"figure": figure})

    assert page.context["part"] == ""
    assert page.context["page"].paginator.count == 5


@pytest.mark.parametrize("people", [1, 3])
def test_parts_cost_one_query(certificate, run, django_assert_num_queries, people):
    for _ in range(people):
        completed(run, unit("13591"))
    with django_assert_num_queries(1):
        parts_of(Enrolment.objects.all())
