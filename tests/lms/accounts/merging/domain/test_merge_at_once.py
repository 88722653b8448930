"""Several workers merge the same people at once, on real connections: one wins, nothing half."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from lms.accounts.merging.domain.merge import lock_pair, merge
from lms.accounts.models import Merge, Posting, User
from tests.at_once import ON_REAL_CONNECTIONS, at_once, waits_for_us
from tests.factories.accounts import PostingFactory
from tests.factories.geography import make_map, unit

pytestmark = ON_REAL_CONNECTIONS


@pytest.fixture
def people():
    make_map()
    return [
        PostingFactory(
            unit=unit("13384"), user__full_name="Trần Văn Đôi", user__phone_raw=f"{n}"
        ).user.pk
        for n in range(4)
    ]


@pytest.fixture
def root(people):
    return User.objects.create_superuser("SU1", "Ngô Văn Gốc").pk


def merge_pair(root, pair):
    kept, closed, by = (User.objects.get(pk=pk) for pk in (*pair, root))
    merge(keep=kept, close=closed, by=by, at=timezone.now())
    return "merged"


def merged_at_once(root, pairs):
    """Each pair (kept, closed) is merged by a worker of its own; what each of them came to."""
    outcomes = at_once(*(partial(merge_pair, root, pair) for pair in pairs))
    return [getattr(outcome, "code", outcome) for outcome in outcomes]


def is_whole():
    """Whoever is closed has a merge and no post; every merge has its closed record."""
    closed = dict(User.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    assert not Posting.objects.filter(user__in=closed).exists()
    assert set(Merge.objects.values_list("closed", flat=True)) == set(closed)
    assert not set(closed.values()) & set(closed)
    assert Posting.objects.count() == 4


def test_same_pair_merged_by_eight_is_merged_once(people, root):
    first, second, *_others = people

    came_to = merged_at_once(root, [(first, second)] * 8)

    assert sorted(came_to) == ["merged"] + ["merged_already"] * 7
    assert Merge.objects.count() == 1
    is_whole()


def test_pair_merged_both_ways_at_once_keeps_one_of_the_two(people, root):
    first, second, *_others = people

    came_to = merged_at_once(root, [(first, second), (second, first)] * 4)

    assert came_to.count("merged") == 1
    assert Merge.objects.count() == 1
    is_whole()


def test_pairs_that_share_a_person_never_stand_half(people, root):
    first, second, third, fourth = people
    ring = [(first, second), (second, third), (third, fourth), (fourth, first)]

    came_to = merged_at_once(root, ring * 2)

    assert set(came_to) <= {"merged", "merged_already"}
    assert came_to.count("merged") == Merge.objects.count() >= 1
    is_whole()


def test_record_merged_before_is_held_with_the_pair(people, root):
    """It goes over, too: another merge that holds it and waits for the pair would be a deadlock."""
    merged, kept, closed, _other = people
    once = {pk: User.objects.get(pk=pk) for pk in (merged, kept, closed, root)}
    merge(keep=once[closed], close=once[merged], by=once[root], at=timezone.now())

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_pair(kept, closed)
            other = pool.submit(merged_at_once, root, [(kept, merged)])
            while not waits_for_us():
                assert not other.done()
            merge(keep=once[kept], close=once[closed], by=once[root], at=timezone.now())
        assert other.result(timeout=10) == ["merged_already"]

    assert User.objects.get(pk=merged).merged_into_id == kept
