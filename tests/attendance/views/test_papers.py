"""Photos of signed sheets: found by their code, kept privately, shown beside the form."""

import io
from datetime import timedelta

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from PIL import Image

from attendance.domain.paper import pdf_pages
from attendance.domain.paper.scans import (
    MOST_AT_ONCE,
    attach_papers,
    forget_papers,
    keep_paper,
    set_paper_aside,
)
from attendance.domain.paper.sheet_codes import sheet_url
from attendance.domain.sessions.scheduling import remove_session
from attendance.models import SignedPaper
from lms.core.sent_papers import LONGEST_SIDE
from tests.factories.accounts import browse
from tests.factories.attendance import IN_CLASS, SessionFactory, make_class
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared


def picture(session=None, page=1, shade=255, says=""):
    """A page with its code, or another one, in the corner."""
    drawn = Image.new("RGB", (1200, 850), (shade, shade, shade))
    says = says or (session and sheet_url(session_id=session.pk, page=page))
    if says:
        code = io.BytesIO()
        segno.make_qr(says, error="m").save(code, kind="png", scale=4)
        drawn.paste(Image.open(code).convert("RGB"), (900, 40))
    return drawn


def photo(session=None, name="anh.jpg", turned=0, shade=255):
    """A page as a phone sends it."""
    data = io.BytesIO()
    picture(session, shade=shade).rotate(turned, expand=True).save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue())


def scan(*pages):
    """Pages as a scanner sends them: one PDF, which names its author."""
    data = io.BytesIO()
    pages[0].save(data, "PDF", save_all=True, append_images=pages[1:], author="Máy quét UBND")
    return SimpleUploadedFile("quet.pdf", data.getvalue())


def attach(run, *files, session=None, by):
    return attach_papers(run=run, files=files, session=session, by=by, at=IN_CLASS)


@shared
def other(session):
    return SessionFactory(run=session.run, starts_at=session.starts_at + timedelta(days=1))


def test_each_photo_goes_to_the_session_of_its_code(run, session, other, trainer):
    done = attach(
        run,
        photo(session),
        photo(other, turned=180),
        photo(session, shade=200),
        # A code counts more than what was chosen.
        photo(other, shade=200),
        scan(picture(shade=100)),
        session=session,
        by=trainer,
    )

    assert done.refused == []
    assert [(one.session_id, one.page) for one in done.papers] == [
        (session.pk, 1),
        (other.pk, 1),
        (session.pk, 2),
        (other.pk, 2),
        (session.pk, 3),
    ]


def test_pages_of_a_scan_go_where_their_codes_say_in_the_order_of_the_sheet(
    run, session, other, trainer
):
    back = picture(says="https://vi.du/quang-cao/")

    done = attach(
        run, scan(picture(session, 2), back, picture(other), picture(session, 1)), by=trainer
    )

    assert done.refused == []
    # The back has no code of ours: it follows the page before it.
    expected = [(session.pk, 2), (session.pk, 1), (other.pk, 1), (session.pk, 3)]
    assert [(one.session_id, one.page) for one in done.papers] == expected
    assert all(one.is_picture for one in done.papers)
    with done.papers[0].file.open() as file:
        kept = file.read()
    assert "Máy quét".encode() not in kept
    assert max(Image.open(io.BytesIO(kept)).size) == LONGEST_SIDE


def test_scan_that_cannot_be_drawn_is_refused_as_a_whole_and_a_page_by_its_number(
    run, session, other, trainer, monkeypatch
):
    broken = SimpleUploadedFile("hong.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF")
    elsewhere = SessionFactory(run=make_class("353", course=run.course))

    done = attach(run, broken, scan(picture(session), picture(elsewhere)), by=trainer)

    assert [refusal.code for _name, refusal in done.refused] == ["paper_damaged", "other_class"]
    broken_name, page_name = (name for name, _refusal in done.refused)
    assert (broken_name, page_name.startswith("quet.pdf, ")) == ("hong.pdf", True)
    monkeypatch.setattr(pdf_pages, "MOST_PAGES_A_FILE", 1)
    pile = attach(run, scan(picture(session), picture(other)), by=trainer)
    assert [refusal.code for _name, refusal in pile.refused] == ["too_many_pages"]


def test_what_cannot_be_attached_is_named_and_the_others_are(run, session, trainer):
    elsewhere = SessionFactory(run=make_class("353", course=run.course))
    good = photo(session)
    twice = photo(session, name="hai.jpg")

    done = attach(
        run,
        good,
        twice,
        photo(name="khong-ma.jpg"),
        photo(elsewhere, name="lop-khac.jpg"),
        SimpleUploadedFile("cat.jpg", photo(session).read()[:3000]),
        SimpleUploadedFile("rong.jpg", b""),
        SimpleUploadedFile("may.exe", b"MZ" + bytes(100)),
        by=trainer,
    )

    assert len(done.papers) == 1
    assert {name: refusal.code for name, refusal in done.refused} == {
        "hai.jpg": "attached_before",
        "khong-ma.jpg": "no_code",
        "lop-khac.jpg": "other_class",
        "cat.jpg": "paper_damaged",
        "rong.jpg": "paper_kind",
        "may.exe": "paper_kind",
    }


def test_photo_of_two_pages_beside_each_other_is_refused(run, session, other, trainer):
    def table(*pages):
        drawn = Image.new("RGB", (2400, 850), "white")
        for number, page in enumerate(pages):
            drawn.paste(page, (1200 * number, 0))
        data = io.BytesIO()
        drawn.save(data, "JPEG")
        return SimpleUploadedFile("ban.jpg", data.getvalue())

    done = attach(
        run,
        table(picture(session), picture(other)),
        table(picture(session, page=1), picture(session, page=2)),
        # What else bears a code says nothing of a sheet.
        table(picture(says="https://vi.du/the-hoc-vien/"), picture(session)),
        session=session,
        by=trainer,
    )

    assert [refusal.code for _name, refusal in done.refused] == ["several_sheets"] * 2
    assert [(one.session_id, one.page) for one in done.papers] == [(session.pk, 1)]


def test_page_takes_several_and_keeps_each_wrong_one_in_sight(run, session, trainer):
    client, address = browse(trainer), reverse("attendance:run_papers", args=[run.pk])

    sent = client.post(address, {"papers": [photo(session), photo(session, shade=99)]})
    assert sent.status_code == 302, sent.context["form"].errors
    assert SignedPaper.objects.in_use().count() == 2
    refused = client.post(address, {"papers": [photo(name="khong-ma.jpg")]})
    assert "khong-ma.jpg" in str(refused.context["form"].errors["papers"])
    assert client.post(address, {}).context["form"].errors["papers"]
    many = {"papers": [SimpleUploadedFile("a.jpg", b"") for _one in range(MOST_AT_ONCE + 1)]}
    errors = client.post(address, many).context["form"].errors.as_data()["papers"]
    assert [error.code for error in errors] == ["too_many_files"]
    body = html_of(client.get(address))
    for paper in SignedPaper.objects.all():
        assert reverse("attendance:paper_file", args=[paper.pk]) in body


def test_wrong_page_is_set_aside_and_its_number_is_free_again(run, session, trainer, as_trainer):
    attach(run, photo(session), photo(session, shade=99), by=trainer)
    first = SignedPaper.objects.first()

    for _again in range(2):
        as_trainer.post(reverse("attendance:paper_set_aside", args=[first.pk]))
    done = attach(run, photo(session, shade=50), by=trainer)

    first.refresh_from_db()
    assert first.set_aside_by == trainer
    assert done.papers[0].page == 1
    kept = as_trainer.get(reverse("attendance:paper_file", args=[first.pk]))
    assert b"".join(kept.streaming_content)


def test_page_of_the_sheet_that_was_attached_before_is_told_and_one_picture_is_chosen(
    run, session, other, trainer
):
    attach(run, photo(session), photo(other), photo(session, shade=99), by=trainer)
    client, address = browse(trainer), reverse("attendance:run_papers", args=[run.pk])
    first, _other, second = SignedPaper.objects.order_by("pk")

    told = client.post(address, {"papers": [photo(session, shade=50)]}, follow=True)
    keep = reverse("attendance:paper_keep", args=[second.pk])
    chosen = client.post(keep, follow=True)

    assert [line["doubles"] for line in told.context["lines"]] == [{1}, set()]
    assert any(session.title in str(one) for one in told.context["messages"])
    assert keep in html_of(told)
    assert keep not in html_of(chosen)
    second.refresh_from_db()
    assert [*session.papers.in_use()] == [second]
    assert second.page == 1
    # Nothing is lost: the others stay on record, and the sheet of the other session as it was.
    assert session.papers.count() == 3
    assert first.file.storage.exists(first.file.name)
    assert other.papers.in_use().count() == 1


def test_of_two_who_choose_at_once_the_first_one_does(run, session, trainer, other_trainer):
    attach(run, photo(session), photo(session, shade=99), by=trainer)
    first, second = SignedPaper.objects.order_by("pk")

    for _again in range(2):
        keep_paper(paper=first, by=trainer, at=IN_CLASS)
    with raises_refusal("paper_set_aside"):
        keep_paper(paper=second, by=other_trainer, at=IN_CLASS)

    assert [*session.papers.in_use()] == [first]


def test_page_keeps_its_number_while_another_one_has_that_of_its_sheet(run, session, trainer):
    plain = photo(shade=20)
    attach(run, plain, photo(session), photo(session, shade=99), session=session, by=trainer)
    back, first, second = SignedPaper.objects.order_by("pk")
    assert (back.sheet_page, first.sheet_page, second.sheet_page) == (None, 1, 1)

    keep_paper(paper=back, by=trainer, at=IN_CLASS)
    keep_paper(paper=second, by=trainer, at=IN_CLASS)

    assert [(one.pk, one.page) for one in session.papers.in_use()] == [(back.pk, 1), (second.pk, 3)]
    set_paper_aside(paper=back, by=trainer, at=IN_CLASS)
    keep_paper(paper=second, by=trainer, at=IN_CLASS)
    assert session.papers.in_use().get().page == 1


def test_only_those_who_take_the_roll_see_the_pages(run, person, session, trainer, other_trainer):
    (paper,) = attach(run, photo(session), by=trainer).papers
    address = reverse("attendance:paper_file", args=[paper.pk])

    response = browse(trainer).get(address)
    assert response["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(b"".join(response.streaming_content))).getexif() == {}
    # Who types the sheet has the picture in view.
    typing = browse(trainer).get(reverse("attendance:paper_entry", args=[session.pk]))
    assert f'<img src="{address}"' in html_of(typing)
    for reader in (other_trainer, person.user):
        assert browse(reader).get(address).status_code == 404
        page = reverse("attendance:run_papers", args=[run.pk])
        assert browse(reader).get(page).status_code == 404
        for name in ("paper_set_aside", "paper_keep"):
            act = reverse(f"attendance:{name}", args=[paper.pk])
            assert browse(reader).post(act).status_code == 404


def test_session_with_a_sheet_is_not_removed_and_forgotten_files_go(
    run, session, trainer, django_capture_on_commit_callbacks
):
    (paper,) = attach(run, photo(session), by=trainer).papers
    with raises_refusal("session_has_papers"):
        remove_session(session=session, by=trainer, at=IN_CLASS)

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_papers(SignedPaper.objects.all()) == 1
    assert not paper.file.storage.exists(paper.file.name)


def test_too_many_pages_are_refused(run, session, trainer, monkeypatch):
    monkeypatch.setattr("attendance.domain.paper.scans.MOST_PAGES", 1)

    done = attach(run, photo(session), photo(session, shade=99), by=trainer)

    assert [refusal.code for _name, refusal in done.refused] == ["too_many_pages"]


def test_file_of_a_page_that_could_not_be_stored_is_gone(run, session, trainer, monkeypatch):
    kept = []

    def fail(paper):
        kept.append(paper.file)
        raise IntegrityError

    monkeypatch.setattr(SignedPaper, "save", fail)

    with pytest.raises(IntegrityError):
        attach(run, photo(session), by=trainer)

    (file,) = kept
    assert not file.storage.exists(file.name)
