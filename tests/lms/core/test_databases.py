import sqlite3
from contextlib import closing

import pytest
from django.db import ConnectionHandler, IntegrityError, transaction

from lms.accounts.models import User
from lms.core.databases import is_repeat
from lms.messaging.models import WayHealth
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.sqlite("raw SQL")


@pytest.mark.django_db
def test_bulk_create_of_five_hundred_is_one_statement(django_assert_num_queries):
    people = UserFactory.build_batch(500)
    with django_assert_num_queries(1):
        User.objects.bulk_create(people)
    assert User.objects.count() == 500


@pytest.mark.django_db
def test_rows_that_are_still_read_keep_nobody_from_writing_on_sqlite(tmp_path):
    """Another process writes while this one has rows left to read, and wants to write itself."""
    path = tmp_path / "one.sqlite3"
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
    known = {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options}
    mine = ConnectionHandler({"default": known})["default"]
    with closing(mine), closing(sqlite3.connect(path)) as other:
        with mine.schema_editor() as editor:
            editor.create_model(WayHealth)
        rows = [(f"{number}",) for number in range(300)]
        insert = "INSERT INTO messaging_wayhealth (way, failures, last_detail, accepted) VALUES (?, 0, '', 0)"
        other.executemany(insert, rows)
        other.commit()

        query = WayHealth.objects.values_list("way").query
        found = query.get_compiler(connection=mine).results_iter(chunked_fetch=True, chunk_size=100)
        next(found)
        other.execute(insert, ("last",))
        other.commit()
        mine.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

        assert len(list(found)) == 299


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "is_same"), [({"staff_code": "A"}, True), ({"sex": None}, False)]
)
def test_row_that_is_there_already_is_told_from_one_that_is_wrong(wrong, is_same):
    UserFactory(staff_code="A")
    other = UserFactory(staff_code="B")
    with pytest.raises(IntegrityError) as found, transaction.atomic():
        User.objects.filter(pk=other.pk).update(**wrong)

    assert is_repeat(found.value) == is_same
