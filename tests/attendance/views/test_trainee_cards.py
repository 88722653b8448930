"""Cards of the trainees of a class, and the way from the code on one to the trainee."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from attendance.domain.paper.sheet_codes import read_sheet_code, sheet_code
from attendance.domain.paper.trainee_cards import (
    card_code,
    compose_trainee_cards,
    read_card_code,
    render_trainee_cards,
)
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.accounts import browse
from tests.factories.attendance import enrol_many

pytestmark = pytest.mark.django_db


def test_code_means_its_enrolment_and_nobody_can_make_one_up(settings):
    code = card_code(enrolment_id=4711)

    assert read_card_code(f"https://vi.du/the-hoc-vien/{code}/") == 4711
    # A sheet's code, whose check is open, is none of a card; nor is that of another site.
    assert read_card_code(sheet_code(session_id=4711)) is None
    assert read_sheet_code(code) is None
    settings.SECRET_KEY = "another"
    assert read_card_code(code) is None


def test_cards_name_those_whom_the_reader_sees_ten_a_page(run, trainer, coordinator):
    people = enrol_many(run, 10)
    people += enrol_many(run, 1, commune="13387")

    pdf, count = render_trainee_cards(run=run, reader=trainer)

    pages = PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(page.extract_text() for page in pages)
    assert (count, len(pages)) == (11, 2)
    assert all(person.user.staff_code in text for person in people)
    assert all(str(person.user.phone or "-none-") not in text for person in people)


@pytest.mark.parametrize(("last", "days"), [(6, "06/05/2014"), (7, "06/05/2014 – 07/05/2014")])
def test_card_names_the_days_of_the_class(run, last, days):
    run.ends_on = run.starts_on.replace(day=last)

    assert compose_trainee_cards(run=run, people=[])["days"] == days


def test_printing_leaves_a_trace_and_is_for_those_who_teach(run, trainer, other_trainer):
    address = reverse("attendance:run_cards", args=[run.pk])
    assert browse(trainer).get(address)["Location"] == reverse("courses:run_detail", args=[run.pk])
    enrol_many(run, 2)

    assert browse(trainer).get(address)["Content-Type"] == "application/pdf"
    data = ModelLogEntry.objects.get(action=EXPORT_ACTION).data
    assert (data["list"], data["rows"], data["filters"]) == (
        "the-hoc-vien",
        2,
        {"run": run.code},
    )
    assert browse(other_trainer).get(address).status_code == 404


def test_code_leads_to_the_trainee_for_those_who_teach(run, person, trainer, other_trainer):
    address = reverse("attendance:card", args=[card_code(enrolment_id=person.pk)])

    page = reverse("courses:enrolment_detail", args=[run.pk, person.pk])
    assert browse(trainer).get(address)["Location"] == page
    assert browse(other_trainer).get(address).status_code == 404
    assert browse(person.user).get(address).status_code == 404
    assert browse(trainer).get(reverse("attendance:card", args=["abc"])).status_code == 404
