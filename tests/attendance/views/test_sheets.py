"""The sign-in sheet as a file, and the way back from its code to the roll."""

from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from attendance.domain.paper.sheet_codes import sheet_code
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.accounts import browse
from tests.factories.attendance import enrol_many
from tests.reading import html_of


def test_sheet_is_a_pdf_and_leaves_a_trace(session, trainer):
    enrol_many(session.run, 2)

    response = browse(trainer).get(reverse("attendance:sign_in_sheet", args=[session.pk]))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    data = ModelLogEntry.objects.get(action=EXPORT_ACTION).data
    assert (data["list"], data["format"], data["rows"]) == ("phieu-ky-ten", "pdf", 2)
    assert data["filters"] == {"run": session.run.code, "session": "Buổi 1, 2014-05-06"}


def test_sheet_of_others_and_of_a_cancelled_session_is_not_found(session, trainer, other_trainer):
    address = reverse("attendance:sign_in_sheet", args=[session.pk])

    assert browse(other_trainer).get(address).status_code == 404
    type(session).objects.update(cancelled_at=timezone.now(), cancel_reason="Bão")
    assert browse(trainer).get(address).status_code == 404
    assert not ModelLogEntry.objects.filter(action=EXPORT_ACTION).exists()


def test_code_leads_to_the_roll_of_its_session_for_those_who_take_it(
    session, as_trainer, other_trainer
):
    address = reverse("attendance:sheet", args=[sheet_code(session_id=session.pk)])

    roll = reverse("attendance:roll_call", args=[session.pk])
    assert as_trainer.get(address)["Location"] == roll
    assert browse(other_trainer).get(address).status_code == 404
    for code in ("abc", "2222-2222-2222"):
        assert as_trainer.get(reverse("attendance:sheet", args=[code])).status_code == 404


def test_class_page_offers_the_sheet_of_each_session(session, trainer):
    address = reverse("attendance:sign_in_sheet", args=[session.pk])

    for page in ("courses:run_detail", "attendance:roll_call"):
        pk = session.run_id if page == "courses:run_detail" else session.pk
        enrol_many(session.run, 1)
        assert address in html_of(browse(trainer).get(reverse(page, args=[pk])))
