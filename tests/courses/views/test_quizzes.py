"""A quiz from the first page to the result, by plain forms."""

import pytest
from django.urls import reverse

from courses.domain.quizzes import start_attempt
from courses.enums import EnrolmentStatus, QuestionKind, RunStatus
from courses.models import Question, QuestionOption, QuizAnswer, QuizAttempt
from lms.accounts.enums import Role
from tests.courses.views.conftest import take
from tests.factories.accounts import browse, log_in
from tests.factories.courses import EVENING, EnrolmentFactory, ask, refreeze
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared


def answered():
    return QuizAnswer.objects.filter(answered_at__isnull=False)


def start_page(quiz):
    return reverse("courses:quiz_start", args=[quiz.pk])


def question_page(attempt, number):
    return reverse("courses:quiz_question", args=[attempt.pk, number])


def submit_page(attempt):
    return reverse("courses:quiz_submit", args=[attempt.pk])


def result_page(attempt):
    return reverse("courses:quiz_result", args=[attempt.pk])


def option(number, text):
    return QuestionOption.objects.get(question__key=f"M01-Q{number:02d}", text=text).pk


@shared
def attempt(enrolment, quiz):
    return start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)


def test_start_tells_the_rules(as_trainee, run, quiz):
    ask(run, quizzes={"pass_percent": 70})
    set_fields(quiz, max_attempts=3)
    refreeze()

    page = as_trainee.get(start_page(quiz))

    assert "<dd>2</dd>" in html_of(page)
    assert "70%" in html_of(page)
    assert "3/3" in html_of(page)
    assert page.context["attempts_left"] == 3


def test_start_begins_at_the_first_question_and_twice_is_one_attempt(as_trainee, quiz):
    locations = [as_trainee.post(start_page(quiz))["Location"] for _time in range(2)]

    assert locations == [question_page(QuizAttempt.objects.get(), 1)] * 2


def test_attempt_goes_on_where_an_answer_is_missing_and_answers_may_be_changed(
    as_trainee, quiz, attempt
):
    kept = as_trainee.post(question_page(attempt, 1), {"option": option(1, "Sai")})

    assert kept["Location"] == question_page(attempt, 2)
    assert as_trainee.get(start_page(quiz)).context["open_attempt"] == attempt
    assert as_trainee.post(start_page(quiz))["Location"] == question_page(attempt, 2)
    left = as_trainee.get(submit_page(attempt))
    assert left.context["missing"] == 1
    assert question_page(attempt, 2) in html_of(left)

    body = html_of(as_trainee.get(question_page(attempt, 1)))
    as_trainee.post(question_page(attempt, 1), {"option": option(1, "Đúng")})
    assert f'value="{option(1, "Sai")}" checked' in body
    assert answered().get().chosen == [option(1, "Đúng")]
    as_trainee.post(question_page(attempt, 2), {"option": option(2, "Sai")})
    assert as_trainee.post(start_page(quiz))["Location"] == submit_page(attempt)


def test_start_without_attempts_left_says_so(as_trainee, enrolment, quiz):
    set_fields(quiz, max_attempts=1)
    refreeze()
    take(enrolment, quiz, EVENING, right=0)

    page = as_trainee.get(start_page(quiz))
    response = as_trainee.post(start_page(quiz), follow=True)

    assert page.context["retry_refusal"].code == "attempts_used_up"
    assert response.redirect_chain == [(start_page(quiz), 302)]
    assert QuizAttempt.objects.count() == 1


def test_start_lists_earlier_results(as_trainee, enrolment, quiz):
    failed = take(enrolment, quiz, EVENING, right=0)

    page = as_trainee.get(start_page(quiz))

    assert page.context["attempts"] == [failed]
    assert page.context["retry_refusal"] is None
    for written in (result_page(failed), "0/2", "badge tone-warning"):
        assert written in html_of(page)


def test_quiz_that_the_class_does_not_ask_is_not_found(as_trainee, quiz):
    quiz.quiz_questions.all().delete()
    refreeze()

    assert as_trainee.get(start_page(quiz)).status_code == 404


def test_start_in_a_closed_class_records_nothing(as_trainee, run, quiz):
    set_fields(run, status=RunStatus.CLOSED)

    response = as_trainee.post(start_page(quiz), follow=True)

    assert response.redirect_chain == [(start_page(quiz), 302)]
    assert not QuizAttempt.objects.exists()


def test_quiz_is_not_found_for_who_is_not_enrolled(
    as_trainee, as_stranger, as_trainer, enrolment, quiz
):
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    for client in (as_trainee, as_stranger, as_trainer):
        assert client.get(start_page(quiz)).status_code == 404
    assert as_stranger.post(start_page(quiz)).status_code == 404


def test_quiz_of_an_unpublished_module_goes_on_for_the_class(as_trainee, as_stranger, module, quiz):
    module.unpublish()

    assert as_trainee.get(start_page(quiz)).status_code == 200
    assert as_stranger.get(start_page(quiz)).status_code == 404


def test_attempt_of_another_is_not_found(run, attempt):
    mate = browse(EnrolmentFactory(run=run, unit=unit("13384")).user)
    administrator = log_in(Role.ADMINISTRATOR, "35")
    asked, hand_in = question_page(attempt, 1), submit_page(attempt)

    for client in (mate, administrator):
        for address in (asked, hand_in, result_page(attempt)):
            assert client.get(address).status_code == 404
        for address in (asked, hand_in):
            assert client.post(address).status_code == 404
    assert not answered().exists()


def test_question_shows_one_question_and_its_options(as_trainee, attempt):
    page = as_trainee.get(question_page(attempt, 1))
    body = html_of(page)

    assert (page.context["number"], page.context["count"]) == (1, 2)
    first, second = Question.objects.order_by("key")
    assert f'<h1 class="card__title">{first.text}</h1>' in body
    assert second.text not in body
    assert body.count('type="radio"') == 2
    # What is right is told after handing in.
    assert first.explanation not in body
    for number in (0, 3):
        assert as_trainee.get(question_page(attempt, number)).status_code == 404


def test_question_with_several_answers_has_boxes(as_trainee, enrolment, quiz):
    Question.objects.filter(key="M01-Q01").update(kind=QuestionKind.MULTIPLE)
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)

    page = as_trainee.get(question_page(attempt, 1))

    assert html_of(page).count('type="checkbox"') == 2
    assert page.context["is_multiple"]


def test_thousandth_answer_can_be_chosen(as_trainee, enrolment, quiz):
    question = Question.objects.get(key="M01-Q01")
    late = QuestionOption.objects.create(pk=1_018_001, question=question, text="Thêm sau")
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)

    body = html_of(as_trainee.get(question_page(attempt, 1)))
    as_trainee.post(question_page(attempt, 1), {"option": late.pk})

    assert 'value="1018001"' in body
    assert answered().get().chosen == [late.pk]


@pytest.mark.parametrize("given", ["", "Sai"])
def test_way_back_needs_no_answer_and_keeps_one(as_trainee, attempt, given):
    sent = {"option": option(2, given)} if given else {}

    response = as_trainee.post(question_page(attempt, 2), sent | {"go": "1"})

    assert response["Location"] == question_page(attempt, 1)
    assert [one.chosen for one in answered()] == [[value] for value in sent.values()]
    on = as_trainee.post(question_page(attempt, 2), {"option": option(2, "Sai")})
    assert on["Location"] == submit_page(attempt)


def test_wrong_input_keeps_the_page_with_a_sentence(as_trainee, attempt):
    for data in ({}, {"option": "x"}, {"option": "999999"}, {"go": "9"}):
        response = as_trainee.post(question_page(attempt, 1), data)
        body = html_of(response)
        assert response.context["number"] == 1
        assert response.context["error"]
        for part in (response.context["error"], 'role="alert"', '="how-to error"'):
            assert part in body, data
    assert not answered().exists()


def test_attempt_handed_in_twice_or_asked_again_shows_the_first_result(as_trainee, attempt):
    as_trainee.post(question_page(attempt, 1), {"option": option(1, "Đúng")})
    first = as_trainee.post(submit_page(attempt))
    attempt.refresh_from_db()
    submitted_at = attempt.submitted_at

    for go, page in (
        (as_trainee.post, submit_page(attempt)),
        (as_trainee.get, submit_page(attempt)),
        (as_trainee.get, question_page(attempt, 1)),
        (as_trainee.post, question_page(attempt, 1)),
    ):
        assert go(page)["Location"] == first["Location"] == result_page(attempt)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.submitted_at) == (1, submitted_at)


def test_button_that_hands_in_stands_in_the_bar_at_the_thumb(as_trainee, attempt):
    body = html_of(as_trainee.get(submit_page(attempt)))

    form = body[body.index('<form class="stack" method="post">') :]
    bar = form[form.index('<div class="action-bar">') : form.index("</form>")]
    assert "<button" in bar
    assert 'name="csrfmiddlewaretoken"' in form


def test_next_question_that_does_not_exist_is_the_following_one(as_trainee, attempt):
    for go in ("9" * 5000, "-1", "0", "²", "x\x00"):
        answer = as_trainee.post(question_page(attempt, 1), {"go": go, "option": option(1, "Sai")})
        assert answer.headers["Location"] == question_page(attempt, 2)
