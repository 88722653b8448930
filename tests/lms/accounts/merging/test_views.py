"""The pages of possible duplicates and of merges: for whom, what they say, what they do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.accounts.enums import Role
from lms.accounts.merging.domain.merge import merge
from lms.accounts.models import DismissedDuplicate, Merge, Posting
from tests.factories.accounts import PostingFactory, browse
from tests.factories.geography import unit
from tests.reading import html_of, levels_of
from tests.shared import shared

DUPLICATES = "/quan-tri/merges/duplicates/"


@shared
def pair(edition):
    return [
        PostingFactory(
            unit=unit("13384"),
            user__full_name="Trần Văn Đôi",
            user__staff_code=f"HN-{number}",
            user__year_of_birth=1980,
        ).user
        for number in (1, 2)
    ]


def test_pairs_stand_side_by_side_with_the_reason_and_are_told_apart(as_coordinator, pair):
    shown = as_coordinator.get(DUPLICATES)
    page = html_of(shown)

    [(found, _people)] = shown.context["lines"]
    assert str(found.reason.label) in page
    assert page.count("Trần Văn Đôi") == 2
    assert "HN-1" in page
    assert "1980" in page

    first, second = pair
    response = as_coordinator.post(DUPLICATES, {"first": first.pk, "second": second.pk})
    assert response["Location"] == DUPLICATES
    assert DismissedDuplicate.objects.count() == 1


def test_page_without_pairs_of_the_own_area_says_so(as_coordinator):
    for _number in range(2):
        PostingFactory(unit=unit("13591"), user__full_name="Lê Thị Lạ")

    page = as_coordinator.get(DUPLICATES)
    assert page.context["lines"] == []
    assert "Lê Thị Lạ" not in html_of(page)


@pytest.mark.parametrize("role", [Role.MONITOR, Role.TRAINER])
def test_pages_are_closed_to_those_who_change_nobody(make_official, role, pair):
    client = browse(make_official(role, "35"))
    first, second = pair

    for address in (DUPLICATES, reverse("merges:merge", args=(first.pk, second.pk))):
        assert client.get(address)["Location"] == "/quan-tri/"
    assert Merge.objects.count() == 0


def test_stranger_and_nobody_can_neither_be_told_apart_nor_merged(
    as_coordinator, neighbour, stranger
):
    for asked in (
        {"first": neighbour.pk, "second": stranger.pk},
        {},
        {"first": "x", "second": "1"},
    ):
        assert as_coordinator.post(DUPLICATES, asked).status_code == 404, asked
    address = reverse("merges:merge", args=(neighbour.pk, stranger.pk))
    assert as_coordinator.get(address).status_code == 404


def test_merge_is_asked_for_done_and_undone(as_coordinator, pair):
    kept, closed = pair
    address = reverse("merges:merge", args=(kept.pk, closed.pk))

    asked = as_coordinator.get(address).context
    assert (asked["kept"], asked["closed"]) == (kept, closed)
    assert dict(asked["follows"])[Posting._meta.verbose_name_plural] == 1
    done = as_coordinator.post(address, follow=True)
    assert levels_of(done) == ["success"]
    closed.refresh_from_db()
    assert closed.merged_into == kept
    [left] = Merge.objects.get().left
    assert left in html_of(done)
    undo = reverse("merges:undo", args=(Merge.objects.get().pk,))
    assert undo in html_of(done)

    undone = as_coordinator.post(undo, follow=True)
    assert levels_of(undone) == ["success"]
    closed.refresh_from_db()
    assert (closed.merged_into, closed.is_active) == (None, True)
    assert undo not in html_of(undone)


def test_refusals_are_said_on_the_next_page(administrator, pair):
    kept, closed = pair
    client = browse(administrator)
    done = merge(keep=kept, close=closed, by=administrator, at=timezone.now())
    Merge.objects.update(undone_at=timezone.now())

    again = client.post(reverse("merges:merge", args=(kept.pk, closed.pk)), follow=True)
    undo = client.post(reverse("merges:undo", args=(done.pk,)), follow=True)

    assert [levels_of(page) for page in (again, undo)] == [["error"], ["error"]]
    assert client.get(reverse("merges:undo", args=(done.pk,))).status_code == 405


def test_list_of_merges_takes_the_same_queries(
    as_administrator, administrator, django_assert_num_queries
):
    for more in (1, 2):
        for _number in range(more):
            kept, closed = (PostingFactory(unit=unit("13384")).user for _two in range(2))
            merge(keep=kept, close=closed, by=administrator, at=timezone.now())
        as_administrator.get(reverse("merges:index"))
        with django_assert_num_queries(12):
            as_administrator.get(reverse("merges:index"))
