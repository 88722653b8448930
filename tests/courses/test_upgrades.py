"""Classes from before there were editions get theirs, those from before the pass mark of 70 % go
on asking what they asked, and nobody's completion moves.

One way back and forth for all: it takes six seconds.
"""

import pytest
from django.db import connection

from courses.domain.completion import evaluate_many
from courses.domain.quizzes import start_attempt
from courses.enums import RunStatus
from courses.models import (
    CompletionRequirement,
    CourseEdition,
    CourseRun,
    EditionLesson,
    EditionModule,
    EditionQuestion,
    EditionQuiz,
    Enrolment,
    QuestionVersion,
)
from tests.databases import migrate
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    ask,
    make_course,
    make_quiz,
    make_run,
    read_lessons,
)
from tests.factories.geography import make_map, unit
from tests.factories.rows import set_fields
from tests.migrating import quick_migrations

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite("changes of tables and rows by a migration"),
    # One way back and forth is enough; PostgreSQL has its own in `tests/test_last_release.py`.
    pytest.mark.skipif(connection.vendor == "postgresql", reason="upgraded by test_last_release"),
]

BEFORE = "0007_add_course_editions"


@pytest.fixture
def upgrade():
    """Go back to before the editions, lose them, and come forward again."""

    def go(prepare=lambda: None):
        try:
            with quick_migrations():
                migrate(("courses", BEFORE))
            Enrolment.objects.update(completed_edition=None)
            CourseRun.objects.update(edition=None)
            # Raw: the models of today would ask tables and columns that are not there here.
            for model in (
                *(EditionQuestion, EditionLesson, EditionQuiz, EditionModule, CourseEdition),
                QuestionVersion,
            ):
                rows = model.objects.all()
                rows._raw_delete(rows.db)
            prepare()
        finally:
            with quick_migrations():
                migrate()

    return go


def begun_attempt(run, quiz):
    """An open attempt as it was before: a question had no row until it was answered."""
    person = EnrolmentFactory(run=run, unit=unit("13384"))
    attempt = start_attempt(enrolment=person, quiz=quiz, at=EVENING)
    first, second = attempt.answers.order_by("position")
    set_fields(first, chosen=[1], answered_at=EVENING)
    second.delete()
    return attempt, [first.question_id, second.question_id]


def params_of(run):
    return dict(CompletionRequirement.objects.filter(run=run).values_list("criterion", "params"))


def test_upgrade_freezes_open_classes_keeps_marks_and_moves_no_completion(upgrade):
    make_map()
    course, taken_down = make_course(), make_course(code="cu")
    quiz = make_quiz(course.get_children().get().specific)
    run, old = make_run(course, unit("350")), make_run(taken_down, unit("350"))
    planned = make_run(course, unit("350"), status=RunStatus.PLANNED)
    ask(run, lessons={"percent": 100})
    # Nobody could complete the old class by its quizzes, for there is none.
    ask(old, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    done = EnrolmentFactory(run=old, unit=unit("13384"))
    for page in taken_down.get_descendants(inclusive=True).specific():
        page.save_revision().publish()
    attempt, asked = begun_attempt(run, quiz)
    read_lessons(done, *[row.lesson for row in old.edition.lessons.all()])
    set_fields(done, status="completed", completed_at=EVENING, completed_version=1)
    ask(planned, lessons={"percent": 80})
    # As it was before; the rules of today would ask for the mark.
    CompletionRequirement.objects.create(run=planned, version=1, criterion="quizzes", params={})
    stricter = make_run(course, unit("350"), status=RunStatus.PLANNED)
    ask(stricter, quizzes={"pass_percent": 80})
    before = Enrolment.objects.values("status", "completed_at").get(pk=done.pk)
    for page in taken_down.get_descendants(inclusive=True).specific():
        page.unpublish()

    upgrade()

    for one in (run, old, planned, done):
        one.refresh_from_db()
    assert (run.edition.lessons.count(), run.edition.quizzes.count()) == (2, 1)
    assert old.edition.lessons.count() == 2
    assert planned.edition is None
    assert params_of(planned) == {"lessons": {"percent": 80}, "quizzes": {"pass_percent": 50}}
    assert params_of(stricter) == {"quizzes": {"pass_percent": 80}}
    assert QuestionVersion.objects.count() == 2
    rows = attempt.answers.order_by("position")
    answers = rows.values_list("question_id", "version__question_id", "chosen")
    assert list(answers) == [(asked[0], asked[0], [1]), (asked[1], asked[1], [])]
    assert done.completed_edition == old.edition
    evaluate_many(run=old, enrolment_ids=[done.pk], at=EVENING)
    assert Enrolment.objects.values("status", "completed_at").get(pk=done.pk) == before
