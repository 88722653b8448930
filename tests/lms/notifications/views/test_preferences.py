"""The page of one's own ways, and the one click of a mailbox."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.language import language_of
from lms.notifications.domain.preferences import EVERY_KIND, choices_of, unsubscribe_token
from lms.notifications.enums import SITE
from tests.factories.accounts import UserFactory, browse
from tests.factories.notifications import ReminderFactory
from tests.lms.notifications.domain.ticks import send
from tests.reading import html_of

pytestmark = pytest.mark.django_db
PAGE = reverse("notices:preferences")


@pytest.fixture
def person(optional):
    return UserFactory(full_name="Trần Thị Mẫu", email="mau@example.vn")


def stop_address(person, kind):
    return reverse("notices:stop", args=[unsubscribe_token(user_id=person.pk, kinds=[kind.key])])


def test_choices_are_made_and_shown_again(person, optional):
    client = browse(person)

    client.post(PAGE, {"language": "vi", "all": "sms", "kind-0": SITE})

    assert choices_of(user=person) == {EVERY_KIND: "sms", optional.key: SITE}
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    assert [one["value"] for one in page.select("main option[selected]")] == [
        "vi",
        "sms",
        SITE,
    ]
    assert page.select_one("#id_all").find("option", value=SITE) is None


def test_what_goes_to_a_role_is_offered_to_its_holders_alone(person, optional, trainer):
    optional.roles = (Role.TRAINER,)
    asked = [browse(one).get(PAGE).context["form"].kinds.values() for one in (person, trainer)]
    assert [optional.key in kinds for kinds in asked] == [False, True]


def test_language_holds_for_messages_and_pages_from_the_next_one_on(person):
    answer = browse(person).post(PAGE, {"language": "en", "all": "", "kind-0": ""}, follow=True)

    assert language_of(User.objects.get(pk=person.pk)) == "en"
    assert answer.headers["Content-Language"] == "en"


def test_what_is_not_offered_is_refused(person):
    page = browse(person).post(PAGE, {"language": "fr", "all": SITE, "kind-0": "gone"})

    assert set(page.context["form"].errors) == {"language", "all", "kind-0"}
    assert choices_of(user=person) == {}


def test_mailbox_stops_a_kind_without_log_in_cookie_or_token_of_a_form(person, optional):
    """RFC 8058: what a mail provider sends on a press of its button."""
    client = Client(enforce_csrf_checks=True)

    answer = client.post(stop_address(person, optional), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert choices_of(user=person) == {optional.key: SITE}
    assert "Trần Thị Mẫu" not in html_of(answer)


def test_following_the_link_stops_nothing(person, optional):
    client = Client()

    for ask in (client.get, client.head):
        answer = ask(stop_address(person, optional))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]

    assert choices_of(user=person) == {}
    assert client.get(reverse("notices:stop", args=["sai"])).status_code == 404


def test_mail_of_what_is_optional_says_how_it_is_stopped(person, sink, settings):
    settings.SUITE_REPLY_TO = "can-bo@example.vn"
    settings.DEFAULT_FROM_EMAIL = "tap-huan@example.vn"
    settings.WAGTAILADMIN_BASE_URL = "https://taphuan.example.vn"
    ReminderFactory(user=person)

    send()

    (mail,) = sink.accepted
    stop = mail["List-Unsubscribe"].strip().strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Reply-To"] == "can-bo@example.vn"
    assert mail["From"].addresses[0].addr_spec == "tap-huan@example.vn"
    assert mail["From"].addresses[0].display_name
    for kind in ("plain", "html"):
        assert stop in mail.get_body((kind,)).get_content().replace("=\n", "")
    path = stop.removeprefix("https://taphuan.example.vn")
    assert Client().post(path).status_code == 200
    assert choices_of(user=person)


def test_mail_of_a_duty_has_no_way_to_stop_it_and_keeps_what_a_class_is_called_as_words(
    person, optional, sink
):
    optional.is_mandatory = True
    ReminderFactory(user=person, unique_key="<b>1</b>")
    send()
    (mail,) = sink.accepted
    assert mail["List-Unsubscribe"] is None
    html = mail.get_body(("html",)).get_content()
    assert "&lt;b&gt;1&lt;/b&gt;" in html
    assert "<b>1" not in html
