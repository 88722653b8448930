"""The form of each kind of question in the Wagtail admin."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from courses.domain.quizzes import answer_question, answers_of, start_attempt, submit_attempt
from courses.enums import QuestionKind
from courses.models import Question
from tests.factories.courses import ANSWERS, EVENING, add_question
from tests.reading import error_codes, html_of
from tests.shared import shared

MATCHING, ORDERING = QuestionKind.MATCHING, QuestionKind.ORDERING
NUMBER, SHORT_TEXT = QuestionKind.NUMBER, QuestionKind.SHORT_TEXT
COLUMNS = ("text", "match", "tolerance", "is_correct")
ADD = "questions:add"


def typed(kind, rows, initial=0, **fields):
    values = {
        "key": "M01-Q99",
        "kind": kind,
        "text": "Anh/chị làm gì?",
        "explanation": "Giải thích",
        "source": "Kế hoạch 2014",
        "as_of": "2014",
        "lesson": "",
        "difficulty": "medium",
        "options": inline_formset(rows, initial=initial),
        "action-publish": "1",
    }
    return nested_form_data(values | fields)


@pytest.mark.parametrize("kind", ANSWERS)
def test_question_of_each_kind_is_kept(as_trainer, kind):
    as_trainer.post(reverse(ADD), typed(kind, ANSWERS[kind]))

    question = Question.objects.get(key="M01-Q99")
    assert question.kind == kind
    kept = [dict(zip(COLUMNS, one, strict=True)) for one in question.options.values_list(*COLUMNS)]
    empty = {"match": "", "tolerance": "", "is_correct": True}
    assert kept == [empty | row for row in ANSWERS[kind]]


@pytest.mark.parametrize(
    ("kind", "shown", "hidden"),
    [
        ("single", ["is_correct"], ["match", "tolerance"]),
        (MATCHING, ["match"], ["is_correct", "tolerance"]),
        (ORDERING, ["text"], ["is_correct", "match", "tolerance", "feedback"]),
        (NUMBER, ["tolerance"], ["is_correct", "match"]),
        (SHORT_TEXT, ["feedback"], ["is_correct", "match", "tolerance"]),
        ("unknown", ["is_correct"], ["match"]),
    ],
)
def test_form_shows_what_the_kind_needs_alone(as_trainer, kind, shown, hidden):
    body = html_of(as_trainer.get(reverse(ADD), {"kind": kind}))

    assert all(f'name="options-0-{name}"' in body for name in shown)
    assert not any(f'name="options-0-{name}"' in body for name in hidden)


@pytest.mark.parametrize(
    ("kind", "rows", "code"),
    [
        (MATCHING, [{"text": "a", "match": "1"}, {"text": "b", "match": ""}], "match_missing"),
        (ORDERING, [{"text": "a"}, {"text": "b"}, {"text": "a"}], "same_option"),
        (NUMBER, [{"text": "1.500"}], "number_ambiguous"),
        (SHORT_TEXT, [{"text": "?"}], "too_few_options"),
    ],
)
def test_question_that_cannot_be_asked_is_refused(as_trainer, kind, rows, code):
    response = as_trainer.post(reverse(ADD), typed(kind, rows))

    assert error_codes(response.context["form"]) == {"__all__": [code]}
    assert not Question.objects.exists()


def test_next_and_copied_question_are_of_the_same_kind(as_trainer, quiz):
    question = add_question(quiz, MATCHING)

    after = as_trainer.get(reverse(ADD), {"after": question.pk})
    copy = as_trainer.get(reverse("questions:copy", args=[question.pk]))

    assert 'name="options-0-match"' in html_of(after)
    assert 'value="Báo ngay"' in html_of(copy)


def test_kind_of_a_question_stays_as_its_answers_do(as_trainer, quiz):
    question = add_question(quiz, NUMBER)
    rows = [{"id": question.options.get().pk, "text": "1,5"}]

    response = as_trainer.post(
        reverse("questions:edit", args=[question.pk]), typed("single", rows, initial=1)
    )

    assert error_codes(response.context["form"])["kind"] == ["invalid_choice"]


@shared
def answered(enrolment, quiz):
    """A number that somebody got wrong by half."""
    question = add_question(quiz, NUMBER)
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    answer_question(attempt=attempt, question_id=question.pk, typed="2,5", at=EVENING)
    submit_attempt(attempt=attempt, at=EVENING)
    return question, attempt


def test_tolerance_that_changes_after_answers_is_asked_about_and_judged_again(as_trainer, answered):
    question, attempt = answered
    rows = [{"id": question.options.get().pk, "text": "1,5", "tolerance": "1"}]
    address = reverse("questions:edit", args=[question.pk])
    change = typed(NUMBER, rows, initial=1, key=question.key)

    asked = as_trainer.post(address, change)
    as_trainer.post(address, change | {"old_results": "rejudge", "note": "Sai số quá nhỏ"})

    assert asked.context["preview"].now_right == 1
    answer = answers_of(attempt=attempt)[-1]
    assert (answer.is_correct, answer.version.number) == (True, 2)
    attempt.refresh_from_db()
    assert attempt.score == 1


def test_words_that_change_after_answers_are_not_asked_about(as_trainer, answered):
    question, attempt = answered
    rows = [{"id": question.options.get().pk, "text": "1,50", "tolerance": "0,5", "feedback": "Ừ"}]

    response = as_trainer.post(
        reverse("questions:edit", args=[question.pk]),
        typed(NUMBER, rows, initial=1, key=question.key),
    )

    assert response.status_code == 302
    assert answers_of(attempt=attempt)[-1].version.options[0]["text"] == "1,5"
