"""A quiz from the first page to the result, by plain forms."""

import pytest
from django.test import Client
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

    body = as_trainee.get(start_page(quiz)).content.decode()

    assert "<dd>2</dd>" in body
    assert "đúng từ 70% số câu" in body
    assert "còn 3/3 lần" in body


def test_start_begins_at_the_first_question_and_twice_is_one_attempt(as_trainee, quiz):
    locations = [as_trainee.post(start_page(quiz))["Location"] for _time in range(2)]

    assert locations == [question_page(QuizAttempt.objects.get(), 1)] * 2


def test_attempt_goes_on_where_an_answer_is_missing_and_answers_may_be_changed(
    as_trainee, quiz, attempt
):
    as_trainee.post(question_page(attempt, 1), {"option": option(1, "Sai")})

    assert "Làm tiếp" in as_trainee.get(start_page(quiz)).content.decode()
    assert as_trainee.post(start_page(quiz))["Location"] == question_page(attempt, 2)
    body = as_trainee.get(submit_page(attempt)).content.decode()
    assert "Còn 1 câu chưa trả lời" in body
    assert question_page(attempt, 2) in body

    body = as_trainee.get(question_page(attempt, 1)).content.decode()
    as_trainee.post(question_page(attempt, 1), {"option": option(1, "Đúng")})
    assert f'value="{option(1, "Sai")}" checked' in body
    assert answered().get().chosen == [option(1, "Đúng")]


def test_start_goes_to_handing_in_when_all_is_answered(as_trainee, quiz, attempt):
    for number in (1, 2):
        as_trainee.post(question_page(attempt, number), {"option": option(number, "Sai")})

    assert as_trainee.post(start_page(quiz))["Location"] == submit_page(attempt)


def test_start_without_attempts_left_says_so(as_trainee, enrolment, quiz):
    set_fields(quiz, max_attempts=1)
    refreeze()
    take(enrolment, quiz, EVENING, right=0)

    body = as_trainee.get(start_page(quiz)).content.decode()
    response = as_trainee.post(start_page(quiz), follow=True)

    assert "Anh/chị đã dùng hết số lần làm bài" in body
    assert response.redirect_chain == [(start_page(quiz), 302)]
    assert QuizAttempt.objects.count() == 1


def test_start_lists_earlier_results(as_trainee, enrolment, quiz):
    failed = take(enrolment, quiz, EVENING, right=0)

    body = as_trainee.get(start_page(quiz)).content.decode()

    assert result_page(failed) in body
    assert "đúng 0/2 câu" in body
    assert "Chưa đạt" in body
    assert "Làm lại" in body


def test_quiz_that_the_class_does_not_ask_is_not_found(as_trainee, quiz):
    quiz.quiz_questions.all().delete()
    refreeze()

    assert as_trainee.get(start_page(quiz)).status_code == 404


def test_start_in_a_closed_class_records_nothing(as_trainee, run, quiz):
    set_fields(run, status=RunStatus.CLOSED)

    response = as_trainee.post(start_page(quiz), follow=True)

    assert response.redirect_chain == [(start_page(quiz), 302)]
    assert not QuizAttempt.objects.exists()


def test_quiz_is_not_found_for_who_is_not_enrolled(as_stranger, as_trainer, quiz):
    assert as_stranger.get(start_page(quiz)).status_code == 404
    assert as_stranger.post(start_page(quiz)).status_code == 404
    assert as_trainer.get(start_page(quiz)).status_code == 404


def test_quiz_is_not_found_once_withdrawn(as_trainee, enrolment, quiz):
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)

    assert as_trainee.get(start_page(quiz)).status_code == 404


def test_quiz_of_an_unpublished_module_goes_on_for_the_class(as_trainee, as_stranger, module, quiz):
    module.unpublish()

    assert as_trainee.get(start_page(quiz)).status_code == 200
    assert as_stranger.get(start_page(quiz)).status_code == 404


@pytest.mark.parametrize("page", [question_page, submit_page, result_page])
def test_attempt_of_another_is_not_found(run, attempt, page):
    arguments = [attempt, 1] if page is question_page else [attempt]
    mate = browse(EnrolmentFactory(run=run, unit=unit("13384")).user)
    administrator = log_in(Role.ADMINISTRATOR, "35")

    for client in (mate, administrator):
        assert client.get(page(*arguments)).status_code == 404
        if page is not result_page:
            assert client.post(page(*arguments)).status_code == 404
    assert not answered().exists()


def test_anonymous_is_sent_to_log_in(attempt):
    address = question_page(attempt, 1)

    assert Client().get(address)["Location"] == f"/tai-khoan/login/?next={address}"


def test_question_shows_one_question_and_its_options(as_trainee, attempt):
    body = as_trainee.get(question_page(attempt, 1)).content.decode()

    assert '<h1 class="card__title">Câu hỏi 1</h1>' in body
    assert "Câu hỏi 2" not in body
    assert "Câu 1/2" in body
    assert body.count('type="radio"') == 2
    # What is right is told after handing in.
    assert "Giải thích" not in body


def test_question_with_several_answers_has_boxes(as_trainee, enrolment, quiz):
    Question.objects.filter(key="M01-Q01").update(kind=QuestionKind.MULTIPLE)
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)

    body = as_trainee.get(question_page(attempt, 1)).content.decode()

    assert body.count('type="checkbox"') == 2
    assert "Chọn tất cả các câu trả lời đúng." in body


def test_answer_is_kept_and_leads_on(as_trainee, attempt):
    response = as_trainee.post(question_page(attempt, 1), {"option": option(1, "Sai")})

    assert response["Location"] == question_page(attempt, 2)
    assert answered().get().chosen == [option(1, "Sai")]


def test_thousandth_answer_can_be_chosen(as_trainee, enrolment, quiz):
    question = Question.objects.get(key="M01-Q01")
    late = QuestionOption.objects.create(pk=1_018_001, question=question, text="Thêm sau")
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)

    body = as_trainee.get(question_page(attempt, 1)).content.decode()
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


@pytest.mark.parametrize("data", [{}, {"option": "x"}, {"option": "999999"}, {"go": "9"}])
def test_wrong_input_keeps_the_page_with_a_sentence(as_trainee, attempt, data):
    response = as_trainee.post(question_page(attempt, 1), data)

    body = response.content.decode()
    assert response.status_code == 200
    assert 'role="alert"' in body
    assert 'aria-describedby="how-to error"' in body
    assert '<h1 class="card__title">Câu hỏi 1</h1>' in body
    assert not answered().exists()


@pytest.mark.parametrize("number", [0, 3])
def test_question_that_is_not_there_is_not_found(as_trainee, attempt, number):
    assert as_trainee.get(question_page(attempt, number)).status_code == 404


def test_handing_in_twice_shows_the_first_result(as_trainee, attempt):
    as_trainee.post(question_page(attempt, 1), {"option": option(1, "Đúng")})
    first = as_trainee.post(submit_page(attempt))
    attempt.refresh_from_db()
    submitted_at = attempt.submitted_at

    second = as_trainee.post(submit_page(attempt))

    attempt.refresh_from_db()
    assert first["Location"] == second["Location"] == result_page(attempt)
    assert (attempt.score, attempt.submitted_at) == (1, submitted_at)


def test_pages_of_an_attempt_handed_in_lead_to_the_result(as_trainee, attempt):
    as_trainee.post(submit_page(attempt))

    assert as_trainee.get(question_page(attempt, 1))["Location"] == result_page(attempt)
    assert as_trainee.post(question_page(attempt, 1))["Location"] == result_page(attempt)
    assert as_trainee.get(submit_page(attempt))["Location"] == result_page(attempt)


def test_button_that_hands_in_stands_in_the_bar_at_the_thumb(as_trainee, attempt):
    body = as_trainee.get(submit_page(attempt)).content.decode()

    form = body[body.index('<form class="stack" method="post">') :]
    bar = form[form.index('<div class="action-bar">') : form.index("</form>")]
    assert "Nộp bài" in bar
    assert 'name="csrfmiddlewaretoken"' in form


@pytest.mark.parametrize("go", ["9" * 5000, "-1", "0", "²", "x\x00"])
def test_next_question_that_does_not_exist_is_the_following_one(as_trainee, attempt, go):
    answer = as_trainee.post(question_page(attempt, 1), {"go": go, "option": option(1, "Sai")})

    assert answer.headers["Location"] == question_page(attempt, 2)
