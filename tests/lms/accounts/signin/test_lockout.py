"""Limits at the door: they slow whoever guesses, and lock nobody out of the own account."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.models import User
from lms.accounts.signin.domain.devices import COOKIE, MOST_PEOPLE, known_device, remember_device
from lms.accounts.signin.domain.invitations import issue_invitations
from lms.accounts.signin.domain.limits import counters
from tests.factories.accounts import UserFactory
from tests.reading import error_codes, is_logged_in, numbers
from tests.shared import shared

pytestmark = pytest.mark.django_db
PASSWORD = "tap-huan-2014"
VILLAGE = "198.51.100.7"


@shared
def person(db):
    user = UserFactory(staff_code="HN00042")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, login="HN00042", password=PASSWORD, address=VILLAGE):
    return client.post(
        reverse("account_login"), {"login": login, "password": password}, REMOTE_ADDR=address
    )


def attack(times, login="HN00042", address=VILLAGE):
    for _number in range(times):
        log_in(Client(), login, "sai-mat-khau", address)


def known(client):
    """A browser in which the person has logged in, and has logged out since."""
    log_in(client)
    assert is_logged_in(client)
    client.post(reverse("account_logout"))
    assert not is_logged_in(client)
    return client


def limit(settings, **rates):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **rates}


words = st.text("abc0123.:", min_size=1, max_size=8)


@given(words, words, words, words)
def test_strangers_never_weigh_on_the_counter_of_a_known_browser(account, address, other, device):
    own = set(counters(kind="x", account=account, address=address, device=device).values())
    theirs = set(counters(kind="x", account=account, address=other, device="").values())

    assert not own & theirs


@given(words, words, words)
def test_attack_on_one_account_weighs_on_another_by_the_address_alone(first, second, address):
    attacked = counters(kind="x", account=f"account {first}", address=address, device="")
    beside = counters(kind="x", account=f"account {second}", address=address, device="")

    shared = {name for name in attacked if attacked[name] == beside[name]}
    assert shared == {"x_address"} if first != second else set(attacked)


def test_beside_the_attacker_a_known_browser_gets_in_and_others_to_other_accounts_alone(person):
    home, stranger = known(Client()), Client()
    other = UserFactory(staff_code="HN00043", password=person.password)
    attack(6)

    log_in(home)
    assert is_logged_in(home)

    log_in(stranger)
    assert not is_logged_in(stranger)
    log_in(stranger, other.staff_code)
    assert is_logged_in(stranger)


def test_known_browser_gets_in_while_many_addresses_guess_and_others_wait_an_hour(person, settings):
    limit(settings, login_failed_anywhere="8/h/key")
    home, new = known(Client()), Client()
    for number in range(8):
        attack(1, address=f"203.0.113.{number}")

    refused = log_in(new)
    log_in(home)

    assert not is_logged_in(new)
    [sentence] = refused.context["form"].non_field_errors()
    assert numbers(sentence) == [60]
    assert is_logged_in(home)


def test_flood_from_the_villages_address_stops_neither_known_browsers_nor_invitations(
    person, coordinator, neighbour, settings
):
    limit(settings, login_failed_address="12/m/key")
    (card,) = issue_invitations(people=User.objects.all(), by=coordinator, at=timezone.now())
    home, newcomer, new = known(Client()), Client(), Client()
    for number in range(12):
        attack(1, login=f"HN9{number:04d}")

    assert error_codes(log_in(new).context["form"]) == {"__all__": ["too_many_login_attempts"]}
    log_in(home)
    assert is_logged_in(home)
    newcomer.post(reverse("account_invitation"), {"code": card.code}, REMOTE_ADDR=VILLAGE)
    newcomer.post(
        reverse("account_first_password"),
        {"password1": "mua-xuan-ve", "password2": "mua-xuan-ve"},
        REMOTE_ADDR=VILLAGE,
    )
    assert newcomer.session["_auth_user_id"] == str(neighbour.pk)


def test_refused_attempt_uses_up_no_other_limit(person, settings):
    limit(settings, login_failed_address="2/m/key", login_failed="3/5m/key")
    attack(2, login="HN90000")
    for _number in range(5):
        log_in(Client())
    limit(settings, login_failed_address="100/m/key")
    later = Client()

    log_in(later)

    assert is_logged_in(later)


def test_wrong_codes_are_not_limited_since_no_guess_can_succeed(client, coordinator, neighbour):
    (card,) = issue_invitations(people=User.objects.all(), by=coordinator, at=timezone.now())
    for _number in range(40):
        client.post(reverse("account_invitation"), {"code": "2222-2222-2222"})

    answer = client.post(reverse("account_invitation"), {"code": card.code})

    assert answer["Location"] == reverse("account_first_password")


def test_known_browser_guesses_no_more_than_others(person):
    home = known(Client())
    for _number in range(5):
        log_in(home, password="sai-mat-khau")

    log_in(home)

    assert not is_logged_in(home)


def test_cookie_is_for_those_who_were_let_in(person):
    refused, home = Client(), Client()
    log_in(refused, password="sai-mat-khau")
    log_in(home)

    assert COOKIE not in refused.cookies
    cookie = home.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert person.staff_code not in cookie.value


def test_browser_of_one_is_no_known_browser_of_another(person):
    other = UserFactory()
    cookie = remember_device(cookie="", user=other)

    assert known_device(cookie=cookie, user=other)
    assert not known_device(cookie=cookie, user=person)
    assert not known_device(cookie=cookie, user=None)
    assert not known_device(cookie=f"{cookie}x", user=other)


def test_shared_computer_remembers_the_latest_people():
    people = [UserFactory.build(pk=number) for number in range(1, MOST_PEOPLE + 2)]
    cookie = ""
    for user in [*people, people[-1]]:
        cookie = remember_device(cookie=cookie, user=user)

    keys = [known_device(cookie=cookie, user=user) for user in people]

    assert keys[0] == ""
    assert len(set(keys[1:])) == 1
    assert keys[1]
