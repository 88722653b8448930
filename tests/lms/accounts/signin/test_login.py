"""The log-in page, as browsers meet it."""

import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import UserFactory, browse
from tests.factories.geography import unit
from tests.reading import error_codes, html_of, is_logged_in, levels_of, templates_of
from tests.shared import shared

pytestmark = pytest.mark.django_db
PASSWORD = "tap-huan-2014"
WRONG = {"__all__": ["username_password_mismatch"]}
TOO_MANY = {"__all__": ["too_many_login_attempts"]}


@shared
def person():
    user = UserFactory(
        staff_code="HN00042",
        full_name="Nguyễn Thị Hương",
        phone="+84912345678",
        email="huong@mau.example",
    )
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def as_person(person):
    return browse(person)


def log_in(client, login, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


@pytest.mark.parametrize(
    "login",
    [
        "hn00042", "0912 345 678", "Huong@mau.example",
        "\u202a+84\u00a0912\u00a0345\u00a0678\u202c", "\ufeffHN00042",
        "huong@\u200bmau.example\u200f",
    ],
)  # fmt: skip
def test_person_logs_in_with_any_of_the_three_names(client, person, login):
    response = log_in(client, login)

    assert (response.status_code, response["Location"]) == (302, "/bat-dau/")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    ("wanted", "led_to"), [("/bao-cao/", "/bao-cao/"), ("https://evil.example/", "/bat-dau/")]
)
def test_log_in_leads_back_to_where_one_came_from_on_this_site(client, person, wanted, led_to):
    typed = {"login": "HN00042", "password": PASSWORD, "next": wanted}

    assert client.post(reverse("account_login"), typed)["Location"] == led_to


@pytest.mark.parametrize("login", ["HN00042", "HN99999", "0912345678", "0900000009", "a@b.example"])
def test_wrong_password_and_unknown_account_sound_the_same(client, person, login):
    response = log_in(client, login, "sai-mat-khau")

    assert response.status_code == 200
    assert error_codes(response.context["form"]) == WRONG
    assert f'value="{login}"' in html_of(response)
    assert "sai-mat-khau" not in html_of(response)
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    ("login", "code"), [("0168 123 4567", "old_mobile"), ("091234567", "too_short")]
)
def test_phone_that_cannot_be_one_is_named_and_kept(client, person, login, code):
    response = log_in(client, login)

    form = response.context["form"]
    assert error_codes(form) == {"login": [code]}
    page = html_of(response)
    assert form.errors["login"][0] in page
    assert f'value="{login}"' in page


def test_empty_form_asks_for_both(client):
    assert set(log_in(client, "", "").context["form"].errors) == {"login", "password"}


def test_closed_account_is_told_to_its_holder_only(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)

    right = log_in(client, "HN00042")
    wrong = log_in(client, "HN00042", "sai-mat-khau")

    assert right["Location"] == reverse("account_inactive")
    assert error_codes(wrong.context["form"]) == WRONG
    assert not is_logged_in(client)
    assert "account/account_inactive.html" in templates_of(client.get(right["Location"]))


def test_person_without_a_password_cannot_log_in(client):
    UserFactory(staff_code="HN00050").set_unusable_password()

    for password in ("", "!", "None"):
        assert not authenticate(username="HN00050", password=password)
    assert error_codes(log_in(client, "HN00050", "!").context["form"]) == WRONG


@pytest.mark.parametrize("login", ["HN00042", "HN99999", "HN00050", ""])
def test_each_refusal_costs_one_hash(person, monkeypatch, login):
    UserFactory(staff_code="HN00050", password="!unusable")
    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or real(self, password, salt),
    )

    assert authenticate(username=login, password="sai-mat-khau") is None

    assert len(hashed) == 1


@pytest.mark.parametrize(
    "logins",
    [
        ["HN00042"] * 5,
        ["0912345678", "hn00042", "+84912345678", "huong@mau.example", "HN00042"],
        ["HN99999"] * 5,
    ],
    ids=["one name", "all names of an account", "nobody's name"],
)
def test_wrong_attempts_are_limited_and_told_when_to_come_back(client, person, logins):
    for login in logins:
        log_in(client, login, "sai-mat-khau")

    response = log_in(client, logins[-1])

    assert error_codes(response.context["form"]) == TOO_MANY
    assert f'value="{logins[-1]}"' in html_of(response)
    assert not is_logged_in(client)


def test_attacker_locks_out_nobody_else_behind_the_same_address_nor_elsewhere(client, person):
    for number in range(60):
        log_in(client, f"HN9{number % 12:04d}", "sai-mat-khau")
    for _number in range(20):
        log_in(Client(), "HN00042", "sai-mat-khau", REMOTE_ADDR="203.0.113.9")
    home = Client()

    log_in(client, "HN00042")
    log_in(home, "HN00042", REMOTE_ADDR="198.51.100.7")

    assert is_logged_in(client)
    assert is_logged_in(home)


def test_whole_class_logs_in_behind_one_address(person):
    for _number in range(100):
        client = Client()
        log_in(client, "HN00042")
        assert is_logged_in(client)


def test_page_of_allauth_that_is_not_offered_does_not_exist(client, rf):
    for path in ("signup/", "email/", "confirm-email/", "password/reset/", "password/set/"):
        assert client.get(f"/tai-khoan/{path}").status_code == 404, path
    for name in ("account_signup", "account_email", "account_reset_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    # Even if the page came back.
    assert get_adapter().is_open_for_signup(rf.get("/")) is False


def test_superuser_of_the_command_line_logs_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser", interactive=False, staff_code="GOC", full_name="Ngô Văn Gốc", verbosity=0
    )

    log_in(client, "goc")

    assert is_logged_in(client)
    root = User.objects.get_by_natural_key("goc")
    assert (root.is_superuser, root.is_staff) == (True, True)


def test_login_page_helps_who_comes_and_offers_no_sign_up_and_no_reset_link(client):
    page = html_of(client.get(reverse("account_login")))

    assert "signup" not in page
    assert "password/reset" not in page
    assert f'href="{reverse("account_invitation")}"' in page
    assert reverse("account_request_login_code") in page
    # Without a script the box that shows the password is not there.
    assert '<div class="field field--check" data-reveal hidden>' in page


@pytest.mark.parametrize("name", ["account_change_password", "account_reauthenticate"])
def test_password_forms_repeat_no_label_inside_the_box(client, name):
    client.force_login(UserFactory())

    page = html_of(client.get(reverse(name)))

    assert 'type="password"' in page
    assert "placeholder=" not in page


def test_trial_accounts_are_shown_in_a_trial_only(client, settings):
    settings.SUITE_DEMO = False
    assert "GV001" not in html_of(client.get(reverse("account_login")))

    settings.SUITE_DEMO = True
    assert "GV001" in html_of(client.get(reverse("account_login")))


def test_password_change_needs_the_present_one_and_keeps_the_person_logged_in(as_person, person):
    sent = {"oldpassword": "sai", "password1": "mua-xuan-ve", "password2": "mua-xuan-ve"}
    address = reverse("account_change_password")
    refused = as_person.post(address, sent)
    assert error_codes(refused.context["form"]) == {"oldpassword": ["enter_current_password"]}
    person.refresh_from_db()
    assert person.check_password(PASSWORD)

    response = as_person.post(address, sent | {"oldpassword": PASSWORD}, follow=True)

    person.refresh_from_db()
    assert person.check_password("mua-xuan-ve")
    assert is_logged_in(as_person)
    assert levels_of(response) == ["success"]


def test_stranger_at_the_admin_is_sent_to_the_log_in_and_back(client, edition, person):
    assign_role(user=person, role=Role.MONITOR, unit=unit("35"))

    first = client.get("/quan-tri/", follow=True)
    page, _status = first.redirect_chain[-1]
    assert page == "/tai-khoan/login/?next=%2Fquan-tri%2F"

    response = client.post(page, {"login": "HN00042", "password": PASSWORD, "next": "/quan-tri/"})
    assert response["Location"] == "/quan-tri/"
    assert client.get("/quan-tri/").status_code == 200


def test_person_without_access_to_the_admin_is_told_plainly(as_person):
    response = as_person.get("/quan-tri/", follow=True)

    assert response.status_code == 403
    assert "403.html" in templates_of(response)
    assert "permission" not in html_of(response)
    assert "permission" not in html_of(as_person.get("/"))
    assert is_logged_in(as_person)


def test_limit_counts_the_address_behind_the_proxy(person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    # What the attacker writes into the header himself stands before what the proxy adds.
    for number in range(6):
        forged = f"192.0.2.{number}, 203.0.113.9"
        log_in(Client(), "HN00042", "sai-mat-khau", headers={"X-Forwarded-For": forged})
    blocked, home = Client(), Client()

    log_in(blocked, "HN00042", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    log_in(home, "HN00042", headers={"X-Forwarded-For": "198.51.100.7"})

    assert not is_logged_in(blocked)
    assert is_logged_in(home)
