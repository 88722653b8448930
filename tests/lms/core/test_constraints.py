"""A foreign key of two columns, kept by the database itself."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.writer import MigrationWriter

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.core.constraints import PairedForeignKey
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit

pytestmark = pytest.mark.sqlite("the constraints of each database")

PAIR = PairedForeignKey(name="one", key="user", with_="is_minimal", agrees="is_minimal")


def refuses(write):
    """The database says no, at the latest when the transaction ends."""

    def write_to_the_end():
        with transaction.atomic():
            write()
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        write_to_the_end()


def test_row_that_agrees_is_written_and_neither_side_may_disagree(edition):
    child = PostingFactory(unit=unit("13384"), cadre=Cadre.CORE_CHILD)
    connection.check_constraints()
    assert (child.is_minimal, child.user.is_minimal) == (True, True)

    full = PostingFactory(unit=unit("13384")).user
    post = {"unit": unit("13384"), "valid_from": date(2014, 1, 1), "valid_to": date(2014, 2, 1)}
    refuses(lambda: Posting.objects.create(user=full, cadre=Cadre.CORE_CHILD, **post))
    unusable = {"password": "!", "is_minimal": True}
    refuses(lambda: User.objects.filter(pk=full.pk).update(**unusable))


def test_constraint_is_written_into_a_migration_and_compared():
    text, imports = MigrationWriter.serialize(PAIR)

    assert text == (
        "lms.core.constraints.PairedForeignKey(agrees='is_minimal', key='user', name='one', "
        "with_='is_minimal')"
    )
    assert imports == {"import lms.core.constraints"}
    assert PAIR.clone() == PAIR
    assert PairedForeignKey(name="two", key="user", with_="cadre", agrees="is_minimal") != PAIR
    assert PAIR != "one"


def test_constraint_can_be_taken_away_and_put_back():
    """As a later migration would: the table is altered on PostgreSQL, made anew on SQLite."""
    found = next(one for one in Posting._meta.constraints if isinstance(one, PairedForeignKey))
    editor = connection.schema_editor(collect_sql=True)
    taken, given = found.remove_sql(Posting, editor), found.create_sql(Posting, editor)

    assert taken == 'ALTER TABLE "accounts_posting" DROP CONSTRAINT "posting_of_the_same_kind"'
    assert given.startswith(
        'ALTER TABLE "accounts_posting" ADD CONSTRAINT "posting_of_the_same_kind" FOREIGN KEY '
        '("user_id", "is_minimal") REFERENCES "accounts_user" ("id", "is_minimal")'
    )
