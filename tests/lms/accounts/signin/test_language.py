"""The language is the person's: chosen on any page, it follows to other devices and messages."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from lms.accounts.models import User
from lms.accounts.register.domain.language import choose_language, language_of
from lms.accounts.signin.domain.login_codes import send_login_code
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
SWITCH = reverse("set_language")
PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def person():
    return UserFactory(email="mau@example.vn", password=make_password(PASSWORD))


def again(person):
    return User.objects.get(pk=person.pk)


def test_switch_on_a_page_is_kept_for_whoever_is_logged_in(person, client):
    client.force_login(person)

    client.post(SWITCH, {"language": "en"})
    assert language_of(again(person)) == "en"

    client.post(SWITCH, {"language": "xx"})
    client.get(SWITCH)
    assert language_of(again(person)) == "en"

    client.post(SWITCH, {"language": "vi"})
    assert language_of(again(person)) == "vi"


def test_switch_of_a_stranger_is_kept_in_the_browser_alone(client):
    client.post(SWITCH, {"language": "en"})

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_new_device_speaks_as_the_person_chose_and_one_that_chose_otherwise_as_it_did(person):
    choose_language(person=person, language="en")
    new, chosen = Client(), Client()
    chosen.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"

    pages = []
    for device in (new, chosen):
        answer = device.post(
            reverse("account_login"), {"login": person.staff_code, "password": PASSWORD}
        )
        assert answer.status_code == 302
        pages.append(device.get("/tai-khoan/du-lieu-ve-toi/"))

    assert [one.headers["Content-Language"] for one in pages] == ["en", "vi"]
    assert [one.context["user"] for one in pages] == [person] * 2


def test_code_is_told_in_the_language_of_the_person(person, mailoutbox):
    for language, word in (("vi", "đăng nhập"), ("en", "log-in")):
        choose_language(person=person, language=language)
        assert send_login_code(user_id=person.pk, code="123456", by_mail=True)
        assert word in mailoutbox[-1].subject.lower()
