"""The pages on which an edition takes effect, and on which a person decides what waits."""

from datetime import date

import pytest
from django.urls import reverse

from lms.accounts.boundary_changes.domain.apply_edition import take_effect
from lms.accounts.boundary_changes.tasks import carry_over_task
from lms.accounts.dashboard import WaitingPosts
from lms.accounts.enums import Role
from lms.accounts.models import Posting
from lms.accounts.register.domain.roles import assign_role
from lms.geography.models import AdministrativeUnit
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.geography import unit
from tests.lms.accounts.boundary_changes.domain.conftest import split_commune
from tests.reading import html_of, panel_html
from tests.shared import shared

LATER, LAST = "2025-01-01", "2025-07-01"


@shared
def last(editions):
    return editions[LAST]


def holder(role, place):
    user = UserFactory()
    assign_role(user=user, role=role, unit=place)
    return user


@shared
def admin(last):
    return make_official(Role.ADMINISTRATOR, "35")


@pytest.fixture
def as_admin(admin):
    return browse(admin)


@shared
def split(last):
    return split_commune()


def in_split(split, count=1):
    return [PostingFactory(unit=split, valid_from=date(2025, 2, 1)) for _number in range(count)]


def test_page_tells_what_follows_and_what_waits(as_admin, last, split):
    PostingFactory(unit=unit("13384"))
    in_split(split)

    page = html_of(as_admin.get(reverse("editions:inspect", args=(last.pk,))))

    assert reverse("editions:use", args=(last.pk,)) in page
    assert f"{split} ({LATER})" in page


def test_put_to_use_moves_the_posts_and_is_no_link(
    as_admin, admin, last, django_capture_on_commit_callbacks
):
    post = PostingFactory(unit=unit("13384"))
    address = reverse("editions:use", args=(last.pk,))
    assert as_admin.get(address).status_code == 405

    with django_capture_on_commit_callbacks() as queued:
        as_admin.post(address, {"on": "2025-07-01"})
    carry_over_task(last.pk, admin.pk)

    last.refresh_from_db()
    assert len(queued) == 1
    assert last.in_use_from == date(2025, 7, 1)
    assert post.user.postings.get(valid_to=None).unit.edition == last


@pytest.mark.parametrize("day", ["", "2025-06-30"])
def test_wrong_day_changes_nothing(as_admin, last, day):
    answer = as_admin.post(reverse("editions:use", args=(last.pk,)), {"on": day}, follow=True)

    last.refresh_from_db()
    assert last.in_use_from is None
    assert answer.context["messages"]


def test_list_says_since_when_an_edition_is_in_use(as_admin, last):
    assert "02/07/2025" not in html_of(as_admin.get(reverse("editions:index")))

    take_effect(edition=last, today=date(2026, 1, 1), on=date(2025, 7, 2))

    assert "02/07/2025" in html_of(as_admin.get(reverse("editions:index")))


def test_administrator_of_a_district_puts_no_edition_to_use(last):
    client = browse(make_official(Role.ADMINISTRATOR, "350"))

    assert client.get(reverse("editions:inspect", args=(last.pk,))).status_code == 404
    asked = client.post(reverse("editions:use", args=(last.pk,)), {"on": "2025-07-01"})
    assert asked.status_code == 404


def test_nothing_waits_while_no_edition_has_taken_effect(as_admin, last, split):
    in_split(split)

    assert f"({LATER})" not in html_of(as_admin.get(reverse("editions:waiting")))
    asked = as_admin.get(reverse("editions:waiting_unit", args=(split.pk,)))
    assert asked.status_code == 404
    assert "waiting-posts" not in html_of(as_admin.get(reverse("wagtailadmin_home")))


@shared
def in_use(last, split):
    take_effect(edition=last, today=date(2026, 1, 1))
    return last


def test_front_page_says_how_many_wait(admin, in_use, split):
    def waiting():
        return panel_html(WaitingPosts, admin)

    assert reverse("editions:waiting") not in waiting()
    in_split(split, 3)

    assert reverse("editions:waiting") in waiting()
    assert WaitingPosts().context(admin)["waiting"] == 3


def test_ticked_people_go_where_they_belong_and_nobody_ticked_is_said(as_admin, in_use, split):
    first, second, third = in_split(split, 3)
    target = split.successors.order_by("pk").first().to_unit
    address = reverse("editions:waiting_unit", args=(split.pk,))
    assert as_admin.post(address, {}).context["form"].errors.keys() == {"posts", "to_unit"}

    as_admin.post(address, {"posts": [first.pk, second.pk], "to_unit": target.pk})

    went = Posting.objects.filter(valid_to=None, unit=target).values_list("user", flat=True)
    assert set(went) == {first.user_id, second.user_id}
    assert Posting.objects.filter(valid_to=None, unit=split).get() == third


def test_other_district_meets_no_unit_that_waits(in_use, split):
    in_split(split)
    others = AdministrativeUnit.objects.districts().filter(edition__code=LATER)
    other = next(one for one in others if not split.path.startswith(one.path))
    client = browse(holder(Role.COORDINATOR, other))

    assert str(split) not in html_of(client.get(reverse("editions:waiting")))
    asked = client.get(reverse("editions:waiting_unit", args=(split.pk,)))
    assert asked.status_code == 404


def test_list_of_people_costs_the_same(as_admin, in_use, split, django_assert_max_num_queries):
    in_split(split)
    address = reverse("editions:waiting_unit", args=(split.pk,))
    as_admin.get(address)
    with django_assert_max_num_queries(60) as one:
        as_admin.get(address)
    in_split(split, 5)

    with django_assert_max_num_queries(len(one)):
        as_admin.get(address)
