"""What a page of a scoped viewset promises besides the list and the forms."""

from datetime import date
from typing import ClassVar

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin.views.generic import IndexView

from lms.accounts.enums import Role
from lms.accounts.models import Posting
from lms.accounts.register.domain.roles import assign_role
from lms.scoped_admin.pages import ActionPage
from lms.scoped_admin.viewsets import ScopedModelViewSet
from tests.factories.accounts import PostingFactory, UserFactory, browse
from tests.factories.geography import unit
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lms.scoped_admin.scoped_site")]


def official(role):
    user = UserFactory()
    assign_role(user=user, role=role, unit=unit("350"))
    return user


def holder(role):
    return browse(official(role))


@pytest.fixture
def client(edition):
    return holder(Role.COORDINATOR)


@shared
def own(edition):
    return PostingFactory(unit=unit("13384"))


@shared
def other(edition):
    return PostingFactory(unit=unit("13591"))


def url(view, *rows):
    return reverse(f"test_postings:{view}", args=[row.pk for row in rows])


def told(response):
    return [str(message).strip() for message in response.context["messages"]]


def test_page_stands_below_the_list_and_its_row(client, own):
    context = client.get(url("end", own)).context

    assert context["posting"] == own
    assert context["back_url"] == url("inspect", own)
    assert context["header_title"] == f"End it: {own}"
    assert [
        (str(item["url"]), str(item["label"])) for item in context["breadcrumbs_items"][1:]
    ] == [
        (url("index"), capfirst(str(Posting._meta.verbose_name_plural))),
        (url("inspect", own), str(own)),
        ("", "End it"),
    ]
    # The trail is folded at first: the page itself says what it is about.
    assert context["breadcrumbs_items"][-1]["sublabel"] == str(own)


def test_page_about_the_list_has_no_row(client, own):
    context = client.get(url("count")).context

    assert (context["row"], context["back_url"]) == (None, url("index"))
    assert context["header_title"] == "Count them"
    assert [item["url"] for item in context["breadcrumbs_items"][1:]] == [url("index"), ""]


@pytest.mark.parametrize("view", ["end", "silent", "end_on"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_row_of_another_district_is_not_found(client, other, view, method):
    assert getattr(client, method)(url(view, other)).status_code == 404
    assert Posting.objects.get(pk=other.pk).valid_to is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_is_shut_to_those_who_may_only_look(own, method):
    response = getattr(holder(Role.MONITOR), method)(url("end", own))

    assert (response.status_code, response["Location"]) == (302, reverse("wagtailadmin_home"))
    assert Posting.objects.get(pk=own.pk).valid_to is None


def test_page_to_look_at_opens_to_those_who_may_look_and_takes_no_form(own):
    watcher = holder(Role.MONITOR)

    assert watcher.get(url("count")).status_code == 200
    assert watcher.post(url("count")).status_code == 405


def test_action_or_its_refusal_is_told_on_the_page_that_one_comes_back_to(client, own):
    for said in ("It has ended.", "It has ended already."):
        response = client.post(url("end", own), follow=True)

        assert response.redirect_chain == [(url("inspect", own), 302)]
        assert told(response)[-1] == said
        assert Posting.objects.get(pk=own.pk).valid_to == date(2014, 6, 30)


def test_action_without_a_template_takes_a_post_only(client, own):
    assert client.get(url("silent", own)).status_code == 405

    response = client.post(url("silent", own), follow=True)

    assert response.redirect_chain == [(url("inspect", own), 302)]
    assert told(response) == []


@pytest.mark.parametrize(
    ("field", "where"), [("day", "day"), ("unknown", "__all__"), (None, "__all__")]
)
def test_refusal_stands_on_the_form_with_what_was_typed(client, own, field, where):
    typed = {"day": "30/06/2014", **({"field": field} if field else {})}

    form = client.post(url("end_on", own), typed).context["form"]

    assert form.errors == {where: ["Never on that day."]}
    assert form["day"].value() == "30/06/2014"


def test_form_is_empty_at_first_and_shown_again_when_wrong(client, own):
    assert not client.get(url("end_on", own)).context["form"].is_bound

    assert list(client.post(url("end_on", own), {"day": "x"}).context["form"].errors) == ["day"]


class DecidingViewSet(ScopedModelViewSet):
    """Some decide who do not see the list."""

    model = Posting
    menu_url = "/list/"
    view_roles = (Role.MONITOR,)
    act_roles = (Role.COORDINATOR,)


@pytest.mark.parametrize(
    ("role", "path", "trail"),
    [
        (Role.MONITOR, "/page/", ["/list/", ""]),
        # Who may not open the list.
        (Role.COORDINATOR, "/page/", [""]),
        # Where the menu leads.
        (Role.MONITOR, "/list/", [""]),
    ],
)
def test_link_to_the_list_is_for_those_who_may_open_it_and_are_not_there(
    edition, rf, role, path, trail
):
    request = rf.get(path)
    request.user = official(role)
    page = ActionPage(viewset=DecidingViewSet("deciding"))
    page.setup(request)
    page.row = page.get_row()

    assert [item["url"] for item in page.get_breadcrumbs_items()[1:]] == trail


def test_those_who_act_do_so_on_rows_of_their_own(own, other):
    policy, coordinator = DecidingViewSet("deciding").permission_policy, official(Role.COORDINATOR)

    assert policy.user_has_permission_for_instance(coordinator, "act", own)
    assert not policy.user_has_permission_for_instance(coordinator, "act", other)


def test_those_who_change_may_act_where_nothing_else_is_said():
    class PlainViewSet(ScopedModelViewSet):
        model = Posting
        change_roles = (Role.COORDINATOR,)

    assert PlainViewSet().permission_policy.roles["act"] == (Role.COORDINATOR,)


def test_viewset_refuses_pages_that_are_not_scoped():
    class LeakyViewSet(ScopedModelViewSet):
        model = Posting
        pages: ClassVar = {"end": ("end/", ActionPage), "leak": ("leak/", IndexView)}

    with pytest.raises(ImproperlyConfigured, match="The page leak of LeakyViewSet must come from"):
        LeakyViewSet("leaky").on_register()
