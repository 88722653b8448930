"""Posts taken up, moved and left; what was is never overwritten."""

from datetime import date

import pytest
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting
from lms.accounts.register.domain.postings import (
    PostingWrite,
    post,
    transfer,
    write_postings,
)
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.reading import numbers
from tests.refusing import raises_refusal
from tests.shared import shared

MARCH, APRIL, MAY = date(2014, 3, 1), date(2014, 4, 1), date(2014, 5, 1)


@shared
def person(edition):
    return UserFactory(full_name="Trần Văn Mẫu")


@pytest.fixture
def bystander(edition):
    """Somebody else's posts must stay as they are."""
    posting = PostingFactory(unit=unit("13384"), valid_from=MARCH)
    yield posting
    posting.refresh_from_db()
    assert posting.valid_to is None


def history(person):
    postings = Posting.objects.filter(user=person).order_by("valid_from", "pk")
    return [(p.unit.code, p.cadre, p.valid_from, p.valid_to) for p in postings]


def test_post_opens_a_posting_and_is_logged(person):
    by = UserFactory()

    posting = post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH, by=by)

    assert history(person) == [("13384", "collaborator", MARCH, None)]
    entry = ModelLogEntry.objects.for_instance(person).get()
    assert (entry.action, entry.user) == ("accounts.posted", by)
    assert entry.data["posting"] == str(posting)


def test_post_twice_and_transfer_to_where_one_is_are_one_posting(person):
    first = post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)
    again = post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=APRIL)
    same = transfer(user=person, from_unit=unit("13384"), to_unit=unit("13384"), on=APRIL)

    assert first == again == same
    assert history(person) == [("13384", "collaborator", MARCH, None)]
    assert ModelLogEntry.objects.for_instance(person).count() == 1


def test_transfer_twice_ends_the_old_posting_once_the_day_before(person, bystander):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)
    asked = {"user": person, "from_unit": unit("13384"), "to_unit": unit("13591"), "on": APRIL}

    assert transfer(**asked) == transfer(**asked)

    assert history(person) == [
        ("13384", "collaborator", MARCH, date(2014, 3, 31)),
        ("13591", "collaborator", APRIL, None),
    ]
    assert ModelLogEntry.objects.filter(action="accounts.transferred").count() == 1


def test_person_may_hold_two_posts_and_change_the_cadre_of_one(person):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)
    post(user=person, unit=unit("13591"), cadre=Cadre.COLLABORATOR, on=MARCH)
    place = unit("13384")

    transfer(user=person, from_unit=place, to_unit=place, cadre=Cadre.COMMUNE_OFFICER, on=APRIL)

    assert sorted(history(person), key=lambda row: (row[0], row[2])) == [
        ("13384", "collaborator", MARCH, date(2014, 3, 31)),
        ("13384", "commune_officer", APRIL, None),
        ("13591", "collaborator", MARCH, None),
    ]


def test_transfer_joins_a_posting_held_there_already(person):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)
    there = post(user=person, unit=unit("13591"), cadre=Cadre.COLLABORATOR, on=MARCH)

    joined = transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=APRIL)

    assert joined == there
    assert history(person) == [
        ("13384", "collaborator", MARCH, date(2014, 3, 31)),
        ("13591", "collaborator", MARCH, None),
    ]


def test_transfer_before_the_posting_lasted_a_day_is_refused(person):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)

    with raises_refusal("too_early") as caught:
        transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=MARCH)

    assert numbers(caught.value.message) == [1, 3, 2014]
    assert history(person) == [("13384", "collaborator", MARCH, None)]


def test_transfer_from_where_nobody_is_posted_is_refused(person, bystander):
    with raises_refusal("no_posting") as caught:
        transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=APRIL)

    assert "Trần Văn Mẫu" in caught.value.message
    assert "thị trấn Quế" in caught.value.message
    assert history(person) == []


# --- Many at once -----------------------------------------------------------


def opened(person, code, on):
    return Posting(
        user=person, unit=unit(code), cadre=Cadre.COLLABORATOR, valid_from=on, consent=None
    )


def test_two_posts_change_places_in_one_write(person, bystander):
    """What one write takes, another ends: the old one makes room first."""
    last = date(2014, 3, 31)
    here, there = (
        PostingFactory(user=person, unit=unit(code), valid_from=MARCH)
        for code in ("13384", "13591")
    )

    done = write_postings(
        writes=[
            PostingWrite(ends=here, last_day=last, takes=opened(person, "13591", APRIL)),
            PostingWrite(ends=there, last_day=last, takes=opened(person, "13384", APRIL)),
        ]
    )

    assert [written.is_new for written in done] == [True, True]
    assert history(person) == [
        ("13384", "collaborator", MARCH, date(2014, 3, 31)),
        ("13591", "collaborator", MARCH, date(2014, 3, 31)),
        ("13591", "collaborator", APRIL, None),
        ("13384", "collaborator", APRIL, None),
    ]


def test_same_post_taken_twice_in_one_write_is_one(person):
    done = write_postings(
        writes=[
            PostingWrite(takes=opened(person, "13384", MARCH)),
            PostingWrite(takes=opened(person, "13384", APRIL)),
        ]
    )

    assert [written.is_new for written in done] == [True, False]
    assert done[0].posting == done[1].posting
    assert history(person) == [("13384", "collaborator", MARCH, None)]


def test_post_that_began_after_its_last_day_is_put_right_in_its_place(person):
    wrong = PostingFactory(user=person, unit=unit("13384"), valid_from=APRIL)

    [written] = write_postings(
        writes=[PostingWrite(ends=wrong, last_day=MARCH, takes=opened(person, "13591", MARCH))]
    )

    assert (written.posting, written.is_new) == (wrong, False)
    assert history(person) == [("13591", "collaborator", APRIL, None)]


def test_post_that_began_after_its_last_day_ends_where_it_began(person):
    wrong = PostingFactory(user=person, unit=unit("13384"), valid_from=APRIL)

    write_postings(writes=[PostingWrite(ends=wrong, last_day=MARCH)])

    wrong.refresh_from_db()
    assert (wrong.valid_from, wrong.valid_to) == (APRIL, APRIL)


def test_write_tells_each_row_that_it_changed(person):
    old = PostingFactory(user=person, unit=unit("13384"), valid_from=MARCH)

    [written] = write_postings(
        writes=[PostingWrite(ends=old, last_day=APRIL, takes=opened(person, "13591", MAY))]
    )

    ended, begun = written.changes
    assert (ended.pk, ended.is_new, ended.fields) == (old.pk, False, {"valid_to": [None, APRIL]})
    assert (begun.pk, begun.is_new) == (written.posting.pk, True)
    assert begun.fields == {
        "unit_id": [None, unit("13591").pk],
        "cadre": [None, Cadre.COLLABORATOR],
        "valid_from": [None, MAY],
        "valid_to": [None, None],
    }
    assert {ended.group, begun.group} == {"post"}


@pytest.mark.parametrize("count", [1, 30])
def test_statements_do_not_grow_with_the_posts(edition, django_assert_num_queries, count):
    posts = PostingFactory.create_batch(count, unit=unit("13384"), valid_from=MARCH)
    there = unit("13591")
    writes = [
        PostingWrite(
            ends=one,
            last_day=date(2014, 3, 31),
            takes=Posting(user=one.user, unit=there, cadre=one.cadre, valid_from=APRIL),
        )
        for one in posts
    ]

    with django_assert_num_queries(3):
        write_postings(writes=writes)

    assert Posting.objects.filter(unit=there, valid_to=None).count() == count
