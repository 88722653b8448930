"""Requests to be excused on their pages: asked, taken down, decided, with the paper."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from attendance.models import Excuse
from tests.factories.accounts import browse
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of
from tests.shared import shared

PDF = b"%PDF-1.7\n%%EOF\n"


@shared
def session(session):
    """Begins in an hour."""
    start = timezone.now() + timedelta(hours=1)
    set_fields(session, starts_at=start, ends_at=start + timedelta(hours=3))
    return session


def address(name, pk):
    return reverse(f"attendance:{name}", args=[pk])


def photo():
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20)).save(drawn, "PNG")
    return SimpleUploadedFile("giấy.png", drawn.getvalue(), "image/png")


def test_trainee_asks_with_a_photo_and_the_coordinator_decides(
    session, person, coordinator, trainer
):
    page = address("excuse_ask", session.pk)
    client = browse(person.user)
    assert client.get(page).context["excuse"] is None
    client.post(page, {"reason": "Con ốm", "paper": photo()})
    client.post(page, {"take_back": "1"})
    client.post(page, {"reason": "Con ốm"})
    waits = client.get(page)
    assert waits.context["is_waiting"]
    client.post(page, {"paper": photo()})
    assert client.get(reverse("attendance:excuse_list")).status_code == 404

    client = browse(coordinator)
    (line,) = client.get(reverse("attendance:excuse_list")).context["lines"]
    excuse = line.waiting.excuse
    sent = client.get(address("excuse_paper", excuse.pk))
    assert sent["Content-Type"] == "image/jpeg"
    assert b"".join(sent.streaming_content).startswith(b"\xff\xd8")
    client.post(address("excuse_decide", excuse.pk), {"decision": "grant"})
    assert person.attendance_records.get().status == "excused"

    client = browse(person.user)
    told = client.get(page).context["effect"]
    assert told in html_of(client.get(reverse("attendance:my_sessions")))
    client = browse(trainer)
    assert client.get(page).status_code == 404


def test_no_form_opens_for_a_session_that_does_not_take_place(session, person, trainer):
    set_fields(session, cancelled_at=timezone.now(), cancel_reason="Bão")
    back = {"excuse_ask": reverse("attendance:my_sessions")}
    back["excuse_note"] = reverse("courses:run_detail", args=[session.run_id])

    for reader, name in ((person.user, "excuse_ask"), (trainer, "excuse_note")):
        client = browse(reader)
        assert client.get(address(name, session.pk)).url == back[name]
        client.post(address(name, session.pk), {"reason": "Con ốm", "enrolment": person.pk})
    assert not Excuse.objects.exists()


def test_request_that_is_sent_twice_is_no_mistake(session, person, trainer):
    page = address("excuse_ask", session.pk)
    client = browse(person.user)
    for _time in range(2):
        shown = client.post(page, {"reason": "Con ốm"}, follow=True)
        assert not shown.context["form"].errors

    client = browse(trainer)
    noted = {"enrolment": person.pk, "reason": "Gọi điện: con ốm"}
    form = client.post(address("excuse_note", session.pk), noted).context["form"]
    assert error_codes(form) == {"enrolment": ["already_asked"]}
    assert Excuse.objects.get().reason == "Con ốm"


def test_what_is_neither_button_decides_nothing(person, session, as_coordinator):
    browse(person.user).post(address("excuse_ask", session.pk), {"reason": "Con ốm"})
    excuse = Excuse.objects.get()
    for sent in ({}, {"decision": ""}, {"decision": "granted"}):
        as_coordinator.post(address("excuse_decide", excuse.pk), sent)

        excuse.refresh_from_db()
        assert excuse.state == "asked", sent


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "", "paper": "photo"}, "paper"),
        ({"reason": "Con ốm", "paper": "script"}, "paper"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_text_stays(session, person, data, field):
    files = {"photo": photo(), "script": SimpleUploadedFile("a.jpg", b"<svg>")}
    client = browse(person.user)
    sent = {name: files.get(value, value) for name, value in data.items()}
    form = client.post(address("excuse_ask", session.pk), sent).context["form"]
    assert field in form.errors
    assert form["reason"].value() == data["reason"]
    assert not Excuse.objects.exists()


def test_trainer_takes_down_what_somebody_says_on_the_phone(
    run, session, person, trainer, other_trainer
):
    page = address("excuse_note", session.pk)
    client = browse(trainer)
    shown = client.get(page, {"for": person.pk})
    assert f'value="{person.pk}" selected' in html_of(shown)
    sent = {"enrolment": person.pk, "reason": "Con ốm, gọi điện"}
    assert client.post(page, {**sent, "enrolment": "0"}).context["form"].errors
    assert client.post(page, {**sent, "paper": SimpleUploadedFile("a", PDF)}).status_code == 302
    excuse = Excuse.objects.get()
    assert (excuse.noted_by, excuse.enrolment) == (trainer, person)

    client = browse(person.user)
    assert trainer.full_name in html_of(client.get(address("excuse_ask", session.pk)))
    paper = client.get(address("excuse_paper", excuse.pk))
    assert paper["Content-Disposition"].startswith("attachment")
    assert b"".join(paper.streaming_content) == PDF
    client = browse(other_trainer)
    assert client.get(page).status_code == 404
    assert client.get(address("excuse_paper", excuse.pk)).status_code == 404
    assert (
        client.post(address("excuse_decide", excuse.pk), {"decision": "grant"}).status_code == 404
    )
