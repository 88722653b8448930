"""The result of a quiz: what was right to those who may see it, and what to read again."""

import re

import pytest
from django.urls import reverse

from courses.domain.quizzes import start_attempt, submit_attempt
from courses.enums import RunStatus
from courses.models import LessonPage, Question
from tests.courses.views.conftest import address_of, take
from tests.factories.courses import EVENING, ask, make_course, make_quiz, refreeze
from tests.factories.rows import set_fields
from tests.reading import html_of


def result_page(attempt):
    return reverse("courses:quiz_result", args=[attempt.pk])


def test_result_of_an_attempt_is_shown_once_it_is_handed_in(as_trainee, enrolment, quiz):
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    submit_page = reverse("courses:quiz_submit", args=[attempt.pk])
    assert as_trainee.get(result_page(attempt))["Location"] == submit_page

    submit_attempt(attempt=attempt, at=EVENING)
    page = as_trainee.get(result_page(attempt))

    assert [entry["line"].is_given for entry in page.context["lines"]] == [False, False]
    assert "Giải thích 1" not in html_of(page)


def test_result_passed_explains_and_leads_on(as_trainee, run, enrolment, lessons, quiz):
    ask(run, quizzes={"pass_percent": 50})
    Question.objects.filter(key="M01-Q01").update(lesson=lessons[0])
    attempt = take(enrolment, quiz, EVENING, right=1)

    page = as_trainee.get(result_page(attempt))
    context, body = page.context, html_of(page)

    assert (attempt.score, attempt.max_score) == (1, 2)
    assert (context["result"].is_passed, context["result"].pass_percent) == (True, 50)
    for written in ("Giải thích 1", "Kế hoạch 2014", f'href="{address_of(lessons[0])}"'):
        assert written in body
    assert [entry["line"].is_correct for entry in context["lines"]] == [True, False]
    assert signs_on(body) == ["is-done", "is-done", "is-absent"]
    assert f'href="{context["step_url"]}"' in body
    assert not context["may_retry"]


def signs_on(body):
    """How each option on the page is marked, in order: right, wrong, or "" while the key is kept."""
    return re.findall(r'<li class="choice ([\w-]*)">', body)


def marked_right(client, attempt):
    """How many options the result page tells to be the answer."""
    return signs_on(html_of(client.get(result_page(attempt)))).count("is-done")


def test_result_that_just_failed_does_not_round_up_to_the_pass_mark(
    as_trainee, run, enrolment, quiz
):
    ask(run, quizzes={"pass_percent": 70})
    attempt = take(enrolment, quiz, EVENING, right=0)
    # 69.6 %, as it is judged: rounded down.
    set_fields(attempt, score=16, max_score=23, percent=69)

    page = as_trainee.get(result_page(attempt))

    assert "69%" in html_of(page)
    assert not page.context["result"].is_passed


def test_result_not_passed_hides_the_key_and_lists_each_lesson_to_read_again_once(
    as_trainee, enrolment, lessons, quiz
):
    Question.objects.update(lesson=lessons[1])
    attempt = take(enrolment, quiz, EVENING, right=0)

    page = as_trainee.get(result_page(attempt))
    body = html_of(page)

    assert "Giải thích 1" in body
    lines = [entry["line"] for entry in page.context["lines"]]
    assert [(line.is_given, line.is_correct) for line in lines] == [(True, False)] * 2
    # What was chosen, and not whether it was right.
    assert signs_on(body) == ["", ""]
    assert page.context["may_retry"]
    assert f'href="{reverse("courses:quiz_start", args=[quiz.pk])}"' in body
    assert body.count(f'href="{address_of(lessons[1])}"') == 1
    assert address_of(lessons[0]) not in body


def test_result_shows_the_key_once_a_later_attempt_has_passed(as_trainee, enrolment, quiz):
    failed = take(enrolment, quiz, EVENING, right=0)
    assert marked_right(as_trainee, failed) == 0

    take(enrolment, quiz, EVENING, right=2)

    assert marked_right(as_trainee, failed) == 2


def test_result_shows_the_key_and_offers_nothing_when_no_attempt_is_left(
    as_trainee, enrolment, quiz
):
    set_fields(quiz, max_attempts=1)
    refreeze()
    attempt = take(enrolment, quiz, EVENING, right=0)

    page = as_trainee.get(result_page(attempt))

    assert signs_on(html_of(page)).count("is-done") == 2
    assert not page.context["may_retry"]


def test_result_shows_the_key_when_the_class_is_over_and_nothing_is_open(
    as_trainee, run, enrolment, quiz
):
    failed = take(enrolment, quiz, EVENING, right=0)
    second = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    set_fields(run, status=RunStatus.CLOSED)
    # Who began while the class was open may still hand in.
    assert marked_right(as_trainee, failed) == 0

    submit_attempt(attempt=second, at=EVENING)

    assert marked_right(as_trainee, failed) == 2


def test_result_shows_the_key_of_a_quiz_that_the_class_no_longer_asks(as_trainee, enrolment, quiz):
    failed = take(enrolment, quiz, EVENING, right=0)
    quiz.quiz_questions.all().delete()
    refreeze()

    assert marked_right(as_trainee, failed) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_result_query_count_is_constant(
    as_trainee, enrolment, module, django_assert_num_queries, count
):
    attempt = take(enrolment, make_quiz(module, questions=count), EVENING, right=0)

    as_trainee.get(result_page(attempt))

    # Log-in 2, attempt 1, pass mark 1, answers 1, judged again 1, what was done 1.
    with django_assert_num_queries(7):
        as_trainee.get(result_page(attempt))


def test_result_links_to_lessons_of_the_class_alone(as_trainee, enrolment, lessons, quiz):
    elsewhere = LessonPage.objects.descendant_of(make_course(code="khac")).first()
    Question.objects.filter(key="M01-Q01").update(lesson=elsewhere)
    Question.objects.filter(key="M01-Q02").update(lesson=lessons[1])
    lessons[1].unpublish()
    attempt = take(enrolment, quiz, EVENING, right=2)

    body = html_of(as_trainee.get(result_page(attempt)))

    assert address_of(elsewhere) not in body
    assert address_of(lessons[1]) in body


def test_what_names_the_answer_is_read_only_with_the_key(as_trainee, run, enrolment, module):
    """Before passing: explanation and feedback, but none that says what is right."""
    ask(run, quizzes={"pass_percent": 100})
    quiz = make_quiz(module, questions=1)
    question = Question.objects.get()
    question.options.filter(is_correct=True).update(text="Báo ngay cho 111")
    question.options.filter(is_correct=False).update(feedback="Sai: hãy báo ngay cho 111.")
    question.options.create(text="Chờ", is_correct=False, sort_order=3)
    set_fields(question, explanation="Nghị định 56: báo ngay cho 111.")
    refreeze()

    failed = as_trainee.get(result_page(take(enrolment, quiz, EVENING, right=0)))
    assert "báo ngay cho 111" not in html_of(failed)

    passed = as_trainee.get(result_page(take(enrolment, quiz, EVENING, right=1)))
    assert "Nghị định 56: báo ngay cho 111." in html_of(passed)
