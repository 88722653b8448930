"""Codes that differed in case alone, at the upgrade to a version that counts them as the same."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from courses.models import Question

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("the constraints of each database")]

upgrade = import_module("courses.migrations.0004_tell_codes_apart_whatever_case")


def test_later_code_gets_a_number():
    with connection.cursor() as cursor:
        # Comes back with the end of the test.
        cursor.execute("DROP INDEX question_key_once")
    long = "A" * 40
    keys = ["TV-Q01", "tv-q01", "Tv-Q01", "TV-Q01-2", "TV-Q02", long, long.lower()]
    pks = [Question.objects.create(key=key).pk for key in keys]

    upgrade.tell_apart(apps, None)

    held = Question.objects.in_bulk(pks)
    assert [held[pk].key for pk in pks] == [
        "TV-Q01", "tv-q01-3", "Tv-Q01-4", "TV-Q01-2", "TV-Q02", long, "a" * 38 + "-2",
    ]  # fmt: skip
