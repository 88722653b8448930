"""What a scoped viewset promises, view by view."""

import re
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from wagtail.admin.views.generic import IndexView
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre, Role
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.permissions import RolePermissionPolicy
from lms.scoped_admin.viewsets import ScopedModelViewSet
from tests.factories.accounts import PostingFactory, browse, make_official
from tests.factories.geography import unit
from tests.lms.scoped_admin.scoped_site import PostingViewSet
from tests.reading import html_of, levels_of
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lms.scoped_admin.scoped_site")]


@pytest.fixture
def client(coordinator):
    return browse(coordinator)


@shared
def own(edition):
    return PostingFactory(unit=unit("13384"), user__full_name="Trần Văn Nhà")


@shared
def other(edition):
    return PostingFactory(unit=unit("13591"), user__full_name="Lê Thị Lạ")


def url(view, *rows):
    return reverse(f"test_postings:{view}", args=[row.pk for row in rows])


def typed(**fields):
    return {"cadre": "collaborator", "valid_from": "01/03/2014", **fields}


def without_token(response):
    """The page without what differs each time it is written, and without its own address."""
    page = html_of(response).replace(response.request["PATH_INFO"], "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


VIEWS_OF_A_ROW = ["inspect", "edit", "delete", "history", "history_results", "usage", "copy"]


def test_row_of_the_own_district_opens(client, own):
    for view in VIEWS_OF_A_ROW:
        assert client.get(url(view, own)).status_code == 200, view


def test_row_of_another_district_answers_as_one_that_never_was(client, other):
    for view in VIEWS_OF_A_ROW:
        missing = client.get(reverse(f"test_postings:{view}", args=[other.pk + 1000]))
        hidden = client.get(url(view, other))

        assert (hidden.status_code, without_token(hidden)) == (404, without_token(missing)), view
        assert "Lê Thị Lạ" not in html_of(hidden)


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_post_for_another_district_changes_nothing(client, other, view):
    before = Posting.objects.filter(pk=other.pk).values().get()

    response = client.post(url(view, other), typed(user=other.user_id, unit=unit("13384").pk))

    assert response.status_code == 404
    assert Posting.objects.filter(pk=other.pk).values().get() == before


def test_list_and_filter_hold_the_own_district(client, own, other):
    page = html_of(client.get(url("index")))
    filtered = html_of(client.get(url("index"), {"unit": unit("13591").pk}))

    assert "thị trấn Quế" in page
    assert "Đức Lý" not in page + filtered
    assert f'value="{unit("13384").pk}"' in page
    assert f'value="{unit("13591").pk}"' not in page


def test_form_offers_the_own_people_and_units(client, own, other):
    form = client.get(url("add")).context["form"]

    assert unit("13384") in form.fields["unit"].queryset
    assert unit("13591") not in form.fields["unit"].queryset
    assert own.user in form.fields["user"].queryset
    assert other.user not in form.fields["user"].queryset


def test_form_keeps_the_stored_choice_on_offer(client, own):
    # The person's record went to another district; the posting here stays editable.
    own.user.role_assignments.all().delete()
    posting = PostingFactory(user=own.user, unit=unit("13387"))
    own.delete()

    form = client.get(url("edit", posting)).context["form"]

    assert form.fields["user"].queryset.filter(pk=posting.user_id).exists()


def test_person_of_another_district_cannot_be_posted_to_a_form(client, other):
    response = client.post(url("add"), typed(user=other.user_id, unit=unit("13384").pk))

    assert list(response.context["form"].errors) == ["user"]
    assert Posting.objects.count() == 1


def test_row_is_added_and_changed_in_the_own_district(client, own, coordinator):
    client.post(url("add"), typed(user=own.user_id, unit=unit("13387").pk))
    added = Posting.objects.get(unit=unit("13387"))
    assert added.valid_from == date(2014, 3, 1)

    response = client.post(
        url("edit", added), typed(user=own.user_id, unit=unit("13387").pk, cadre="commune_officer")
    )

    assert response.status_code == 302
    added.refresh_from_db()
    assert added.cadre == Cadre.COMMUNE_OFFICER
    assert [(entry.action, entry.user) for entry in ModelLogEntry.objects.for_instance(added)] == [
        ("wagtail.edit", coordinator),
        ("wagtail.create", coordinator),
    ]


def test_row_is_deleted_in_the_own_district(client, own, other):
    response = client.post(url("delete", own))

    assert (response.status_code, response["Location"]) == (302, url("index"))
    assert list(Posting.objects.all()) == [other]


def test_row_that_others_stand_on_is_kept_with_a_sentence(client, own):
    place = unit("13384")

    response = client.post(reverse("test_units:delete", args=[place.pk]), follow=True)

    assert AdministrativeUnit.objects.filter(pk=place.pk).exists()
    assert levels_of(response) == ["error"]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.COORDINATOR, {"view", "add", "change", "delete"}),
        (Role.MONITOR, {"view"}),
        (Role.ADMINISTRATOR, {"view"}),
        (Role.TRAINER, set()),
    ],
)
def test_roles_open_the_views(edition, role, allowed):
    policy = PostingViewSet().permission_policy
    user = make_official(role, "350")

    granted = {
        action
        for action in ("view", "add", "change", "delete", "publish")
        if policy.user_has_permission(user, action)
    }
    assert granted == allowed


def test_model_permissions_of_django_open_nothing(edition, own):
    from django.contrib.auth.models import Permission

    trainer = make_official(Role.TRAINER, "350")
    trainer.user_permissions.add(*Permission.objects.filter(codename__endswith="_posting"))

    assert browse(User.objects.get(pk=trainer.pk)).get(url("index")).status_code == 302


def test_inactive_holder_of_a_role_may_nothing(edition):
    user = make_official(Role.COORDINATOR, "350")
    user.is_active = False

    assert not PostingViewSet().permission_policy.user_has_permission(user, "view")


def test_policy_grants_rows_in_scope_only(coordinator, own, other):
    policy = PostingViewSet().permission_policy

    assert policy.user_has_permission_for_instance(coordinator, "change", own)
    assert not policy.user_has_permission_for_instance(coordinator, "change", other)
    rows = policy.instances_user_has_any_permission_for(coordinator, ["change", "delete"])
    assert list(rows) == [own]
    none = policy.instances_user_has_any_permission_for(coordinator, ["publish"])
    assert list(none) == []


def test_policy_names_those_who_may(coordinator, edition):
    make_official(Role.TRAINER, "350")
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")

    holders = PostingViewSet().permission_policy.users_with_any_permission(["add", "change"])

    assert set(holders) == {coordinator, root}


def test_action_without_a_role_is_nobodys(edition):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")
    policy = RolePermissionPolicy(Posting, {"view": (Role.MONITOR,), "delete": ()})

    assert policy.user_has_permission(root, "view")
    assert not policy.user_has_permission(root, "delete")


def test_view_without_a_role_has_no_address():
    class ReadOnlyViewSet(ScopedModelViewSet):
        model = Posting
        view_roles = (Role.MONITOR,)
        copy_view_enabled = True
        usage_view_enabled = True

    names = {pattern.name for pattern in ReadOnlyViewSet().get_urlpatterns()}

    assert names == {"index", "index_results", "inspect"}


def test_viewset_refuses_views_that_are_not_scoped():
    class LeakyViewSet(ScopedModelViewSet):
        model = Posting
        index_view_class = IndexView

    with pytest.raises(ImproperlyConfigured, match=r"LeakyViewSet\.index_view_class must come"):
        LeakyViewSet("leaky").on_register()
