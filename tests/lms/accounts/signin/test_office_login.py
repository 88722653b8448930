"""Log-in with the account of an office: the staff code it vouches for, and nothing else."""

import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.login_lookup import find_staff_code
from lms.accounts.signin.domain.office_accounts import OFFICE_LOGIN, person_of
from lms.accounts.signin.office_login import office_outage
from lms.settings.office_login import office_login
from tests.factories.accounts import MinimalFactory, UserFactory, make_official
from tests.openid_provider import CLAIM, openid_provider
from tests.reading import is_logged_in
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running():
    with openid_provider() as server:
        yield server


@pytest.fixture
def provider(running, settings):
    settings.SUITE_OIDC = running.setting
    running.asked = 0
    running.fault, running.claims, running.userinfo = "", {"sub": "u-1", CLAIM: "HN00042"}, {}
    yield running
    office_outage.end()


@shared
def person():
    return UserFactory(staff_code="HN00042", email="huong@mau.example")


def begin(client, **query):
    return client.get(reverse("account_office_login"), query)


def come_back(client, provider, **query):
    return client.get(provider.log_in(begin(client, **query)["Location"]))


def assert_sent_back(response):
    assert (response.status_code, response["Location"]) == (302, reverse("account_login"))
    assert len(list(get_messages(response.wsgi_request))) == 1
    assert not ModelLogEntry.objects.filter(action=OFFICE_LOGIN).exists()


def test_person_comes_in_by_the_staff_code_and_history_says_so(client, provider, person):
    provider.claims[CLAIM] = " hn 00042 "

    response = come_back(client, provider, next="/lop-hoc/")

    assert (response.status_code, response["Location"]) == (302, "/lop-hoc/")
    assert is_logged_in(client)
    entry = ModelLogEntry.objects.get(action=OFFICE_LOGIN)
    assert (entry.object_id, entry.user_id) == (str(person.pk), person.pk)
    assert entry.data == {"issuer": provider.issuer, "subject": "u-1"}
    # Nothing of the account is kept, so nobody can be matched by anything but the code.
    for model in (SocialAccount, SocialApp, SocialToken):
        assert not model.objects.exists()
    client.post(reverse("account_logout"))
    assert not is_logged_in(client)


def test_code_may_be_told_only_when_it_is_asked_for(client, provider, person):
    provider.claims = {"sub": "u-1"}
    provider.userinfo = {CLAIM: "HN00042"}
    come_back(client, provider)
    assert is_logged_in(client)

    client.logout()
    ModelLogEntry.objects.all().delete()
    provider.userinfo = {CLAIM: "HN00042", "sub": "somebody else"}
    assert_sent_back(come_back(client, provider))


@pytest.mark.parametrize(
    "fault",
    [
        *("wrong nonce", "no nonce", "expired", "wrong audience", "wrong party", "wrong issuer"),
        *("alg none", "shared secret", "foreign key", "unknown key", "no token", "other place"),
        *("error /token", "error /keys", "odd"),
    ],
)
def test_provider_that_says_something_wrong_lets_nobody_in(client, provider, person, fault):
    address = begin(client)["Location"]
    provider.fault = fault
    cache.clear()

    response = client.get(provider.log_in(address))

    assert_sent_back(response)
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({}, "no_staff_code"),
        ({CLAIM: ""}, "no_staff_code"),
        ({CLAIM: "x" * 65}, "no_staff_code"),
        ({CLAIM: ["HN00042"]}, "no_staff_code"),
        ({CLAIM: "HN99999"}, "unknown_staff_code"),
        ({CLAIM: "huong@mau.example"}, "unknown_staff_code"),
        ({CLAIM: "TE1"}, "unknown_staff_code"),
        ({CLAIM: "HN7"}, "left"),
    ],
)
def test_who_may_not_come_in_is_told_why(client, provider, person, claims, code):
    MinimalFactory(staff_code="TE1")
    UserFactory(staff_code="HN7", is_active=False)
    with raises_refusal(code) as refused:
        person_of(claims=claims, claim=CLAIM)
    known = User.objects.count()

    provider.claims = {"sub": "u-1", "email": person.email, "email_verified": True, **claims}
    response = come_back(client, provider)

    assert_sent_back(response)
    assert [str(one) for one in get_messages(response.wsgi_request)] == [refused.value.message]
    assert not is_logged_in(client)
    assert User.objects.count() == known


def test_code_of_a_merged_record_means_the_one_that_was_kept(person):
    UserFactory(staff_code="HN00001", is_active=False, merged_into=person)

    assert find_staff_code(code="hn00001") == person


def test_answer_counts_once_and_in_the_browser_that_asked(client, provider, person):
    way_back = provider.log_in(begin(client)["Location"])
    stranger = client.__class__()
    assert_sent_back(stranger.get(way_back))
    assert_sent_back(client.get(f"{way_back}x"))

    client.get(way_back)
    assert is_logged_in(client)
    client.logout()
    ModelLogEntry.objects.all().delete()
    assert_sent_back(client.get(way_back))


def test_whoever_turns_back_at_the_office_is_told_so(client, provider):
    state = dict(parse_qsl(urlsplit(begin(client)["Location"]).query))["state"]

    response = client.get(
        reverse("account_office_callback"), {"state": state, "error": "access_denied"}
    )

    assert_sent_back(response)


@pytest.mark.parametrize("place", ["hang", "error"])
def test_provider_that_is_away_leaves_the_other_ways_in(client, provider, settings, place):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3
    provider.fault = f"{place} /.well-known/openid-configuration"
    begun = time.monotonic()

    # Strangers can ask as often as they like: one that hangs is waited for once.
    for _ in range(3):
        assert_sent_back(begin(client.__class__()))

    assert provider.asked == (1 if place == "hang" else 3)
    assert time.monotonic() - begun < 3
    assert client.get(reverse("account_login")).status_code == 200


def test_provider_is_not_asked_who_it_is_each_time(client, provider):
    for _ in range(3):
        assert begin(client)["Location"].startswith(provider.issuer)

    assert provider.asked == 1


def test_second_factor_of_the_suite_is_asked_all_the_same(client, provider, edition, settings):
    settings.SUITE_SECOND_FACTOR = True
    make_official(Role.TRAINER, "350", staff_code="GV0042")
    provider.claims[CLAIM] = "GV0042"
    come_back(client, provider)

    shut = client.get(reverse("wagtailadmin_home"))

    assert shut["Location"].startswith(reverse("mfa_activate_totp"))


def test_person_with_a_second_factor_is_not_in_before_it(client, provider, person):
    TOTP.activate(person, generate_totp_secret())

    response = come_back(client, provider)

    assert response["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_logged_in(client)
    assert not ModelLogEntry.objects.filter(action=OFFICE_LOGIN).exists()


def test_address_cannot_ask_for_another_process_or_more_rights(client, provider, person):
    query = {"process": "connect", "scope": "admin", "auth_params": "prompt=none"}
    come_back(client, provider, **query, next="https://evil.example/")

    assert is_logged_in(client)
    assert not SocialAccount.objects.exists()


def test_door_is_there_only_when_it_is_set(client, provider, settings):
    page = reverse("account_login")
    address = reverse("account_office_login")
    assert f'href="{address}?next=%2Flop-hoc%2F"' in client.get(page, {"next": "/lop-hoc/"}).text
    assert "Sở Nội vụ" in client.get(page).text

    settings.SUITE_OIDC = {}
    assert address not in client.get(page).text
    assert client.get(address).status_code == 404
    assert client.get(reverse("account_office_callback")).status_code == 404


@pytest.mark.parametrize(
    ("issuer", "client_id", "secret"),
    [
        ("http://office.example", "suite", "x"),
        ("https://office.example", "", "x"),
        ("https://office.example", "suite", ""),
    ],
)
def test_half_a_setting_stops_the_start(issuer, client_id, secret):
    told = {"client_id": client_id, "secret": secret, "name": "", "claim": ""}

    with pytest.raises(ImproperlyConfigured):
        office_login(issuer=issuer, **told)
    assert office_login(issuer="", **told) == {}
