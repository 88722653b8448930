from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.pass_mark import pass_percent
from courses.domain.quizzes import (
    answer_question,
    answers_of,
    percent_of,
    result_of,
    start_attempt,
    submit_attempt,
)
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment, QuestionOption, QuizAttempt
from tests.factories.courses import (
    EVENING,
    ask,
    make_course,
    make_quiz,
    questions_in,
    refreeze,
)
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("JSON that is asked by its keys, written and read"),
]

LATER = EVENING + timedelta(minutes=10)


@shared
def attempt(enrolment, quiz):
    return start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)


@pytest.fixture
def questions(quiz):
    return questions_in(quiz)


def option(question, *, right):
    return question.options.get(is_correct=right)


def answer(attempt, question, *, right, at=EVENING):
    chosen = [option(question, right=right).pk]
    return answer_question(attempt=attempt, question_id=question.pk, chosen=chosen, at=at)


def test_next_attempt_has_its_number_and_asks_the_question_as_it_is_then(
    enrolment, quiz, attempt, questions
):
    submit_attempt(attempt=attempt, at=EVENING)
    set_fields(questions[0], text="Câu hỏi đã sửa")

    second = start_attempt(enrolment=enrolment, quiz=quiz, at=LATER)

    assert (attempt.number, second.number) == (1, 2)
    asked = [(one.version.text, one.version.number) for one in answers_of(attempt=second)]
    assert asked == [("Câu hỏi đã sửa", 2), ("Câu hỏi 2", 1)]
    with raises_refusal("attempt_submitted"):
        answer(attempt, questions[0], right=True)


def test_start_attempt_goes_on_with_the_open_one_and_after_the_last_is_refused(
    enrolment, quiz, attempt
):
    assert start_attempt(enrolment=enrolment, quiz=quiz, at=LATER) == attempt
    set_fields(quiz, max_attempts=1)
    refreeze()
    submit_attempt(attempt=attempt, at=EVENING)

    with raises_refusal("attempts_used_up"):
        start_attempt(enrolment=enrolment, quiz=quiz, at=LATER)


def test_start_attempt_of_another_course_or_after_withdrawal_is_refused(enrolment, quiz):
    other = make_quiz(make_course(code="khac").get_children().get().specific, prefix="KHAC-")
    with raises_refusal("quiz_not_in_run"):
        start_attempt(enrolment=enrolment, quiz=other, at=EVENING)

    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    with raises_refusal("enrolment_withdrawn"):
        start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)


def test_second_open_attempt_is_impossible(enrolment, quiz, attempt):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuizAttempt.objects.create(enrolment=enrolment, quiz=quiz, number=2, started_at=EVENING)


def test_answer_question_keeps_the_last_choice_unjudged(attempt, questions):
    answer(attempt, questions[0], right=False)
    answer(attempt, questions[0], right=True, at=LATER)

    kept = attempt.answers.get(question=questions[0])
    assert kept.chosen == [option(questions[0], right=True).pk]
    assert kept.answered_at == LATER
    assert kept.is_correct is None


def test_answer_question_with_none_two_or_a_foreign_option_or_of_another_quiz_is_refused(
    attempt, questions
):
    for chosen, code in (
        ([option(questions[1], right=True).pk], "answer_foreign"),
        ([], "answer_empty"),
        ([one.pk for one in questions[0].options.all()], "answer_not_single"),
    ):
        with raises_refusal(code):
            answer_question(attempt=attempt, question_id=questions[0].pk, chosen=chosen, at=EVENING)
    module = make_course(code="khac").get_children().get().specific
    other = make_quiz(module, questions=1, prefix="KHAC-")
    with raises_refusal("question_not_in_quiz"):
        answer(attempt, questions_in(other)[0], right=True)


@pytest.mark.parametrize("status", [RunStatus.OPEN, RunStatus.CLOSED])
def test_submit_attempt_scores_and_completes_even_after_the_class_closed(
    run, enrolment, attempt, questions, status
):
    ask(run, quizzes={"pass_percent": 50})
    answer(attempt, questions[0], right=True)
    answer(attempt, questions[1], right=False)
    CourseRun.objects.update(status=status)

    submitted = submit_attempt(attempt=attempt, at=LATER)

    submitted.refresh_from_db()
    enrolment.refresh_from_db()
    scored = (submitted.score, submitted.max_score, submitted.percent, submitted.submitted_at)
    assert scored == (1, 2, 50, LATER)
    assert [a.is_correct for a in submitted.answers.order_by("pk")] == [True, False]
    assert enrolment.status == EnrolmentStatus.COMPLETED


def test_submit_attempt_counts_no_answer_as_wrong_and_twice_keeps_the_first_result(
    attempt, questions
):
    answer(attempt, questions[1], right=True)

    submitted = submit_attempt(attempt=attempt, at=EVENING)

    unanswered = submitted.answers.get(question=questions[0])
    assert submitted.percent == 50
    assert (unanswered.chosen, unanswered.is_correct) == ([], False)
    QuestionOption.objects.update(is_correct=False)
    again = submit_attempt(attempt=attempt, at=LATER)
    assert (again.score, again.submitted_at) == (1, EVENING)


def change_everything(questions):
    """The key turned round, other words, an answer gone and one more."""
    for question in questions:
        set_fields(question, text="Câu khác", explanation="Khác", source="Khác")
        wrong = question.options.get(is_correct=False)
        question.options.filter(is_correct=True).delete()
        set_fields(wrong, is_correct=True)
        question.options.create(text="Phương án mới", is_correct=False)


def test_attempt_asks_the_same_to_its_end(attempt, quiz, questions):
    right = option(questions[0], right=True).pk
    quiz.quiz_questions.all().delete()
    change_everything(questions)

    answer_question(attempt=attempt, question_id=questions[0].pk, chosen=[right], at=EVENING)
    submitted = submit_attempt(attempt=attempt, at=LATER)

    assert (submitted.score, submitted.max_score) == (1, 2)
    lines = result_of(attempt=submitted).lines
    assert [line.version.text for line in lines] == ["Câu hỏi 1", "Câu hỏi 2"]


def test_result_stays_when_key_and_quiz_change(attempt, quiz, questions):
    for question in questions:
        answer(attempt, question, right=True)
    submitted = submit_attempt(attempt=attempt, at=LATER)
    before = result_of(attempt=submitted)

    change_everything(questions)
    quiz.quiz_questions.filter(question=questions[0]).delete()

    assert result_of(attempt=QuizAttempt.objects.get(pk=attempt.pk)) == before
    assert [line.version.question for line in before.lines] == questions
    assert [line.is_correct for line in before.lines] == [True, True]
    assert [[o["is_correct"] for o in line.version.options] for line in before.lines] == [
        [True, False]
    ] * 2


def test_result_of_explains_each_question_in_the_order_of_the_quiz(run, attempt, questions):
    ask(run, quizzes={"pass_percent": 60})
    answer(attempt, questions[1], right=False)
    submitted = submit_attempt(attempt=attempt, at=LATER)

    result = result_of(attempt=submitted)

    assert (result.pass_percent, result.is_passed) == (60, False)
    assert [line.version.question for line in result.lines] == questions
    line = result.lines[1]
    assert line.chosen == [option(questions[1], right=False).pk]
    assert [(one["text"], one["is_correct"]) for one in line.version.options] == [
        ("Đúng", True),
        ("Sai", False),
    ]
    assert (line.is_correct, line.version.explanation, line.version.source) == (
        False,
        "Giải thích 2",
        "Kế hoạch 2014",
    )


def test_result_of_open_attempt_is_refused(attempt):
    with raises_refusal("attempt_open"):
        result_of(attempt=attempt)


@pytest.mark.parametrize("count", [1, 3])
def test_attempt_costs_the_same_queries_for_any_number_of_questions(
    run, enrolment, module, django_assert_num_queries, count
):
    quiz = make_quiz(module, questions=count)
    enrolment = Enrolment.objects.select_related("run").get(pk=enrolment.pk)
    # Late ones 1, savepoint 2, lock 1, attempts 3, quiz 1, questions 4, versions 1, rows 1.
    with django_assert_num_queries(14):
        attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    answer(attempt, questions_in(quiz)[0], right=True)
    # Savepoint 2, attempt 1, answers 1, judgement 1, score 1, evaluation 4 + class 1.
    with django_assert_num_queries(11):
        submit_attempt(attempt=attempt, at=LATER)
    attempt = QuizAttempt.objects.select_related("enrolment__run").get(pk=attempt.pk)
    with django_assert_num_queries(3):
        result = result_of(attempt=attempt)

    assert len(result.lines) == count


@pytest.mark.parametrize(
    ("asked", "percent"),
    [({"lessons": {"percent": 100}}, 70), ({"quizzes": {"pass_percent": 80}}, 80)],
)
def test_pass_percent_is_that_of_the_class_or_the_default(run, asked, percent):
    ask(run, **asked)

    assert pass_percent(run=run) == percent


@given(data=st.data(), max_score=st.integers(1, 100))
def test_percent_of_passes_only_who_reached_the_mark(data, max_score):
    score = data.draw(st.integers(0, max_score))
    mark = data.draw(st.integers(1, 100))

    percent = percent_of(score=score, max_score=max_score)

    assert 0 <= percent <= 100
    assert (percent >= mark) is (score * 100 >= mark * max_score)


def test_percent_of_nothing_is_nothing():
    assert percent_of(score=0, max_score=0) == 0
