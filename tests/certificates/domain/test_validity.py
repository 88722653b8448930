"""Until when a certificate holds: by the day of its issue, whatever happens to its template."""

import calendar
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.decisions import replace_certificate
from certificates.domain.layout import compose_paper
from certificates.domain.rendering import render_pdf
from certificates.domain.validity import end_of_validity, expired_q, has_expired
from certificates.models import MOST_MONTHS, Certificate, CertificateTemplate
from courses.enums import EnrolmentStatus
from tests.factories.certificates import ISSUED_AT, issued
from tests.factories.rows import set_fields
from tests.reading import numbers


@pytest.mark.parametrize(
    ("issued_on", "months", "end"),
    [
        (date(2014, 5, 8), 36, date(2017, 5, 8)),
        (date(2015, 1, 31), 1, date(2015, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2016, 2, 29), 48, date(2020, 2, 29)),
        (date(2014, 12, 31), 2, date(2015, 2, 28)),
        (date(2014, 11, 30), 1, date(2014, 12, 30)),
        (date(2014, 12, 1), 12, date(2015, 12, 1)),
    ],
)
def test_end_is_the_same_day_so_many_months_on(issued_on, months, end):
    assert end_of_validity(issued_on=issued_on, months=months) == end


def test_without_months_there_is_no_end():
    assert end_of_validity(issued_on=date(2014, 5, 8), months=None) is None


@given(
    issued_on=st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    months=st.integers(1, MOST_MONTHS - 1),
)
def test_end_lies_in_the_month_meant_and_one_month_more_is_later(issued_on, months):
    end = end_of_validity(issued_on=issued_on, months=months)
    later = end_of_validity(issued_on=issued_on, months=months + 1)

    assert (end.year * 12 + end.month) - (issued_on.year * 12 + issued_on.month) == months
    assert end.day == min(issued_on.day, calendar.monthrange(end.year, end.month)[1])
    assert issued_on < end < later


def test_end_is_frozen_at_issue(enrolment, template):
    set_fields(template, valid_months=36)
    certificate = issued(enrolment)
    CertificateTemplate.objects.update(valid_months=1)

    kept = Certificate.objects.get()
    assert kept == certificate
    assert (kept.valid_until, kept.facts["valid_until"]) == (date(2017, 5, 8), "2017-05-08")
    assert numbers(compose_paper(facts=kept.facts)["validity"]) == [8, 5, 2017]
    assert render_pdf(facts=kept.facts) != render_pdf(
        facts={name: fact for name, fact in kept.facts.items() if name != "valid_until"}
    )


def test_one_without_an_end_says_nothing_of_it(certificate):
    assert certificate.valid_until is None
    assert "valid_until" not in certificate.facts
    assert compose_paper(facts=certificate.facts)["validity"] == ""


@pytest.mark.parametrize(("first", "then"), [(36, 12), (36, None), (None, 12)])
def test_replacement_keeps_the_end_of_the_former_one(enrolment, template, monitor, first, then):
    set_fields(template, valid_months=first)
    former = issued(enrolment)
    set_fields(template, valid_months=then)

    new = replace_certificate(
        certificate=former, by=monitor, reason="Sai tên", at=ISSUED_AT + timedelta(days=90)
    )

    assert new.valid_until == former.valid_until
    assert new.facts.get("valid_until") == former.facts.get("valid_until")


def test_end_that_has_passed_takes_nothing_back(certificate):
    end = date(2017, 5, 8)
    set_fields(certificate, valid_until=end)

    for day, passed in ((end, False), (end + timedelta(days=1), True)):
        assert has_expired(certificate=certificate, on=day) is passed
        assert Certificate.objects.filter(expired_q(on=day)).exists() is passed
    certificate.enrolment.refresh_from_db()
    assert certificate.enrolment.status == EnrolmentStatus.COMPLETED
    assert issued(certificate.enrolment, at=ISSUED_AT + timedelta(days=9999)) == certificate


@pytest.mark.parametrize("months", [0, MOST_MONTHS + 1])
def test_template_for_no_time_or_for_ever_is_refused_by_the_database(template, months):
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateTemplate.objects.update(valid_months=months)
