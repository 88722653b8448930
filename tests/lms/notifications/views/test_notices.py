"""A person's own notices in the site, and their number above every page."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from lms.notifications.models import Notice
from tests.factories.accounts import UserFactory, browse
from tests.factories.notifications import NoticeFactory
from tests.shared import shared

LIST = reverse("notices:list")


@shared
def notices(db):
    person = UserFactory()
    NoticeFactory(subject="Của người khác")
    return [
        NoticeFactory(reminder__user=person, written_at=timezone.now() - timedelta(days=number))
        for number in range(3)
    ]


@pytest.fixture
def client(notices):
    return browse(notices[0].user)


def page_of(client, address=LIST):
    return BeautifulSoup(client.get(address).content, "html.parser")


def count_in(page):
    badge = page.select_one(f'header a[href="{LIST}"] .badge')
    return int(badge.contents[0]) if badge else 0


def test_own_notices_stand_in_a_list_the_newest_first_and_who_was_told_nothing_reads_so(
    client, notices
):
    page = page_of(client)

    titles = [one.text.strip() for one in page.select("main .item__title")]
    assert titles == [one.subject for one in notices]
    assert len(page.select("main .badge")) == 3
    assert count_in(page) == 3
    page = page_of(browse(UserFactory()))
    assert page.select_one("main .empty")
    assert count_in(page) == 0


def test_notice_is_read_when_it_is_opened(client, notices):
    address = reverse("notices:notice", args=[notices[1].pk])

    page = page_of(client, address)

    assert notices[1].text in page.select_one("main").text
    assert count_in(page) == count_in(page_of(client)) == 2
    assert list(Notice.objects.exclude(read_at=None)) == [notices[1]]
    assert count_in(page_of(client, address)) == 2


def test_notice_is_not_read_by_a_browser_that_looks_ahead(client, notices):
    address = reverse("notices:notice", args=[notices[0].pk])

    client.get(address, headers={"sec-purpose": "prefetch;prerender"})
    client.head(address)

    assert not Notice.objects.exclude(read_at=None).exists()


def test_all_are_read_at_once(client, notices):
    assert client.get(reverse("notices:read_all")).status_code == 405

    client.post(reverse("notices:read_all"))

    assert count_in(page_of(client)) == 0
    assert Notice.objects.unread().get().subject == "Của người khác"


def test_list_and_count_cost_the_same_for_one_and_for_many(client, django_assert_num_queries):
    client.get(LIST)
    # The browser session, the person with the count, how many there are, the page.
    with django_assert_num_queries(4):
        client.get(LIST)
    Notice.objects.exclude(pk=Notice.objects.first().pk).delete()
    with django_assert_num_queries(4):
        client.get(LIST)


def test_list_is_leafed_through(client, notices):
    for _ in range(20):
        NoticeFactory(reminder__user=notices[0].user)

    assert len(page_of(client).select("main li")) == 20
    assert len(page_of(client, f"{LIST}?page=2").select("main li")) == 3
