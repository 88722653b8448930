"""Every change of rights stands in the history of the person, with who made it."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role, withdraw_role
from tests.factories.accounts import browse
from tests.factories.geography import unit

pytestmark = pytest.mark.django_db


def saved(client, person, **changes):
    """The form of the person, sent as it stands but for `changes`."""
    address = reverse("wagtailusers_users:edit", args=[person.pk])
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: value for name, value in {**values, **changes}.items() if value}
    response = client.post(address, values)
    assert response.status_code == 302, response.context["form"].errors


def actions(person):
    entries = ModelLogEntry.objects.for_instance(person).order_by("pk")
    return [(entry.action, entry.user) for entry in entries if entry.action != "wagtail.edit"]


def history(client, person):
    page = client.get(reverse("wagtailusers_users:history", args=[person.pk]))
    return {entry.action for entry in page.context["object_list"]}


def test_account_closed_and_opened_is_told_with_who_did_it_and_no_other_change(
    as_coordinator, coordinator, neighbour
):
    saved(as_coordinator, neighbour, full_name="Trần Văn Nhà Mới")
    assert actions(neighbour) == []

    saved(as_coordinator, neighbour, is_active="")
    assert not User.objects.get(pk=neighbour.pk).is_active
    saved(as_coordinator, neighbour, is_active="on")

    assert actions(neighbour) == [
        ("accounts.account_closed", coordinator),
        ("accounts.account_opened", coordinator),
    ]
    assert history(as_coordinator, neighbour) >= {entry for entry, _by in actions(neighbour)}


def test_role_given_and_withdrawn_is_told(administrator, neighbour):
    for change in (assign_role, withdraw_role):
        change(user=neighbour, role=Role.REVIEWER, unit=unit("350"), by=administrator)

    told = {entry for entry, _by in actions(neighbour)}
    assert len(told) == 2
    assert history(browse(administrator), neighbour) >= told


def test_superuser_is_told_from_the_first_day(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "mot-mat-khau-dai")
    call_command("createsuperuser", staff_code="SU1", full_name="Ngô Văn Gốc", interactive=False)

    assert actions(User.objects.get(staff_code="SU1")) == [("accounts.superuser_made", None)]


def test_history_of_another_district_is_closed(coordinator, stranger, make_official):
    assign_role(user=stranger, role=Role.TRAINER, unit=unit("353"))
    address = reverse("wagtailusers_users:history", args=[stranger.pk])

    assert browse(coordinator).get(address).status_code == 404
    assert browse(make_official(Role.COORDINATOR, "353")).get(address).status_code == 200
