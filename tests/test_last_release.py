"""A database of the last release, with a row of everything in it, becomes one of today."""

from contextlib import nullcontext

import pytest
from django.db import connection

from certificates.domain.auditing import Fault, audit_register
from lms.ops.facts import gather_facts
from tests.databases import migrate
from tests.migrating import quick_migrations
from tests.releases import released_database

pytestmark = pytest.mark.sqlite("changes of tables and rows by migrations")

# Rows that migrations may make, take away or put elsewhere.
CHANGED = {
    *("django_migrations", "django_content_type", "auth_permission"),
    *("auth_group_permissions", "wagtailsearch_indexentry"),
}
# Tables whose rows went over into one of our own.
MOVED = {
    "wagtaildocs_document": "courses_coursedocument",
    "wagtailimages_image": "courses_courseimage",
}


def statuses() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, user_id, run_id, status, completed_at FROM courses_enrolment ORDER BY id"
        )
        return cursor.fetchall()


@pytest.fixture
def upgraded(tmp_path, django_db_blocker, django_test_environment):
    """What was there before, in the database as it is after."""
    with django_db_blocker.unblock(), released_database(tmp_path):
        before, enrolled = gather_facts("default"), statuses()
        # As Django does it on PostgreSQL: what a step in Python meets is the same on both.
        with quick_migrations() if connection.vendor == "sqlite" else nullcontext():
            migrate()
        yield before, enrolled


def test_people_classes_and_certificates_are_still_there(upgraded):
    before, enrolled = upgraded
    after = gather_facts("default")

    lost = {
        table: (count, after.tables.get(table))
        for table, count in before.tables.items()
        if after.tables.get(MOVED.get(table, table), 0) < count and table not in CHANGED
    }
    assert lost == {}
    assert after.proofs == before.proofs
    assert before.proofs["certificates"]["count"] > 0
    assert statuses() == enrolled
    # The papers themselves lie in no database; another test may have left one of the same name.
    papers = {Fault.FILE_MISSING, Fault.FILE_CHANGED}
    assert {finding.fault for finding in audit_register()} <= papers
