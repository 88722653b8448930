from datetime import datetime

import pytest

from courses.domain.reviewing import count_to_review, questions_to_review
from courses.enums import QuizPurpose
from courses.models import (
    EditionDraw,
    EditionPoolQuestion,
    EditionQuiz,
    Question,
    QuizAttempt,
    QuizDraw,
    QuizQuestion,
)
from lms.accounts.enums import Role
from lms.accounts.models.people import know_scopes
from tests.factories.accounts import UserFactory, make_official
from tests.factories.courses import HANOI, EnrolmentFactory, make_run, put_question
from tests.factories.geography import unit

AT = datetime(2014, 5, 6, 9, 0, tzinfo=HANOI)


@pytest.fixture
def trainer(trainer, run):
    run.trainers.add(trainer)
    return trainer


@pytest.fixture
def questions(quiz):
    return list(Question.objects.order_by("key"))


def answered(question, run, *rights, is_submitted=True, commune="13387", **enrolled):
    """One attempt of a new trainee for each answer."""
    for is_right in rights:
        enrolment = EnrolmentFactory(run=run, unit=unit(commune), **enrolled)
        scored = {"submitted_at": AT, "score": 0, "max_score": 1, "percent": 0}
        attempt = QuizAttempt.objects.create(
            enrolment=enrolment,
            quiz=question.in_quizzes.get().quiz,
            number=1,
            started_at=AT,
            **(scored if is_submitted else {}),
        )
        put_question(attempt, question, is_correct=is_right, answered_at=AT)


def found(reader):
    return [
        (review.question.key, review.is_unused, review.right, review.answered)
        for review in questions_to_review(questions=Question.objects.all(), reader=reader)
    ]


def test_question_in_no_quiz_is_found_unless_a_class_or_a_quiz_draws_it(
    quiz, questions, trainer, run, lessons
):
    QuizQuestion.objects.filter(question=questions[1]).delete()
    assert found(trainer) == [("M01-Q02", True, 0, 0)]

    asked = EditionQuiz.objects.get(edition=run.edition_id, quiz=quiz)
    draw = EditionDraw.objects.create(quiz=asked, count=1, position=1)
    EditionPoolQuestion.objects.create(draw=draw, question=questions[1])
    assert found(trainer) == []

    draw.delete()
    Question.objects.filter(pk=questions[1].pk).update(lesson=lessons[0])
    QuizDraw.objects.create(quiz=quiz, count=1)
    assert found(trainer) == []


def test_answers_out_of_sight_and_to_a_pre_test_are_not_counted(questions, run, trainer):
    answered(questions[0], run, *[False] * 5)
    assert found(make_official(Role.TRAINER, "353")) == []
    EditionQuiz.objects.update(purpose=QuizPurpose.PRE_TEST, max_attempts=1)

    assert found(trainer) == []


def test_many_readers_are_counted_what_each_finds_alone(
    course, run, questions, trainer, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("courses.domain.reviewing.READERS_AT_ONCE", 4)
    away = make_run(course, unit("353"))
    both, idle = make_official(Role.TRAINER, "353"), make_official(Role.TRAINER, "350")
    run.trainers.add(both)
    answered(questions[0], run, *[False] * 4)
    answered(questions[0], away, False, commune="13591", user=both)
    answered(questions[1], run, *[False] * 5, commune="13591")
    Question.objects.filter(pk=questions[0].pk).update(explanation="")
    admins = [make_official(Role.ADMINISTRATOR, code) for code in ("350", "35")]
    readers = [trainer, both, idle, *admins, UserFactory(is_superuser=True)]
    know_scopes(readers)

    # Those to complete, and once for four readers and for three.
    with django_assert_num_queries(3):
        counts = count_to_review(readers=readers)

    found = [(counts[one.pk].poor, counts[one.pk].unfinished) for one in readers]
    assert found == [(1, 1), (2, 0), (0, 1), (0, 1), (2, 0), (2, 0)]
    for reader in readers:
        reviews = questions_to_review(questions=Question.objects.all(), reader=reader)
        alone = sum(one.is_poor for one in reviews), sum(bool(one.missing) for one in reviews)
        poor_too = sum(one.is_poor and bool(one.missing) for one in reviews)
        count = counts[reader.pk]
        assert (count.poor, count.unfinished + poor_too) == alone
    with django_assert_num_queries(2):
        assert count_to_review(readers=readers[:1]) == {trainer.pk: counts[trainer.pk]}


def test_question_that_most_get_wrong_at_first_is_found(questions, run, trainer):
    answered(questions[0], run, True, True, False, False, False)
    assert found(trainer) == [("M01-Q01", False, 2, 5)]

    for attempt in QuizAttempt.objects.filter(answers__is_correct=False):
        QuizAttempt.objects.create(
            enrolment=attempt.enrolment, quiz=attempt.quiz, number=2, started_at=AT,
            submitted_at=AT, score=1, max_score=1, percent=100,
        )  # fmt: skip
    for second in QuizAttempt.objects.filter(number=2):
        put_question(second, questions[0], is_correct=True, answered_at=AT)
    assert found(trainer) == [("M01-Q01", False, 2, 5)]


@pytest.mark.parametrize(
    ("answers", "is_submitted"),
    [([True] * 3 + [False] * 3, True), ([False] * 4, True), ([False] * 5, False)],
    ids=["half are right", "few", "not yet submitted"],
)
def test_answers_that_say_nothing_of_the_question(questions, run, trainer, answers, is_submitted):
    answered(questions[0], run, *answers, is_submitted=is_submitted)

    assert found(trainer) == []


def test_question_to_complete_comes_after_the_worst(questions, run, trainer):
    answered(questions[1], run, *[False] * 5)
    Question.objects.filter(pk=questions[0].pk).update(explanation="", as_of="")

    reviews = questions_to_review(questions=Question.objects.all(), reader=trainer)

    assert [(one.question.key, len(one.missing)) for one in reviews] == [
        ("M01-Q02", 0),
        ("M01-Q01", 2),
    ]


def test_worst_question_comes_first_and_unused_ones_last(questions, run, trainer):
    answered(questions[0], run, True, True, False, False, False)
    answered(questions[1], run, True, False, False, False, False)
    Question.objects.create(key="A-NEW", text="?", explanation="–", source="–", as_of="2014")

    assert [key for key, *_ in found(trainer)] == ["M01-Q02", "M01-Q01", "A-NEW"]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_constant(run, trainer, django_assert_num_queries, rows):
    for number in range(rows):
        Question.objects.create(
            key=f"N{number}", text="?", explanation="–", source="–", as_of="2014"
        )
    assert trainer.scope

    with django_assert_num_queries(3):
        assert len(found(trainer)) == rows
