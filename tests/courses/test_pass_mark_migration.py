"""Classes from before the pass mark of 70 % go on asking what they asked."""

import pytest

from courses.models import CompletionRequirement
from tests.databases import migrate
from tests.factories.courses import make_run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite("changes of rows by a migration"),
]


def test_upgrade_writes_the_implied_pass_mark(run):
    other_run = make_run(run.course, run.unit)
    asked = [(run, "quizzes", {}), (other_run, "quizzes", {"pass_percent": 80})]
    for one, criterion, params in [*asked, (run, "lessons", {})]:
        CompletionRequirement.objects.create(run=one, version=1, criterion=criterion, params=params)

    try:
        migrate(("courses", "0020_keep_when_a_lesson_was_opened"))
    finally:
        migrate()

    rows = CompletionRequirement.objects.values_list("run", "criterion", "params")
    assert sorted(rows) == sorted(
        [
            (run.pk, "lessons", {}),
            (run.pk, "quizzes", {"pass_percent": 50}),
            (other_run.pk, "quizzes", {"pass_percent": 80}),
        ]
    )
