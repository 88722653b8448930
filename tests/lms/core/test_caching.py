"""A shared phone keeps nothing of a person; what is public may be kept."""

import gzip

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from courses.models import CourseDocument
from tests.factories.accounts import UserFactory, browse

pytestmark = pytest.mark.django_db

PRIVATE = "private, no-store"


@pytest.fixture
def signed_in():
    return browse(UserFactory(full_name="Trần Thị Bình"))


@pytest.mark.parametrize(
    "address",
    [*map(reverse, ("home", "courses:my_work", "start", "accessibility")), "/khong-co/"],
)
def test_nothing_of_a_person_is_kept(signed_in, address):
    assert signed_in.get(address)["Cache-Control"] == PRIVATE


def test_answer_that_logs_somebody_in_is_not_kept(client):
    user = UserFactory()
    user.set_password("Mat-khau-dai-1")
    user.save()

    answer = client.post(
        reverse("account_login"), {"login": user.staff_code, "password": "Mat-khau-dai-1"}
    )

    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["home", "accessibility", "courses:help"])
def test_front_page_can_be_kept_for_strangers(client, name):
    answer = client.get(reverse(name))

    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_message_for_one_person_is_not_kept_for_others(signed_in):
    signed_in.post(reverse("account_logout"))

    assert "public" not in signed_in.get("/").get("Cache-Control", "")


def test_language_is_chosen_without_a_token_of_the_page():
    client = Client(enforce_csrf_checks=True)

    answer = client.post(reverse("set_language"), {"language": "en", "next": "/"})

    assert answer.status_code == 302
    assert client.get("/")["Content-Language"] == "en"


def test_pages_travel_compressed(client):
    plain = client.get("/").content
    answer = client.get("/", headers={"accept-encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content)[:15] == plain[:15]
    assert len(answer.content) * 2 < len(plain)


def test_document_of_a_lesson_is_asked_for_anew_without_being_sent_again(signed_in):
    content = ContentFile(b"%PDF-1.4", name="bai.pdf")
    document = CourseDocument.objects.create(title="Bài", file=content)

    first = signed_in.get(document.url)
    again = signed_in.get(document.url, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "private, no-cache"
    assert (first.status_code, again.status_code) == (200, 304)
    first.close()
