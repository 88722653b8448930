"""Each kind of question on the trainee's pages: by plain forms, from the screen to the result."""

import re

import pytest
from django.urls import reverse

from courses.domain.quizzes import answers_of, start_attempt
from courses.enums import QuestionKind
from courses.models import QuestionCase, QuizAnswer
from tests.factories.courses import EVENING, add_question
from tests.factories.rows import set_fields
from tests.reading import html_of

MATCHING, ORDERING = QuestionKind.MATCHING, QuestionKind.ORDERING
NUMBER, SHORT_TEXT = QuestionKind.NUMBER, QuestionKind.SHORT_TEXT


class Sitting:
    """A question of this kind alone in a quiz, put to the trainee."""

    def __init__(self, client, enrolment, quiz, kind):
        quiz.quiz_questions.all().delete()
        self.client = client
        self.question = add_question(quiz, kind)
        self.ids = list(self.question.options.values_list("pk", flat=True))
        self.attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)

    @property
    def url(self):
        return reverse("courses:quiz_question", args=[self.attempt.pk, 1])

    def page(self):
        return html_of(self.client.get(self.url))

    def send(self, *row_values, **data):
        """Send fields by name, or a value for each row."""
        name = "match" if self.question.kind == MATCHING else "place"
        rows = {f"{name}-{pk}": value for pk, value in zip(self.ids, row_values, strict=False)}
        return self.client.post(self.url, {**rows, **data})

    def kept(self):
        return QuizAnswer.objects.get()

    def result(self):
        self.client.post(reverse("courses:quiz_submit", args=[self.attempt.pk]))
        page = self.client.get(reverse("courses:quiz_result", args=[self.attempt.pk]))
        return html_of(page)


@pytest.fixture
def sit(as_trainee, enrolment, quiz):
    def begin(kind, tries=1):
        # What was right is shown after the last try.
        set_fields(quiz, max_attempts=tries)
        return Sitting(as_trainee, enrolment, quiz, kind)

    return begin


def selected(body):
    return re.findall(r'<option value="(\d+)" selected>', body)


def test_matching_from_the_screen_to_the_result(sit):
    sitting = sit(MATCHING)
    first, second, third = sitting.ids
    assert sitting.page().count("<select") == 3
    # Each text once, in the same order at each look.
    column = re.findall(r'<option value="(\d+)">', sitting.page())
    assert column == [str(second), str(first)] * 3

    response = sitting.send(first, second, second)

    assert response["Location"] == reverse("courses:quiz_submit", args=[sitting.attempt.pk])
    assert sitting.kept().chosen == [[first, first], [second, second], [third, second]]
    assert selected(sitting.page()) == [str(first), str(second), str(second)]
    body = sitting.result()
    assert sitting.kept().is_correct is False
    assert body.count("is-done") == 2
    assert "Báo ngay" in body[body.index("is-absent") :]


def test_matching_with_an_empty_row_is_refused_and_loses_nothing(sit):
    sitting = sit(MATCHING)

    body = html_of(sitting.send(sitting.ids[0], "", sitting.ids[1]))

    assert 'role="alert"' in body
    assert selected(body) == [str(sitting.ids[0]), str(sitting.ids[1])]
    assert not sitting.kept().is_given


def test_ordering_from_the_screen_to_the_result(sit):
    sitting = sit(ORDERING)
    shown = [
        int(pk) for pk in re.findall(r'<select class="input" id="place-(\d+)"', sitting.page())
    ]
    assert sorted(shown) == sitting.ids
    assert shown != sitting.ids
    first, second, third = sitting.ids

    sitting.send(2, 1, 3)

    assert sitting.kept().chosen == [second, first, third]
    body = sitting.page()
    assert [int(pk) for pk in re.findall(r'<select class="input" id="place-(\d+)"', body)] == shown
    body = sitting.result()
    assert sitting.kept().is_correct is False
    assert (body.count("is-done"), body.count("is-absent")) == (1, 2)


def test_same_number_twice_is_refused_and_loses_nothing(sit):
    sitting = sit(ORDERING)

    body = html_of(sitting.send(1, 1, 3))

    assert 'role="alert"' in body
    assert sorted(selected(body)) == ["1", "1", "3"]
    assert not sitting.kept().is_given


@pytest.mark.parametrize(
    ("kind", "mode", "typed", "is_right"),
    [
        (NUMBER, "decimal", " 2,0 ", True),
        (NUMBER, "decimal", "2.01", False),
        (SHORT_TEXT, "text", "bo mac", True),
        (SHORT_TEXT, "text", "<b>Bỏ rơi</b>", False),
    ],
)
def test_typed_answer_from_the_screen_to_the_result(sit, kind, mode, typed, is_right):
    sitting = sit(kind)
    assert f'inputmode="{mode}"' in sitting.page()

    sitting.send(typed=typed)

    assert (sitting.kept().typed, sitting.kept().chosen) == (typed.strip(), [])
    body = sitting.result()
    assert sitting.kept().is_correct is is_right
    assert ("is-done" in body) is is_right
    assert ("bỏ mặc" in body) is (kind == SHORT_TEXT)
    assert "<b>Bỏ" not in body


@pytest.mark.parametrize(
    ("kind", "typed"), [(NUMBER, "1.500"), (NUMBER, "hai"), (SHORT_TEXT, "a" * 201)]
)
def test_typed_answer_that_is_none_is_refused_and_loses_nothing(sit, kind, typed):
    sitting = sit(kind)

    body = html_of(sitting.send(typed=typed))

    assert f'value="{typed}"' in body
    assert 'role="alert"' in body
    assert not sitting.kept().is_given


def test_result_before_the_last_try_shows_what_was_given_alone(sit):
    sitting = sit(SHORT_TEXT, tries=2)
    sitting.send(typed="bỏ rơi")

    body = sitting.result()

    assert "bỏ rơi" in body
    assert "bỏ mặc" not in body


@pytest.mark.parametrize("kind", [MATCHING, ORDERING, NUMBER, SHORT_TEXT])
def test_question_left_without_an_answer_is_wrong_and_says_so(sit, kind):
    sitting = sit(kind)

    assert "tone-warning" in sitting.result()
    assert (sitting.kept().is_given, sitting.kept().is_correct) == (False, False)


def test_case_stands_above_each_of_its_steps(as_trainee, enrolment, quiz):
    case = QuestionCase.objects.create(
        title="Nhà bên sông", text="Tình huống giả định.\n\nMột em …"
    )
    last = add_question(quiz, NUMBER, case=case, case_step=2)
    first = add_question(quiz, SHORT_TEXT, case=case, case_step=1)
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    assert [put.question for put in answers_of(attempt=attempt)][2:] == [first, last]
    set_fields(case, text="Khác hẳn")

    pages = [
        html_of(as_trainee.get(reverse("courses:quiz_question", args=[attempt.pk, n])))
        for n in (2, 3, 4)
    ]

    # As it was put, at its place in the case.
    assert "Nhà bên sông" not in pages[0]
    assert "bước 1/2" in pages[1]
    assert "bước 2/2" in pages[2]
    assert all("<p>Một em …</p>" in page for page in pages[1:])


def test_query_count_of_the_pages_does_not_depend_on_the_kind(
    as_trainee, enrolment, quiz, django_assert_num_queries
):
    case = QuestionCase.objects.create(title="Nhà bên sông", text="…")
    for step, kind in enumerate([MATCHING, ORDERING, NUMBER, SHORT_TEXT], start=1):
        add_question(quiz, kind, case=case, case_step=step)
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    pages = [reverse("courses:quiz_question", args=[attempt.pk, n]) for n in range(1, 7)]
    as_trainee.get(pages[0])

    for page in pages:
        with django_assert_num_queries(4):
            as_trainee.get(page)
