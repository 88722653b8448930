"""Whom the page of data quality names, and who is told of them."""

from datetime import date

from lms.accounts.enums import Cadre, Role
from lms.accounts.register.domain.incomplete_records import (
    with_several_posts,
    without_any_way,
    without_commune,
    without_phone,
    without_post,
)
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.geography import unit

DAY = date(2014, 6, 1)


def posted(code="13384", *, cadre=Cadre.COLLABORATOR, valid_to=None, **person):
    user = UserFactory(**person)
    return PostingFactory(user=user, unit=unit(code), cadre=cadre, valid_to=valid_to)


def people(found):
    return [post.user for post in found]


def test_who_has_no_phone_and_who_has_no_way_at_all(coordinator):
    without = posted(email="a@example.org").user
    lost = posted(phone_raw="0912", full_name="Vũ Thị An").user
    posted(phone="+84912345678")
    posted(is_active=False)
    posted(valid_to=date(2014, 5, 31))
    posted("13591")
    PostingFactory(unit=unit("13384"), cadre=Cadre.CORE_CHILD)

    assert people(without_phone(reader=coordinator, on=DAY)) == [lost, without]
    assert people(without_any_way(reader=coordinator, on=DAY)) == [lost]


def test_who_holds_two_posts_stands_once_in_the_first_of_the_own_area(coordinator, monitor):
    post = posted()
    PostingFactory(user=post.user, unit=unit("13384"), cadre=Cadre.COMMUNE_OFFICER)
    elsewhere = posted("13591")
    second = PostingFactory(user=elsewhere.user, unit=unit("13387"), valid_from=date(2014, 2, 1))
    over = posted(valid_to=DAY)
    PostingFactory(user=over.user, unit=unit("13384"), valid_from=date(2014, 6, 2))

    found = with_several_posts(reader=coordinator, on=DAY)
    assert set(found) == {post, second}
    assert set(with_several_posts(reader=monitor, on=DAY)) == {post, elsewhere}


def test_people_of_a_commune_whose_post_stands_on_a_district(coordinator):
    lost = posted("350")
    posted("350", cadre=Cadre.DISTRICT_OFFICER)
    posted("13384")
    posted("350", is_active=False)

    assert list(without_commune(reader=coordinator, on=DAY)) == [lost]


def test_open_accounts_without_a_post_are_told_where_the_last_one_was(
    coordinator, administrator, monitor
):
    left = posted(valid_to=date(2014, 5, 31)).user
    moved = posted(valid_to=date(2014, 3, 1)).user
    PostingFactory(
        user=moved, unit=unit("13591"), valid_from=date(2014, 3, 2), valid_to=date(2014, 5, 1)
    )
    to_come = posted(valid_to=date(2014, 5, 31)).user
    PostingFactory(user=to_come, unit=unit("13384"), valid_from=date(2014, 6, 2))
    posted(valid_to=date(2014, 5, 31), is_active=False)
    never = UserFactory()
    make_official(Role.TRAINER, "350")

    assert list(without_post(reader=coordinator, on=DAY)) == [left]
    assert set(without_post(reader=monitor, on=DAY)) == {left, moved}
    assert set(without_post(reader=administrator, on=DAY)) == {left, moved, never}
