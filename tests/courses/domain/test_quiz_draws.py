"""Questions drawn from the bank: by module, tag and difficulty, never twice, new ones first."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.editions import check_edition, freeze_edition
from courses.domain.quiz_draws import Pool, check_pools, draw_questions, pools_of
from courses.domain.quiz_questions import question_count
from courses.domain.quizzes import answers_of, asked_quiz, start_attempt, submit_attempt
from courses.domain.tree_queries import live_tree
from courses.enums import Difficulty
from courses.models import (
    Enrolment,
    LessonPage,
    ModulePage,
    Question,
    QuestionCase,
    Quiz,
    QuizDraw,
    QuizQuestion,
)
from courses.models.questions import index_tags
from tests.factories.courses import EVENING, EnrolmentFactory, make_course, make_run, refreeze
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal
from tests.shared import shared

LATER = EVENING + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        (" , ", ""),
        ("Bạo lực", "|bao luc|"),
        ("Bạo lực,  111 ,", "|bao luc|111|"),
    ],
)
def test_tags_are_indexed_whole_and_without_marks(typed, expected):
    assert index_tags(typed) == expected


def draw(*pools, seen=(), seed=1):
    made = [Pool(count, list(questions)) for count, questions in pools]
    return draw_questions(pools=made, seen=seen, chance=Random(seed))


def test_what_fits_two_pools_goes_to_the_one_that_needs_it():
    for seed in range(20):
        assert draw((2, [1, 2, 3]), (1, [3]), seed=seed)[1] == [3]


def test_drawn_are_new_ones_as_far_as_they_reach():
    (drawn,) = draw((3, range(10)), seen=range(2, 10))

    assert {0, 1} < set(drawn)
    assert len(drawn) == 3


def test_what_is_drawn_is_chance():
    counts = Counter(pk for seed in range(300) for pk in draw((1, range(3)), seed=seed)[0])

    assert set(counts) == {0, 1, 2}
    assert min(counts.values()) > 60


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sets(st.integers(0, 9))), max_size=4),
    st.sets(st.integers(0, 9)),
    st.integers(0, 99),
)
def test_drawn_fit_their_pool_and_come_once(pools, seen, seed):
    drawn = draw(*pools, seen=seen, seed=seed)

    everything = [pk for one in drawn for pk in one]
    assert len(everything) == len(set(everything))
    for (count, fitting), one in zip(pools, drawn, strict=True):
        assert set(one) <= fitting
        assert len(one) <= count
    # No pool goes short while a question that fits it is left.
    for (count, fitting), one in zip(pools, drawn, strict=True):
        assert len(one) == count or fitting <= set(everything)


@pytest.mark.parametrize(
    ("pools", "is_enough"),
    [
        ([], True),
        ([(2, [1, 2])], True),
        ([(3, [1, 2])], False),
        ([(1, [])], False),
        ([(2, [1, 2, 3]), (1, [3])], True),
        ([(2, [1, 2]), (1, [2])], False),
    ],
)
def test_too_few_to_draw_is_refused(pools, is_enough):
    made = [Pool(count, questions) for count, questions in pools]
    if is_enough:
        check_pools(title="Kiểm tra", pools=made)
        return
    with raises_refusal("too_few_to_draw"):
        check_pools(title="Kiểm tra", pools=made)


@shared
def course(edition):
    return make_course(modules=2, lessons=1)


@shared
def quiz(course):
    return Quiz.objects.create(
        module=ModulePage.objects.child_of(course).first(), title="Cuối khoá"
    )


def write(key, lesson, **fields):
    question = Question.objects.create(key=key, text=f"Câu {key}", lesson=lesson, **fields)
    question.options.create(text="Đúng", is_correct=True)
    question.options.create(text="Sai")
    return question


@shared
def bank(lessons):
    """Three questions of the first module, two of the second; some hard, some on the hotline."""
    return {
        "a1": write("a1", lessons[0], difficulty=Difficulty.HARD),
        "a2": write("a2", lessons[0], tags="Đường dây 111, gọi điện"),
        "a3": write("a3", lessons[0]),
        "b1": write("b1", lessons[1], difficulty=Difficulty.HARD, tags="duong day 111"),
        "b2": write("b2", lessons[1]),
    }


def keys(ids):
    return sorted(Question.objects.filter(pk__in=ids).values_list("key", flat=True))


@pytest.mark.django_db
class TestPools:
    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ({}, ["a1", "a2", "a3", "b1", "b2"]),
            ({"module": 1}, ["b1", "b2"]),
            ({"difficulty": Difficulty.HARD}, ["a1", "b1"]),
            ({"tag": "Đường dây 111"}, ["a2", "b1"]),
            ({"tag": "đường dây"}, []),
            ({"module": 0, "tag": "111", "difficulty": Difficulty.EASY}, []),
            ({"module": 1, "difficulty": Difficulty.HARD, "tag": "đường dây 111"}, ["b1"]),
        ],
    )
    def test_hold_what_fits_module_tag_and_difficulty(self, course, quiz, bank, rule, expected):
        modules = list(ModulePage.objects.child_of(course).order_by("path"))
        module = modules[rule.pop("module")] if "module" in rule else None
        QuizDraw.objects.create(quiz=quiz, count=1, module=module, **rule)

        (pool,) = pools_of(quizzes=[quiz])[quiz.pk]

        assert keys(pool.questions) == expected

    def test_leave_out_what_everybody_gets_steps_of_cases_and_other_courses(
        self, quiz, bank, lessons
    ):
        case = QuestionCase.objects.create(title="Bé An", text="…")
        write("step", lessons[0], case=case, case_step=1)
        write("nowhere", None)
        write("else", LessonPage.objects.descendant_of(make_course(code="khac")).first())
        QuizQuestion.objects.create(quiz=quiz, question=bank["a1"])
        QuizDraw.objects.create(quiz=quiz, count=1)

        (pool,) = pools_of(quizzes=[quiz])[quiz.pk]

        assert keys(pool.questions) == ["a2", "a3", "b1", "b2"]

    @pytest.mark.parametrize("count", [1, 3])
    def test_are_read_in_as_many_queries_for_any_number(
        self, quiz, bank, django_assert_num_queries, count
    ):
        for _copy in range(count):
            QuizDraw.objects.create(quiz=quiz, count=1)

        # Draws, questions of everybody, the bank.
        with django_assert_num_queries(3):
            pools_of(quizzes=[quiz])


@pytest.mark.django_db
class TestDrawing:
    @pytest.fixture
    def drawing(self, course, quiz, bank):
        """A class whose quiz asks a3 of everybody and draws two of the rest."""
        QuizQuestion.objects.create(quiz=quiz, question=bank["a3"])
        QuizDraw.objects.create(quiz=quiz, count=2)
        return make_run(course, unit("350"))

    @pytest.fixture
    def person(self, drawing):
        return EnrolmentFactory(run=drawing, unit=unit("13384"))

    def asked(self, person, quiz, at=EVENING):
        attempt = start_attempt(enrolment=person, quiz=quiz, at=at)
        shown = [one.question.key for one in answers_of(attempt=attempt)]
        submit_attempt(attempt=attempt, at=at)
        return shown

    def test_asks_what_everybody_gets_and_so_many_more(self, drawing, quiz, person):
        first = self.asked(person, quiz)

        assert (first[0], len(set(first))) == ("a3", 3)
        assert question_count(asked=asked_quiz(run=drawing, quiz=quiz)) == 3
        node = live_tree(course_path=drawing.course.path).quiz_of(quiz.pk)
        assert node is not None

    def test_asks_others_in_the_next_try(self, quiz, person):
        first, second = (self.asked(person, quiz) for _try in range(2))

        assert sorted({*first[1:], *second[1:]}) == ["a1", "a2", "b1", "b2"]
        # All are seen: the third try takes from them again.
        assert len(set(self.asked(person, quiz))) == 3

    def test_keeps_to_the_pool_of_the_edition(self, quiz, person, lessons, bank):
        write("new", lessons[0])
        set_fields(bank["b1"], lesson=None)

        seen = {key for _try in range(2) for key in self.asked(person, quiz)}

        assert seen == {"a1", "a2", "a3", "b1", "b2"}

    def test_makes_a_new_edition_when_a_pool_is_another(self, drawing, lessons):
        before = freeze_edition(course=drawing.course, at=EVENING)
        again = freeze_edition(course=drawing.course, at=LATER)
        write("new", lessons[0])
        after = freeze_edition(course=drawing.course, at=LATER)

        assert (before.pk == again.pk, after.number) == (True, before.number + 1)

    @pytest.mark.parametrize("change", [{"count": 5}, {"tag": "không có"}])
    def test_keeps_a_class_from_opening_with_too_few(self, drawing, quiz, change):
        check_edition(drawing.edition)
        QuizDraw.objects.update(**change)
        refreeze()

        with raises_refusal("too_few_to_draw"):
            check_edition(drawing.edition)

    def test_quiz_without_anything_to_ask_keeps_a_class_from_opening(self, drawing, quiz):
        QuizDraw.objects.all().delete()
        check_edition(drawing.edition)
        QuizQuestion.objects.all().delete()

        with raises_refusal("quiz_without_questions"):
            check_edition(drawing.edition)

    @pytest.mark.parametrize("count", [1, 4])
    def test_begins_in_as_many_queries_for_any_number(
        self, quiz, person, django_assert_num_queries, count
    ):
        # Every question has been asked of somebody, so that its version is there.
        QuizDraw.objects.update(count=4)
        refreeze()
        other = EnrolmentFactory(run=person.run, unit=unit("13384"))
        start_attempt(enrolment=other, quiz=quiz, at=EVENING)
        QuizDraw.objects.update(count=count)
        refreeze()
        person = Enrolment.objects.select_related("run").get(pk=person.pk)

        # The 14 of a quiz without draws, and what the person has seen.
        with django_assert_num_queries(15):
            start_attempt(enrolment=person, quiz=quiz, at=EVENING)
