"""Posts taken up, moved and left; what was is never overwritten."""

from datetime import date

import pytest
from django.utils import translation
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting
from lms.accounts.register.domain.postings import leave, post, transfer
from lms.core.refusal import Refusal
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit

pytestmark = pytest.mark.django_db
MARCH, APRIL = date(2014, 3, 1), date(2014, 4, 1)


@pytest.fixture
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


def test_post_twice_is_one_posting(person):
    first = post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)
    again = post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=APRIL)

    assert again == first
    assert history(person) == [("13384", "collaborator", MARCH, None)]
    assert ModelLogEntry.objects.for_instance(person).count() == 1


def test_person_may_hold_two_posts(person):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)
    post(user=person, unit=unit("13384"), cadre=Cadre.COMMUNE_OFFICER, on=MARCH)

    assert len(history(person)) == 2


def test_transfer_ends_the_old_posting_the_day_before(person, bystander):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)

    transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=APRIL)

    assert history(person) == [
        ("13384", "collaborator", MARCH, date(2014, 3, 31)),
        ("13591", "collaborator", APRIL, None),
    ]


def test_transfer_may_change_the_cadre_alone(person):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)

    transfer(
        user=person,
        from_unit=unit("13384"),
        to_unit=unit("13384"),
        cadre=Cadre.COMMUNE_OFFICER,
        on=APRIL,
    )

    assert history(person) == [
        ("13384", "collaborator", MARCH, date(2014, 3, 31)),
        ("13384", "commune_officer", APRIL, None),
    ]


def test_transfer_twice_is_one_move(person):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)
    first = transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=APRIL)

    again = transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=APRIL)

    assert again == first
    assert len(history(person)) == 2
    assert ModelLogEntry.objects.filter(action="accounts.transferred").count() == 1


def test_transfer_to_where_one_is_changes_nothing(person):
    first = post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)

    same = transfer(user=person, from_unit=unit("13384"), to_unit=unit("13384"), on=APRIL)

    assert same == first
    assert history(person) == [("13384", "collaborator", MARCH, None)]


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

    with translation.override("en"), pytest.raises(Refusal) as caught:
        transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=MARCH)

    assert caught.value.code == "too_early"
    assert str(caught.value) == (
        "Trần Văn Mẫu has held this post since 01/03/2014; the change must come later."
    )
    assert history(person) == [("13384", "collaborator", MARCH, None)]


def test_transfer_from_where_nobody_is_posted_is_refused(person, bystander):
    with translation.override("en"), pytest.raises(Refusal) as caught:
        transfer(user=person, from_unit=unit("13384"), to_unit=unit("13591"), on=APRIL)

    assert caught.value.code == "no_posting"
    assert "Trần Văn Mẫu holds no post at thị trấn Quế" in str(caught.value)
    assert history(person) == []


def test_leave_keeps_the_last_day(person, bystander):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=MARCH)

    leave(user=person, unit=unit("13384"), last_day=APRIL)

    assert history(person) == [("13384", "collaborator", MARCH, APRIL)]
    assert Posting.objects.on(APRIL).filter(user=person).exists()
    assert not Posting.objects.on(date(2014, 4, 2)).filter(user=person).exists()


def test_leave_without_a_posting_is_refused(person, bystander):
    with pytest.raises(Refusal) as caught:
        leave(user=person, unit=unit("13384"), last_day=APRIL)

    assert caught.value.code == "no_posting"


def test_leave_before_the_first_day_is_refused(person):
    post(user=person, unit=unit("13384"), cadre=Cadre.COLLABORATOR, on=APRIL)

    with pytest.raises(Refusal) as caught:
        leave(user=person, unit=unit("13384"), last_day=MARCH)

    assert caught.value.code == "too_early"
