"""Classes from before the pass mark of 70 % go on asking what they asked."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from courses.models import CompletionRequirement

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite("changes of rows by a migration"),
]


def migrate(*targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())


@pytest.mark.parametrize(
    ("before", "after"), [({}, {"pass_percent": 50}), ({"pass_percent": 80}, {"pass_percent": 80})]
)
def test_upgrade_writes_the_implied_pass_mark(run, before, after):
    CompletionRequirement.objects.create(run=run, version=1, criterion="quizzes", params=before)
    other = CompletionRequirement.objects.create(run=run, version=1, criterion="lessons", params={})

    try:
        migrate(("courses", "0020_keep_when_a_lesson_was_opened"))
    finally:
        migrate()

    assert CompletionRequirement.objects.get(criterion="quizzes").params == after
    other.refresh_from_db()
    assert other.params == {}
