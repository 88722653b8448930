"""The register of people in the admin: adding, changing, and what nobody may do."""

import re
from datetime import date

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre, Role
from lms.accounts.models import RoleAssignment, User
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import PostingFactory, browse
from tests.factories.geography import unit
from tests.lms.accounts.register.views.conftest import url
from tests.reading import error_codes, html_of, listed_names

INDEX = "wagtailusers_users:index"


def typed(**fields):
    return {
        "full_name": "Đỗ Thị Mới",
        "staff_code": "hn 777",
        "phone": "0912 000 111",
        "email": "",
        "sex": "female",
        "year_of_birth": "1980",
        "is_active": "on",
        "unit": unit("13387").pk,
        "cadre": "collaborator",
        "since": "01/03/2014",
        **fields,
    }


def test_coordinator_adds_a_person_to_the_own_district(coordinator):
    assert browse(coordinator).post(url("add"), typed()).status_code == 302
    person = User.objects.get(staff_code="HN777")
    assert (person.full_name, person.phone, person.email) == ("Đỗ Thị Mới", "+84912000111", None)
    assert not person.has_usable_password()
    posting = person.postings.get()
    assert (posting.unit.code, posting.cadre, posting.valid_from) == (
        "13387",
        "collaborator",
        date(2014, 3, 1),
    )
    actions = ModelLogEntry.objects.for_instance(person).values_list("action", "user")
    assert set(actions) == {
        ("wagtail.create", coordinator.pk),
        ("accounts.posted", coordinator.pk),
    }


def test_district_adds_nobody_to_another_and_nobody_without_a_post(as_coordinator, make_official):
    elsewhere = as_coordinator.post(url("add"), typed(unit=unit("13591").pk))
    nowhere = as_coordinator.post(url("add"), typed(unit="", cadre=""))
    administrator = browse(make_official(Role.ADMINISTRATOR, "350"))
    unplaced = administrator.post(url("add"), typed(unit="", cadre=""))

    assert "unit" in elsewhere.context["form"].errors
    assert error_codes(nowhere.context["form"]) == {"__all__": ["out_of_scope"]}
    assert "Đỗ Thị Mới" in html_of(nowhere)
    assert unplaced.context["form"].non_field_errors()
    assert not User.objects.filter(staff_code="HN777").exists()


def test_administrator_of_the_province_adds_people_and_gives_them_a_post_later(as_administrator):
    as_administrator.post(url("add"), typed(unit="", cadre="", phone=""))

    person = User.objects.get(staff_code="HN777")
    assert (person.phone, person.postings.count()) == (None, 0)
    assert as_administrator.get(url("edit", person)).status_code == 200

    as_administrator.post(url("edit", person), typed())

    assert person.postings.get().unit == unit("13387")


def test_list_can_be_put_in_the_order_of_staff_codes(administrator, neighbour, stranger):
    response = browse(administrator).get(reverse(INDEX), {"ordering": "-staff_code"})

    codes = [person.staff_code for person in response.context["object_list"]]
    assert codes == sorted(codes, reverse=True)


def test_wrong_entry_is_named_and_kept(as_coordinator):
    for fields, field, code in (
        ({"phone": "0168 123 4567"}, "phone", "old_mobile"),
        ({"phone": "không có"}, "phone", "no_number"),
        ({"staff_code": "0912345678"}, "staff_code", "staff_code"),
        ({"staff_code": "a@b"}, "staff_code", "staff_code"),
        ({"cadre": ""}, "cadre", None),
        ({"since": ""}, "since", None),
        ({"since": "31/02/2014"}, "since", "invalid"),
        ({"year_of_birth": "1800"}, "year_of_birth", "year_of_birth"),
        ({"full_name": ""}, "full_name", None),
    ):
        form = as_coordinator.post(url("add"), typed(**fields)).context["form"]
        found = error_codes(form)
        assert list(found) == [field]
        assert code in found[field]
        for name in ("phone", "staff_code", "year_of_birth"):
            assert form[name].value() == typed(**fields)[name]
    assert not User.objects.filter(full_name="Đỗ Thị Mới").exists()


def test_number_of_somebody_else_is_refused_without_the_name(coordinator, stranger):
    response = browse(coordinator).post(url("add"), typed(phone="0987 654 321"))

    assert "phone" in response.context["form"].errors
    assert "Lê Thị Lạ" not in html_of(response)


def test_edit_shows_and_keeps_the_post_and_the_password(as_coordinator, neighbour):
    neighbour.set_password("bi-mat-lam")
    neighbour.save()
    form = as_coordinator.get(url("edit", neighbour)).context["form"]
    assert form["unit"].value() == unit("13384").pk

    as_coordinator.post(
        url("edit", neighbour),
        typed(staff_code=neighbour.staff_code, unit=unit("13384").pk, since="05/05/2015"),
    )

    neighbour.refresh_from_db()
    assert neighbour.full_name == "Đỗ Thị Mới"
    assert neighbour.postings.get().valid_from == date(2014, 1, 1)
    assert neighbour.check_password("bi-mat-lam")


def test_edit_of_the_unit_is_a_transfer_with_history_that_is_not_bent(as_coordinator, neighbour):
    def moved(since):
        sent = typed(staff_code=neighbour.staff_code, since=since)
        return as_coordinator.post(url("edit", neighbour), sent)

    refused = moved("01/01/2014")
    assert "01/01/2014" in refused.context["form"].non_field_errors()[0]
    neighbour.refresh_from_db()
    assert neighbour.full_name == "Trần Văn Nhà"
    assert neighbour.postings.get().valid_to is None

    moved("05/05/2015")
    posts = neighbour.postings.order_by("valid_from")
    assert list(posts.values_list("unit__code", "valid_from", "valid_to")) == [
        ("13384", date(2014, 1, 1), date(2015, 5, 4)),
        ("13387", date(2015, 5, 5), None),
    ]


def test_new_code_is_shown_once_ends_the_password_and_opens_the_choice_of_another(
    client, coordinator, neighbour
):
    neighbour.set_password("bi-mat-lam")
    neighbour.save()
    admin, held = browse(coordinator), browse(neighbour)
    asked = admin.get(url("code", neighbour))
    assert "<code>" not in html_of(asked)

    shown = admin.post(url("code", neighbour))

    code = re.search(r"<code>([\w-]+)</code>", html_of(shown))[1]
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", code)
    assert shown["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    neighbour.refresh_from_db()
    assert not neighbour.has_usable_password()
    assert held.get(reverse("account_change_password")).status_code == 302
    answer = client.post(reverse("account_invitation"), {"code": code})
    assert answer["Location"] == reverse("account_first_password")
    entries = ModelLogEntry.objects.for_instance(neighbour)
    assert set(entries.values_list("action", "user")) == {
        ("accounts.access_reset", coordinator.pk),
        ("accounts.invited", coordinator.pk),
    }
    assert not any(code in str(entry.data) for entry in entries)


def test_new_code_can_be_printed_instead_but_not_of_a_closed_account(as_coordinator, neighbour):
    answer = as_coordinator.post(url("code", neighbour), {"print": "1"})
    assert answer["Content-Type"] == "application/pdf"
    assert neighbour.invitations.count() == 1
    User.objects.filter(pk=neighbour.pk).update(is_active=False)

    closed = as_coordinator.post(url("code", neighbour))

    assert closed.context["refusal"]
    assert neighbour.invitations.count() == 1


def test_monitor_looks_and_is_offered_and_changes_nothing(as_monitor, neighbour):
    page = as_monitor.get(url("inspect", neighbour))
    listed = html_of(as_monitor.get(reverse(INDEX)))

    assert page.status_code == 200
    assert url("code", neighbour) not in html_of(page)
    assert reverse("wagtailusers_users:invitations") not in listed
    for name in ("edit", "code"):
        response = as_monitor.get(url(name, neighbour))
        assert (response.status_code, response["Location"]) == (302, "/quan-tri/")


@pytest.mark.parametrize("name", ["edit", "code"])
def test_coordinator_does_not_touch_those_with_a_role(as_coordinator, make_official, name):
    boss = make_official(Role.ADMINISTRATOR, "35", full_name="Vũ Thị Quản")
    PostingFactory(user=boss, unit=unit("350"), cadre=Cadre.DISTRICT_OFFICER)

    assert as_coordinator.get(url("inspect", boss)).status_code == 200
    assert as_coordinator.get(url(name, boss)).status_code == 404
    assert as_coordinator.post(url(name, boss), typed()).status_code == 404
    page = html_of(as_coordinator.get(reverse(INDEX)))
    assert "Vũ Thị Quản" in page
    assert url("edit", boss) not in page


def test_code_for_another_district_or_for_a_superuser_is_not_found(
    as_coordinator, as_administrator, stranger
):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc", "x")
    PostingFactory(user=root, unit=unit("350"))
    before = stranger.password

    assert as_administrator.get(url("code", root)).status_code == 404
    assert as_coordinator.post(url("code", stranger)).status_code == 404
    assert User.objects.get(pk=stranger.pk).password == before


def test_trainer_does_not_see_the_register(make_official, neighbour):
    client = browse(make_official(Role.TRAINER, "35"))

    response = client.get(reverse(INDEX))

    assert (response.status_code, response["Location"]) == (302, "/quan-tri/")
    assert reverse(INDEX) not in html_of(client.get("/quan-tri/"))


def test_superuser_sees_and_adds_everybody_and_deletes_nobody(neighbour, stranger):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc", "x")
    client = browse(root)

    assert listed_names(client.get(reverse(INDEX))) == ["Ngô Văn Gốc", "Lê Thị Lạ", "Trần Văn Nhà"]
    client.post(url("add"), typed(unit="", cadre=""))
    assert User.objects.filter(staff_code="HN777").exists()
    assert client.get(f"/quan-tri/users/delete/{neighbour.pk}/").status_code == 404


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_bulk_actions_of_wagtail_name_nobody(coordinator, stranger, action):
    address = reverse("wagtail_bulk_action", args=["accounts", "user", action])

    response = browse(coordinator).get(address, {"id": stranger.pk})

    assert response.status_code == 404
    assert "Lê Thị Lạ" not in html_of(response)


def test_page_offers_the_code_and_the_list_the_cards_and_no_role_of_another_district(
    as_coordinator, coordinator, neighbour
):
    for code in ("13384", "353"):
        assign_role(user=neighbour, role=Role.TRAINER, unit=unit(code))

    page = html_of(as_coordinator.get(url("inspect", neighbour)))

    assert str(RoleAssignment.objects.visible_to(coordinator).get(user=neighbour)) in page
    assert str(unit("353")) not in page
    neighbour.role_assignments.all().delete()
    assert url("code", neighbour) in html_of(as_coordinator.get(url("inspect", neighbour)))
    assert reverse("wagtailusers_users:invitations") in html_of(as_coordinator.get(reverse(INDEX)))
