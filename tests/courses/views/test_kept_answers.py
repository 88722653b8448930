"""A log-in lost in the middle of a quiz: the answer on the screen comes back."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.quizzes import start_attempt
from courses.models import QuizAnswer
from tests.factories.accounts import UserFactory
from tests.factories.courses import EVENING, EnrolmentFactory, questions_in
from tests.factories.geography import unit
from tests.reading import html_of, levels_of, templates_of
from tests.shared import shared

HERE = {"headers": {"origin": "http://testserver"}}


@shared
def question_page(enrolment, quiz):
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    return reverse("courses:quiz_question", args=[attempt.pk, 1])


@pytest.fixture
def right(quiz):
    return questions_in(quiz)[0].options.get(is_correct=True).pk


def ticked(response):
    """The ids of the answers that the page shows as chosen."""
    found = re.findall(r'name="option" value="(\d+)" checked', html_of(response))
    return [int(pk) for pk in found]


def given():
    return QuizAnswer.objects.filter(answered_at__isnull=False)


def strict():
    """A browser that is held to the token of our forms."""
    return Client(enforce_csrf_checks=True)


def test_answer_that_meets_the_log_in_comes_back_to_its_question(enrolment, question_page, right):
    browser = strict()

    led = browser.post(question_page, {"option": right, "go": "2"}, **HERE, follow=True)

    assert led.redirect_chain == [(f"{reverse('account_login')}?next={question_page}", 302)]
    assert levels_of(led) == ["info"]
    browser.force_login(enrolment.user)
    back = browser.get(question_page)
    assert ticked(back) == [right]
    assert "lms/components/alert.html" in templates_of(back)
    # It counts when the person sends it.
    assert not given().exists()


def test_kept_answer_is_forgotten_once_the_person_answers(
    as_trainee, enrolment, question_page, right
):
    browser = Client()
    browser.post(question_page, {"option": right}, **HERE)
    browser.force_login(enrolment.user)

    browser.post(question_page, {"option": right + 1})

    assert given().get().chosen == [right + 1]
    assert ticked(browser.get(question_page)) == [right + 1]


def test_answer_after_logging_in_in_another_window_is_kept(enrolment, question_page, right):
    browser = strict()
    browser.force_login(enrolment.user)

    response = browser.post(
        question_page, {"option": right, "csrfmiddlewaretoken": "x" * 32}, **HERE
    )

    assert response["Location"] == question_page
    assert ticked(browser.get(question_page)) == [right]
    assert not given().exists()


def test_kept_answer_is_shown_to_nobody_else(run, question_page, quiz, right):
    browser = Client()
    browser.post(question_page, {"option": right}, **HERE)
    other = EnrolmentFactory(run=run, unit=unit("13384"), user=UserFactory())
    browser.force_login(other.user)
    own = start_attempt(enrolment=other, quiz=quiz, at=EVENING)

    theirs = browser.get(question_page)
    mine = browser.get(reverse("courses:quiz_question", args=[own.pk, 1]))

    assert (theirs.status_code, ticked(mine)) == (404, [])


@pytest.mark.parametrize("origin", [{}, {"headers": {"origin": "https://example.org"}}])
@pytest.mark.parametrize("is_in", [True, False])
def test_form_of_somebody_else_is_refused_and_leaves_nothing(
    enrolment, question_page, right, origin, is_in
):
    browser = strict()
    if is_in:
        browser.force_login(enrolment.user)

    response = browser.post(question_page, {"option": right}, **origin)

    assert response.status_code == 403
    assert "kept_answer" not in response.cookies
    assert not given().exists()


def test_answer_that_is_too_long_for_a_cookie_is_not_kept(question_page):
    browser = Client()

    response = browser.post(question_page, {"typed": "a" * 4000}, **HERE)

    assert response.status_code == 302
    assert "kept_answer" not in response.cookies


def test_forged_cookie_shows_nothing(enrolment, question_page, right):
    browser = Client()
    browser.force_login(enrolment.user)
    browser.cookies["kept_answer"] = f'[1, 1, "option={right}"]'

    assert ticked(browser.get(question_page)) == []
