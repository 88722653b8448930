"""Pairs that may be one person, as the page of data quality tells them."""

from datetime import datetime, timedelta, timezone

from django.urls import reverse

from lms.accounts.merging.quality_checks import Duplicates
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.quality import told_by

NOW = datetime(2014, 6, 1, 8, tzinfo=timezone(timedelta(hours=7)))


def pair(code):
    posts = [PostingFactory(unit=unit(code), user__year_of_birth=1980) for _n in range(2)]
    return [post.user for post in posts]


def test_pairs_are_told_in_the_own_area_and_merged_by_whom_may(coordinator, monitor):
    first, second = pair("13384")
    pair("13591")
    check = Duplicates()

    (mine,) = told_by(check, coordinator, at=NOW)
    assert mine.mend_url == reverse("merges:merge", args=(first.pk, second.pk))
    assert [line.mend_url for line in told_by(check, monitor, at=NOW)] == ["", ""]
    assert check.count_by_path(monitor, at=NOW) == {unit("13384").path: 1, unit("13591").path: 1}
    assert check.act(coordinator).url == reverse("merges:duplicates")
    assert check.act(monitor) is None


def test_two_without_a_post_stand_on_no_unit(administrator):
    PostingFactory(unit=unit("13384"), user__phone="+84912345678")
    first, second = pair("13384")
    for one in (first, second):
        one.phone_raw = "0977 000 111"
        one.save()
        one.postings.all().delete()

    assert Duplicates().count_by_path(administrator, at=NOW) == {"": 1}
    assert [line.place for line in told_by(Duplicates(), administrator, at=NOW)] == [""]
