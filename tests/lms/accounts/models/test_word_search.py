"""People found by parts of their names: by the index what a look at each row would find."""

from functools import reduce

import pytest
from django.apps import apps
from django.db import connection, transaction

from lms.accounts.models import Posting, User
from lms.core.text import fold
from lms.core.word_search import make_indexes, rebuild_indexes
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("FTS5 here, pg_trgm there")]
NAMES = ("Cao Thị Kim Ái", "Phan Thị Hạ", "Lê Hạnh", "Đặng Ê Ban", "H'Hen Niê", "A_B% Thị")
INDEX = "accounts_user_search_text_fts"


def by_each_word(text):
    contains = ({"search_text__contains": word} for word in fold(text).split())
    return set(reduce(lambda rows, one: rows.filter(**one), contains, User.objects.all()))


@shared
def people(edition):
    return [PostingFactory(user__full_name=name, unit=unit("13384")) for name in NAMES]


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("cao thi kim ai", 1),
        ("Thị", 3),
        ("anh", 1),
        ("hạ", 2),
        ("ha thi", 1),
        ("h'hen", 1),
        ("b%", 1),
        ("a_b", 1),
        ('"cao', 0),
        ("cao AND thi", 0),
        ("cao OR thi", 0),
        ("thi*", 0),
        ("", 6),
        ("cao thi kim aod cao1 cao2 cao3 cao4 cao5 cao6", 0),
    ],
)
def test_index_finds_what_each_row_holds(people, typed, count):
    found = User.objects.search(typed)

    assert set(found) == by_each_word(typed)
    assert found.filter(postings__isnull=False).count() == count
    assert Posting.objects.filter(user__search_text__holds=fold(typed)).count() == count


def test_index_follows_each_way_of_writing():
    person, other = (UserFactory(full_name=name) for name in ("Cao Thị Tươi", "Đỗ Văn Xuyên"))

    person.full_name = "Cao Thị Thắm"
    person.save()
    User.objects.filter(pk=other.pk).update(search_text="do van bien")

    assert [User.objects.search(text).count() for text in ("tuoi", "tham", "xuyen", "bien")] == [
        *(0, 1, 0, 1)
    ]
    other.delete()
    [again] = User.objects.bulk_create([User(staff_code="TR-1", full_name="Đỗ Văn Biên")])
    assert [one.pk for one in User.objects.search("bien")] == [again.pk]


def test_words_of_three_letters_are_looked_up_in_the_index():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = User.objects.search("thi huong").in_name_order().explain()

    assert ("person_by_letters" if connection.vendor == "postgresql" else "VIRTUAL TABLE") in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the index beside the table of SQLite")
def test_index_is_made_anew_once_a_migration_has_made_the_table_anew():
    person = UserFactory(full_name="Cao Thị Thắm")
    with connection.cursor() as cursor:
        for event in ("insert", "update", "delete"):
            cursor.execute(f"DROP TRIGGER {INDEX}_{event}")
    User.objects.filter(pk=person.pk).update(search_text="cao thi tuoi")
    assert not User.objects.search("tuoi").exists()

    make_indexes(apps.get_app_config("accounts"), using="default")

    assert User.objects.search("tuoi").get() == person
    assert not User.objects.search("tham").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL clears its index itself")
def test_nothing_of_the_deleted_stays_in_an_index_written_anew():
    def size():
        rebuild_indexes(connection)
        with transaction.atomic():
            """FTS5 writes down what it has in mind."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT sum(length(block)) FROM {INDEX}_data")  # noqa: S608
            return cursor.fetchone()[0]

    UserFactory(full_name="Cao Thị Thắm")
    before = size()
    person = UserFactory(full_name="Đỗ Quỳnh Xuyến")
    assert size() > before

    person.delete()

    assert size() == before
