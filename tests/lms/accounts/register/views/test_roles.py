"""Roles given and withdrawn in the admin."""

import pytest
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import UserFactory, browse
from tests.factories.geography import unit
from tests.reading import error_codes, html_of

INDEX = "roles:index"


def typed(person, role="coordinator", code="350"):
    return {"person": person, "role": role, "unit": unit(code).pk}


def test_administrator_gives_a_role_by_phone_number_once(
    as_administrator, administrator, neighbour
):
    for number in ("0912 345 678", "0912345678"):
        response = as_administrator.post(reverse("roles:add"), typed(number))
        assert (response.status_code, response["Location"]) == (302, reverse(INDEX))

    assignment = RoleAssignment.objects.get(user=neighbour)
    assert (assignment.role, assignment.unit) == ("coordinator", unit("350"))
    assert [group.name for group in neighbour.groups.all()] == [Role.COORDINATOR.label]
    entry = ModelLogEntry.objects.get(action="accounts.role_assigned", object_id=neighbour.pk)
    assert entry.user == administrator


@pytest.mark.parametrize("person", ["HN99999", "0900000009", ""])
def test_unknown_person_is_named_and_kept(administrator, person):
    response = browse(administrator).post(reverse("roles:add"), typed(person))

    assert error_codes(response.context["form"]) == {"person": ["person" if person else "required"]}
    assert f'value="{person}"' in html_of(response) or not person


def test_person_of_another_district_sounds_like_nobody_and_its_units_are_no_choice(
    make_official, neighbour, stranger
):
    client = browse(make_official(Role.ADMINISTRATOR, "350"))

    nobody = client.post(reverse("roles:add"), typed(stranger.phone))
    nowhere = client.post(reverse("roles:add"), typed("0912345678", code="353"))

    assert error_codes(nobody.context["form"]) == {"person": ["person"]}
    assert "Lê Thị Lạ" not in html_of(nobody)
    assert list(nowhere.context["form"].errors) == ["unit"]
    assert not RoleAssignment.objects.filter(user__in=(stranger, neighbour)).exists()


def test_administrator_withdraws_a_role(as_administrator, make_official):
    trainer = make_official(Role.TRAINER, "350", full_name="Trần Văn Giảng")
    held = trainer.role_assignments.get()
    address = reverse("roles:delete", args=[held.pk])
    assert str(held) in html_of(as_administrator.get(address))

    as_administrator.post(address)

    assert not trainer.role_assignments.exists()
    assert not trainer.groups.exists()
    page = html_of(as_administrator.get(reverse("wagtailusers_users:history", args=[trainer.pk])))
    entry = ModelLogEntry.objects.get(action="accounts.role_withdrawn", object_id=trainer.pk)
    assert escape(str(entry.message)) in page
    assert f"“{Role.TRAINER.label}”" in str(entry.message)


def test_monitor_sees_roles_and_changes_none(make_official):
    held = make_official(Role.TRAINER, "350", full_name="Trần Văn Giảng").role_assignments.get()
    client = browse(make_official(Role.MONITOR, "35"))

    assert "Trần Văn Giảng" in html_of(client.get(reverse(INDEX)))
    response = client.post(reverse("roles:delete", args=[held.pk]))
    assert response.status_code in (302, 404)
    assert RoleAssignment.objects.filter(pk=held.pk).exists()


def test_list_takes_the_same_queries_for_any_number(as_administrator, django_assert_num_queries):
    for more in (1, 2):
        for _number in range(more):
            assign_role(user=UserFactory(), role=Role.TRAINER, unit=unit("350"))
        as_administrator.get(reverse(INDEX))
        with django_assert_num_queries(12):
            as_administrator.get(reverse(INDEX))
