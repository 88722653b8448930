"""The store of files is away for a while: a sentence, and nothing is lost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection

from attendance.domain.excuses.decisions import withdraw_excuse
from attendance.models import Excuse
from certificates.domain.issuing import issue_outstanding
from certificates.models import Certificate
from courses.models import CourseDocument, CourseImage, CourseRendition
from lms.accounts.enums import Role
from lms.accounts.personal_data.domain.pseudonymise import pseudonymise
from lms.accounts.register.domain.roles import ensure_role_groups
from lms.core.stored_files import StoreAwayError
from lms.importing.models import ImportBatch
from tests.factories.accounts import log_in
from tests.factories.attendance import SessionFactory, enrol_many, make_class
from tests.factories.certificates import ISSUED_AT, CertificateTemplateFactory, completed
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit
from tests.refusing import raises_refusal

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def session(edition):
    begins = timezone.now() + timedelta(hours=1)
    run = make_class("350")
    return SessionFactory(run=run, starts_at=begins, ends_at=begins + timedelta(hours=3))


@pytest.fixture
def person(session):
    return enrol_many(session.run, 1)[0]


def ask(client, session):
    paper = SimpleUploadedFile("giay.pdf", PDF, "application/pdf")
    address = reverse("attendance:excuse_ask", args=[session.pk])
    return client.post(address, {"reason": "Con ốm", "paper": paper})


def test_form_keeps_what_was_typed_and_can_be_sent_again(client, bucket, session, person):
    client.force_login(person.user)
    bucket.fault = "error"

    answer = ask(client, session)

    assert answer.context["form"].non_field_errors().as_data()[0].code == "store_away"
    assert answer.context["form"]["reason"].value() == "Con ốm"
    assert not Excuse.objects.exists()
    bucket.fault = ""
    assert ask(client, session).status_code == 302
    assert [content for content, _kept in bucket.objects.values()] == [PDF]


def test_page_that_cannot_do_without_the_store_answers_later(bucket, edition):
    ensure_role_groups()
    author = log_in(Role.TRAINER, "350")
    bucket.fault = "error"
    file = SimpleUploadedFile("bai.pdf", PDF, "application/pdf")

    data = {"title": "Bài", "file": file, "collection": Collection.objects.get().pk}
    answer = author.post(reverse("wagtaildocs:add"), data)

    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert "no-store" in answer["Cache-Control"]
    assert not CourseDocument.objects.exists()


# Wagtail leaves the file that it draws into to the garbage.
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
def test_lesson_is_shown_without_a_picture_that_cannot_be_made(db, bucket):
    drawn = BytesIO()
    Image.new("RGB", (900, 600)).save(drawn, "PNG")
    picture = CourseImage.objects.create(
        title="Bài", file=ContentFile(drawn.getvalue(), name="bai.png"), width=900, height=600
    )
    bucket.fault = "error"
    shown = Template("{% load wagtailimages_tags %}{% image picture width-320 format-webp %}")
    assert "not-found" in shown.render(Context({"picture": picture}))
    assert not CourseRendition.objects.exists()

    bucket.fault = ""

    assert 'src="/media/images/' in shown.render(Context({"picture": picture}))
    assert len(bucket.objects) == 2


def test_certificate_waits_for_the_store_with_its_number(bucket, edition):
    CertificateTemplateFactory()
    completed(make_run(make_course(), unit("350")), unit("13591"), "Nguyễn Thị Hương")
    bucket.fault = "error"
    with pytest.raises(StoreAwayError):
        issue_outstanding(at=ISSUED_AT)
    number = Certificate.objects.get(file="").number

    bucket.fault = ""

    assert issue_outstanding(at=ISSUED_AT) == 1
    certificate = Certificate.objects.get()
    assert (certificate.number, len(bucket.objects)) == (number, 1)
    with certificate.file.open() as file:
        assert file.read().startswith(b"%PDF")


def test_file_that_cannot_be_deleted_is_told_to_the_log(
    client, bucket, session, person, caplog, django_capture_on_commit_callbacks
):
    client.force_login(person.user)
    ask(client, session)
    excuse = Excuse.objects.get()
    bucket.fault = "error"

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_excuse(excuse=excuse)

    excuse.refresh_from_db()
    assert not excuse.paper
    (key,) = bucket.objects
    assert key.removeprefix("site/private/") in caplog.text


def test_list_that_was_not_kept_leaves_no_import(as_coordinator, bucket):
    bucket.fault = "error"
    file = SimpleUploadedFile("ds.csv", "Họ và tên\nAn\n".encode())

    answer = as_coordinator.post(
        reverse("imports:add"), {"kind": "people", "file": file, "sender": "UBND"}
    )

    assert answer.status_code == 200
    assert not ImportBatch.objects.exists()


def test_files_of_the_true_bucket_are_not_taken_for_those_of_a_copy(db, settings, bucket):
    settings.SUITE_FILES = bucket.place
    bucket.objects["site/private/imports/a.csv"] = (b"x", {})

    with raises_refusal("no_copy_of_files"):
        pseudonymise(confirmed=True)
    assert len(bucket.objects) == 1
