"""Another try, the time limit, and the order of questions and answers."""

from datetime import timedelta
from random import Random

import pytest

from courses.domain.late_attempts import close_late_attempts
from courses.domain.lessons import open_lesson
from courses.domain.quiz_questions import can_be_mixed, put_questions
from courses.domain.quiz_time import GRACE, ran_out, seconds_left
from courses.domain.quizzes import answer_question, answers_of, start_attempt, submit_attempt
from courses.domain.tree_queries import tree_of
from courses.enums import EnrolmentStatus, QuestionKind
from courses.models import EditionQuiz, Enrolment, Question, QuestionOption, QuizAttempt
from tests.courses.views.conftest import take
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    ask,
    make_quiz,
    questions_in,
    refreeze,
    set_rules,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal
from tests.shared import shared

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def begin(enrolment, quiz, at):
    return start_attempt(enrolment=enrolment, quiz=quiz, at=at)


def choose_first(attempt, at):
    put = answers_of(attempt=attempt)[0]
    right = next(one["id"] for one in put.version.options if one["is_correct"])
    answer_question(attempt=attempt, question_id=put.question_id, chosen=[right], at=at)


def reopen(enrolment, lesson, at):
    tree = tree_of(enrolment=enrolment)
    node = tree.place_of(lesson.pk).lesson
    open_lesson(enrolment=enrolment, tree=tree, lesson=node, at=at)


@pytest.mark.django_db
class TestAnotherTry:
    def test_waits_for_the_minutes_of_the_quiz(self, enrolment, quiz):
        set_rules(quiz, wait_minutes=30)
        take(enrolment, quiz, EVENING, right=0)

        with raises_refusal("retry_too_early"):
            begin(enrolment, quiz, EVENING + 29 * MINUTE)

        assert begin(enrolment, quiz, EVENING + 30 * MINUTE).number == 2

    def test_begins_at_the_minute_that_the_sentence_names(self, enrolment, quiz):
        set_rules(quiz, wait_minutes=30)
        take(enrolment, quiz, EVENING + 40 * SECOND, right=0)

        assert begin(enrolment, quiz, EVENING + 30 * MINUTE).number == 2

    def test_asks_to_open_lessons_of_wrong_answers_after_the_failed_try(
        self, enrolment, lessons, quiz
    ):
        set_rules(quiz, must_reread=True)
        first, second = questions_in(quiz)
        set_fields(first, lesson=lessons[0])
        set_fields(second, lesson=lessons[1])
        reopen(enrolment, lessons[1], EVENING - MINUTE)
        # The first question right, the second wrong.
        take(enrolment, quiz, EVENING, right=1)
        later = EVENING + 5 * MINUTE

        reopen(enrolment, lessons[0], later)
        with raises_refusal("reread_first"):
            begin(enrolment, quiz, later)

        reopen(enrolment, lessons[1], later)
        assert begin(enrolment, quiz, later).number == 2

    def test_asks_for_no_lesson_that_the_class_does_not_have(self, enrolment, lessons, quiz):
        set_rules(quiz, must_reread=True)
        Question.objects.update(lesson=lessons[0])
        take(enrolment, quiz, EVENING, right=0)
        lessons[0].unpublish()
        refreeze()

        assert begin(enrolment, quiz, EVENING).number == 2

    def test_of_who_has_passed_waits_for_nothing(self, enrolment, lessons, quiz):
        set_rules(quiz, must_reread=True, wait_minutes=30)
        Question.objects.update(lesson=lessons[0])
        take(enrolment, quiz, EVENING, right=2)

        second = begin(enrolment, quiz, EVENING)
        submit_attempt(attempt=second, at=EVENING)

        assert begin(enrolment, quiz, EVENING).number == 3

    def test_of_an_open_class_keeps_the_rules_with_which_it_opened(self, enrolment, quiz):
        take(enrolment, quiz, EVENING, right=0)
        set_fields(quiz, wait_minutes=30, max_attempts=1)

        assert begin(enrolment, quiz, EVENING).number == 2

    @pytest.mark.parametrize("count", [1, 3])
    def test_is_decided_in_as_many_queries_for_any_length(
        self, enrolment, module, lessons, django_assert_num_queries, count
    ):
        quiz = make_quiz(module, questions=count)
        Question.objects.update(lesson=lessons[0])
        set_rules(quiz, must_reread=True, wait_minutes=1)
        take(enrolment, quiz, EVENING, right=0)
        enrolment = Enrolment.objects.select_related("run").get(pk=enrolment.pk)
        reopen(enrolment, lessons[0], EVENING + MINUTE)

        # The 14 of a first try; pass mark, passed before, lessons left.
        with django_assert_num_queries(17):
            begin(enrolment, quiz, EVENING + 2 * MINUTE)


@shared
def timed(enrolment, quiz):
    """A try of ten minutes that began in the evening."""
    set_rules(quiz, time_limit_minutes=10)
    return begin(enrolment, quiz, EVENING)


@pytest.mark.django_db
class TestTimeLimit:
    def test_stands_with_the_attempt_from_its_beginning(self, quiz, timed):
        set_fields(EditionQuiz.objects.get(), time_limit_minutes=99)

        assert timed.deadline == EVENING + 10 * MINUTE
        assert seconds_left(attempt=timed, at=EVENING + MINUTE) == 540
        assert seconds_left(attempt=timed, at=EVENING + 11 * MINUTE) == 0

    def test_takes_an_answer_within_the_grace_and_none_after(self, timed):
        choose_first(timed, timed.deadline + GRACE)

        with raises_refusal("time_over"):
            choose_first(timed, timed.deadline + GRACE + SECOND)

    def test_hands_in_what_is_late_as_of_the_deadline(self, run, enrolment, timed):
        ask(run, quizzes={"pass_percent": 50})
        choose_first(timed, EVENING + MINUTE)

        handed_in = submit_attempt(attempt=timed, at=EVENING + timedelta(days=1))

        enrolment.refresh_from_db()
        assert (handed_in.score, handed_in.submitted_at) == (1, timed.deadline + GRACE)
        assert ran_out(handed_in)
        assert enrolment.status == EnrolmentStatus.COMPLETED
        with raises_refusal("time_over"):
            choose_first(timed, EVENING + timedelta(days=1))

    def test_is_not_what_ended_a_try_handed_in_before(self, timed):
        handed_in = submit_attempt(attempt=timed, at=EVENING + MINUTE)

        assert (handed_in.submitted_at, ran_out(handed_in)) == (EVENING + MINUTE, False)
        with raises_refusal("attempt_submitted"):
            choose_first(timed, EVENING + timedelta(days=1))

    def test_lets_a_new_try_begin_after_a_late_one_that_is_handed_in(self, enrolment, quiz, timed):
        second = begin(enrolment, quiz, EVENING + timedelta(hours=1))

        timed.refresh_from_db()
        assert (second.number, timed.submitted_at) == (2, timed.deadline + GRACE)

    def test_closes_a_late_try_also_when_no_other_may_begin(self, enrolment, quiz, timed):
        set_fields(EditionQuiz.objects.get(), max_attempts=1)

        with raises_refusal("attempts_used_up"):
            begin(enrolment, quiz, EVENING + timedelta(hours=1))

        timed.refresh_from_db()
        assert timed.submitted_at is not None

    def test_is_kept_by_a_tick_for_who_never_comes_back(self, run, quiz, timed):
        other = EnrolmentFactory(run=run, unit=unit("13384"))
        begin(other, quiz, EVENING + 5 * MINUTE)

        assert close_late_attempts(at=timed.deadline + GRACE) == 0
        assert close_late_attempts(at=timed.deadline + GRACE + SECOND) == 1
        assert close_late_attempts(at=timed.deadline + GRACE + SECOND) == 0

        assert list(QuizAttempt.objects.submitted()) == [timed]

    def test_tick_goes_on_after_one_that_fails(self, run, quiz, timed, monkeypatch, caplog):
        begin(EnrolmentFactory(run=run, unit=unit("13384")), quiz, EVENING)
        fails_first = iter([RuntimeError("full"), None])

        def evaluate(**kwargs):
            if error := next(fails_first):
                raise error

        monkeypatch.setattr("courses.domain.quizzes.evaluate", evaluate)

        assert close_late_attempts(at=EVENING + timedelta(days=1)) == 1
        assert f"Attempt {timed.pk}" in caplog.text


@pytest.mark.django_db
class TestOrder:
    @pytest.fixture
    def put(self, enrolment, module):
        """Put ten questions by these rules and this chance."""
        quiz = make_quiz(module, questions=10)

        def go(seed, **rules):
            set_rules(quiz, **rules)
            attempt = QuizAttempt.objects.create(
                enrolment=enrolment, quiz=quiz, number=1, started_at=EVENING
            )
            asked = EditionQuiz.objects.get()
            put_questions(attempt=attempt, asked=asked, at=EVENING, chance=Random(seed))
            shown = answers_of(attempt=attempt)
            attempt.answers.all().delete()
            attempt.delete()
            return [(one.version.text, [o["text"] for o in one.shown_options]) for one in shown]

        return go

    def test_is_that_of_the_quiz_without_mixing(self, put):
        expected = [(f"Câu hỏi {number}", ["Đúng", "Sai"]) for number in range(1, 11)]

        assert put(1) == expected

    def test_of_questions_is_another_in_each_try(self, put):
        in_order = [text for text, _options in put(1)]
        first, second = ([one for one, _ in put(seed, shuffle_questions=True)] for seed in (1, 2))

        assert sorted(first) == sorted(second) == sorted(in_order)
        assert len({tuple(in_order), tuple(first), tuple(second)}) == 3

    def test_of_answers_is_mixed_and_complete(self, put):
        shown = put(1, shuffle_options=True)

        assert [text for text, _options in shown] == [f"Câu hỏi {n}" for n in range(1, 11)]
        assert {tuple(options) for _text, options in shown} == {("Đúng", "Sai"), ("Sai", "Đúng")}

    def test_of_answers_that_speak_of_others_is_kept(self, put):
        QuestionOption.objects.filter(is_correct=False).update(text="Cả A và B")

        shown = put(1, shuffle_options=True)

        assert {tuple(options) for _text, options in shown} == {("Đúng", "Cả A và B")}


@pytest.mark.parametrize(
    ("kind", "last", "expected"),
    [
        (QuestionKind.SINGLE, "Số 113", True),
        (QuestionKind.SINGLE, "Cán bộ xã", True),
        (QuestionKind.SINGLE, "Gọi 111 và báo công an", True),
        (QuestionKind.MULTIPLE, "Số 113", True),
        (QuestionKind.TRUE_FALSE, "Sai", False),
        (QuestionKind.SINGLE, "Cả A và B", False),
        (QuestionKind.SINGLE, "Cả hai câu đều đúng", False),
        (QuestionKind.SINGLE, "Tất cả các ý trên", False),
        (QuestionKind.SINGLE, "Không có phương án nào", False),
        (QuestionKind.SINGLE, "A, C đều đúng", False),
        (QuestionKind.MULTIPLE, "Các trường hợp ở câu B", False),
    ],
)
def test_answers_that_speak_of_others_are_not_mixed(kind, last, expected):
    assert can_be_mixed(kind=kind, texts=["Số 111", last]) is expected
