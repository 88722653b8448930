"""Names that were stored with look-alikes before they were cleaned."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from lms.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_stored_names_are_cleaned_with_what_is_derived_of_them():
    spoiled = UserFactory(full_name="Đỗ Văn Đạt", staff_code="HN00077")
    whole = UserFactory(full_name="Lê Thị Bé")
    User.objects.filter(pk=spoiled.pk).update(
        full_name="Ðỗ\u200b Văn Ðạt\u00a0",
        given_name="x",
        sort_key="",
        folded_name="ðo",
        search_text="",
    )
    before = User.objects.filter(pk=whole.pk).values().get()

    migration = import_module("lms.accounts.migrations.0014_clean_names_of_look_alikes")
    migration.clean_names(apps, SimpleNamespace(connection=connection))

    names = ("full_name", "given_name", "sort_key", "folded_name", "search_text")
    assert User.objects.filter(pk=spoiled.pk).values(*names).get() == {
        name: getattr(spoiled, name) for name in names
    }
    assert User.objects.filter(pk=whole.pk).values().get() == before
