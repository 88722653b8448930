"""Two-step log-in: who owes it gets no further, and who lost it is helped."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.signin.domain.second_factor import (
    has_second_factor,
    needs_second_factor,
    owes_second_factor,
    reset_second_factor,
)
from tests.factories.accounts import UserFactory, browse
from tests.reading import error_codes, html_of, is_logged_in
from tests.shared import shared

pytestmark = pytest.mark.django_db
PASSWORD = "tap-huan-2014"
SET_UP = "/tai-khoan/hai-lop/totp/activate/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SUITE_SECOND_FACTOR = True


@shared
def official(coordinator):
    coordinator.set_password(PASSWORD)
    coordinator.save()
    return coordinator


def log_in(client, user, follow=False):
    return client.post(
        reverse("account_login"),
        {"login": user.staff_code, "password": PASSWORD},
        follow=follow,
    )


def digits(secret, step=1):
    """What the app shows; the middle one of three counters is now."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[step]))


def give_factor(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


@pytest.mark.parametrize("role", Role)
def test_all_roles_need_it_but_those_that_see_no_figures(make_official, settings, role):
    user = make_official(role, "350")

    assert needs_second_factor(user=user) is (role not in (Role.FOCAL_POINT, Role.REVIEWER))
    settings.SUITE_SECOND_FACTOR = False
    assert not needs_second_factor(user=user)


def test_trainee_needs_none_and_a_superuser_does(edition):
    assert not needs_second_factor(user=UserFactory())
    assert needs_second_factor(user=User.objects.create_superuser("SU1", "Ngô Văn Gốc", "x"))


def test_recovery_codes_alone_are_no_factor(official):
    RecoveryCodes.activate(official)

    assert not has_second_factor(user=official)
    assert owes_second_factor(user=official)


def test_who_owes_it_is_led_to_set_it_up_and_sends_nothing_past_the_gate(
    client, official, neighbour
):
    log_in(client, official)

    for page in ("/quan-tri/", "/quan-tri/users/", "/bao-cao/hoan-thanh/", "/", "/styleguide/"):
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert answer["Location"].startswith(f"{SET_UP}?next="), page
    answer = client.post(reverse("wagtailusers_users:code", args=[neighbour.pk]))
    assert answer["Location"] == f"{SET_UP}?next=%2Fbat-dau%2F"
    assert not neighbour.invitations.exists()

    # What helps out stays open.
    for name in ("account_change_password", "accessibility", "mfa_index"):
        assert client.get(reverse(name)).status_code == 200
    assert client.post(reverse("set_language"), {"language": "en"})["Location"] == "/"
    client.post(reverse("account_logout"))
    assert not is_logged_in(client)


def statements(client, settings, *, required):
    settings.SUITE_SECOND_FACTOR = required
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/bao-cao/hoan-thanh/", follow=True).status_code in (200, 404)
    return len(captured)


def test_gate_costs_a_trainee_nothing(settings, edition):
    client = browse(UserFactory())

    assert statements(client, settings, required=True) == (
        statements(client, settings, required=False)
    )


def test_gate_costs_an_official_one_statement(client, official, settings):
    secret = give_factor(official)
    log_in(client, official)
    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})

    assert statements(client, settings, required=True) == (
        statements(client, settings, required=False) + 1
    )


def test_demo_and_trials_ask_for_nothing(client, official, settings):
    settings.SUITE_SECOND_FACTOR = False
    log_in(client, official)

    assert client.get("/quan-tri/").status_code == 200


def test_setting_it_up_opens_the_gate_and_shows_the_recovery_codes(
    client, official, django_capture_on_commit_callbacks
):
    page = log_in(client, official, follow=True)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", html_of(page))[1]
    assert "<svg" in html_of(page)

    wrong = client.post(SET_UP, {"code": "nhầm"})
    assert error_codes(wrong.context["form"]) == {"code": ["incorrect_code"]}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SET_UP, {"code": digits(secret)})
    done = client.get(reverse("mfa_view_recovery_codes"))

    assert len(re.findall(r"<code>\d{8}</code>", html_of(done))) == 10
    assert client.get("/quan-tri/").status_code == 200
    actions = ModelLogEntry.objects.for_instance(official).values_list("action", "data__kind")
    assert ("accounts.second_factor_added", "totp") in set(actions)


def test_setting_it_up_long_after_the_log_in_asks_for_the_password(official):
    assert browse(official).get(SET_UP)["Location"].startswith(reverse("account_reauthenticate"))


def test_password_alone_is_half_the_way(client, official):
    give_factor(official)

    assert log_in(client, official)["Location"] == reverse("mfa_authenticate")
    assert not is_logged_in(client)
    assert client.get("/quan-tri/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "nhầm"})
    assert error_codes(wrong.context["form"]) == {"code": ["incorrect_code"]}


@pytest.mark.parametrize("is_recovery", [False, True], ids=["digits", "recovery code"])
def test_digits_of_the_app_and_a_recovery_code_let_in_once(official, is_recovery):
    code = digits(give_factor(official))
    if is_recovery:
        stored = Authenticator.objects.get(user=official, type="recovery_codes")
        code = stored.wrap().get_unused_codes()[0]
    clients = [Client(), Client()]
    for client in clients:
        log_in(client, official)
        client.post(reverse("mfa_authenticate"), {"code": code})

    assert [is_logged_in(client) for client in clients] == [True, False]


def test_guessing_digits_is_limited(client, official):
    secret = give_factor(official)
    log_in(client, official)
    for _number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "nhầm"})

    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})

    assert not is_logged_in(client)


def test_who_needs_it_cannot_switch_it_off(client, official):
    secret = give_factor(official)
    log_in(client, official)
    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert error_codes(answer.context["form"]) == {"__all__": ["cannot_delete_authenticator"]}
    assert has_second_factor(user=official)


def test_who_does_not_need_it_may_switch_it_off(client):
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    secret = give_factor(user)
    log_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    for name in ("mfa_index", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        assert client.get(reverse(name)).status_code == 200

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=user).exists()
    actions = ModelLogEntry.objects.for_instance(user).values_list("action", flat=True)
    assert "accounts.second_factor_removed" in set(actions)


def test_administrator_resets_a_lost_factor(administrator, official, settings):
    give_factor(official)
    settings.SUITE_SECOND_FACTOR = False
    client = browse(administrator)
    address = reverse("wagtailusers_users:second_factor", args=[official.pk])
    assert address in html_of(client.get(reverse("wagtailusers_users:inspect", args=[official.pk])))
    assert official.full_name in html_of(client.get(address))

    client.post(address)

    assert not Authenticator.objects.filter(user=official).exists()
    entry = ModelLogEntry.objects.for_instance(official).get(action="accounts.second_factor_reset")
    assert entry.user == administrator
    assert address not in html_of(
        client.get(reverse("wagtailusers_users:inspect", args=[official.pk]))
    )


def test_reset_of_nothing_is_told_nowhere(administrator, official):
    assert not reset_second_factor(person=official, by=administrator)
    assert not ModelLogEntry.objects.for_instance(official).filter(
        action="accounts.second_factor_reset"
    )


def test_coordinator_and_administrator_of_another_district_take_nobodys_second_lock_off(
    coordinator, make_official, neighbour, settings
):
    foreign = make_official(Role.ADMINISTRATOR, "353")
    for person in (neighbour, coordinator):
        give_factor(person)
    settings.SUITE_SECOND_FACTOR = False
    client = browse(coordinator)
    address = reverse("wagtailusers_users:second_factor", args=[neighbour.pk])

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    for person, by in ((neighbour, coordinator), (neighbour, foreign), (coordinator, foreign)):
        with pytest.raises(PermissionDenied):
            reset_second_factor(person=person, by=by)
    page = client.get(reverse("wagtailusers_users:inspect", args=[neighbour.pk]))
    assert address not in html_of(page)
    assert has_second_factor(user=neighbour)
    assert has_second_factor(user=coordinator)


def test_command_line_helps_the_last_administrator(administrator, capsys):
    give_factor(administrator)

    call_command("reset_second_factor", administrator.staff_code)
    call_command("reset_second_factor", administrator.staff_code)

    assert capsys.readouterr().out.split("\n")[:2] == ["Taken away.", "There was none."]
    assert not has_second_factor(user=administrator)
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "KHONG-CO")


def test_invitation_does_not_pass_by_the_second_lock(client, official, administrator):
    from django.utils import timezone

    from lms.accounts.signin.domain.invitations import reset_access

    give_factor(official)
    card = reset_access(person=official, by=administrator, at=timezone.now())
    client.post(reverse("account_invitation"), {"code": card.code})

    answer = client.post(
        reverse("account_first_password"),
        {"password1": "mua-xuan-ve", "password2": "mua-xuan-ve"},
    )

    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_logged_in(client)
