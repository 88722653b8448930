"""Columns worked out from other columns."""

import pytest
from django.db.migrations.writer import MigrationWriter

from lms.accounts.models import User
from lms.core.fields import DerivedTextField
from lms.core.text import sort_key
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("letters are stored and compared")]


def test_derived_columns_are_written_on_save_and_follow_their_source_whatever_is_set_by_hand():
    user = UserFactory(full_name="Đỗ Thị Hương", staff_code="HN1", phone="+84912345678")
    stored = User.objects.values("given_name", "search_text", "sort_key").get(pk=user.pk)
    assert stored == {
        "given_name": "Hương",
        "search_text": "do thi huong hn1 +84912345678",
        "sort_key": sort_key("Đỗ Thị Hương"),
    }

    user.full_name, user.given_name = "Đỗ Thị Hoa", "Khác"
    user.save()
    assert User.objects.get(pk=user.pk).given_name == "Hoa"


def test_derived_columns_are_written_by_bulk_create():
    User.objects.bulk_create([User(staff_code="HN2", full_name="Lê Văn Ân")])

    assert User.objects.get(staff_code="HN2").given_name == "Ân"


def test_derived_text_is_cut_to_its_column():
    field = DerivedTextField(max_length=3, sources=("full_name",), derive=str.upper)
    field.set_attributes_from_name("given_name")

    assert field.pre_save(User(full_name="abcdef"), add=True) == "ABC"


def test_column_of_a_migration_keeps_what_it_has():
    # A migration knows no derive function; it must not wipe the column.
    field = DerivedTextField(max_length=50)
    field.set_attributes_from_name("given_name")

    assert field.pre_save(User(full_name="Lê Văn Ân", given_name="Ân"), add=False) == "Ân"


def test_migrations_do_not_hold_the_function():
    written, _imports = MigrationWriter.serialize(
        DerivedTextField(max_length=50, sources=("full_name",), derive=str.upper)
    )

    assert written == "lms.core.fields.DerivedTextField(max_length=50)"
