"""The rules of a quiz as the pages tell and keep them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.domain.quizzes import start_attempt
from courses.models import ModulePage, Question, Quiz, QuizAttempt, QuizDraw, QuizQuestion
from lms.accounts.enums import Role
from tests.courses.views.conftest import address_of, take
from tests.factories.accounts import browse
from tests.factories.courses import make_quiz, questions_in, set_rules
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of, levels_of
from tests.shared import shared

HOUR = timedelta(hours=1)


def page(name, *args):
    return reverse(f"courses:quiz_{name}", args=args)


@shared
def timed(enrolment, quiz):
    """A try of ten minutes that has just begun."""
    set_rules(quiz, time_limit_minutes=10)
    return start_attempt(enrolment=enrolment, quiz=quiz, at=timezone.now())


def test_start_tells_the_rules_in_words(as_trainee, quiz):
    set_fields(quiz, time_limit_minutes=20, wait_minutes=30, must_reread=True)
    set_rules(quiz, shuffle_options=True)

    body = html_of(as_trainee.get(page("start", quiz.pk)))
    set_fields(quiz, time_limit_minutes=0, wait_minutes=0, must_reread=False)
    set_rules(quiz, shuffle_options=False)
    without = html_of(as_trainee.get(page("start", quiz.pk)))

    for said in (r"<dd>[^<]*\b20\b", r"<dd>[^<]*\b30\b"):
        assert re.search(said, body)
        assert not re.search(said, without)
    assert body.count("<dt>") == without.count("<dt>") + 2


def test_start_says_until_when_to_wait_and_offers_no_button(as_trainee, enrolment, quiz):
    set_rules(quiz, wait_minutes=30)
    take(enrolment, quiz, timezone.now(), right=0)

    refusal = as_trainee.get(page("start", quiz.pk)).context["retry_refusal"]
    response = as_trainee.post(page("start", quiz.pk), follow=True)

    assert refusal.code == "retry_too_early"
    assert response.redirect_chain == [(page("start", quiz.pk), 302)]
    assert QuizAttempt.objects.count() == 1


def test_start_leads_to_the_lessons_to_open_and_then_begins(as_trainee, enrolment, lessons, quiz):
    set_rules(quiz, must_reread=True)
    Question.objects.update(lesson=lessons[1])
    take(enrolment, quiz, timezone.now() - HOUR, right=0)

    before = as_trainee.get(page("start", quiz.pk))
    as_trainee.get(address_of(lessons[1]))
    after = as_trainee.get(page("start", quiz.pk))

    way = f'href="{address_of(lessons[1])}"'
    assert way in html_of(before)
    assert before.context["retry_refusal"].code == "reread_first"
    assert way not in html_of(after)
    assert after.context["retry_refusal"] is None


def test_question_and_review_tell_the_time_left_where_there_is_a_limit(as_trainee, timed):
    pages = [page("question", timed.pk, 1), page("submit", timed.pk)]

    bodies = [html_of(as_trainee.get(url)) for url in pages]

    for body in bodies:
        assert f"{timezone.localtime(timed.deadline):%H:%M}" in body
        left = int(body.split('data-seconds-left="')[1].split('"')[0])
        assert 500 < left <= 600
    set_fields(timed, deadline=None)
    assert not [url for url in pages if b"data-seconds-left" in as_trainee.get(url).content]


def test_answer_that_is_late_is_refused_and_the_try_handed_in(as_trainee, quiz, timed):
    set_fields(timed, deadline=timezone.now() - HOUR)
    right = questions_in(quiz)[0].options.get(is_correct=True)

    response = as_trainee.post(page("question", timed.pk, 1), {"option": right.pk}, follow=True)

    timed.refresh_from_db()
    assert response.redirect_chain == [(page("result", timed.pk), 302)]
    assert levels_of(response) == ["error"]
    assert response.context["ran_out"]
    assert timed.score == 0


@pytest.mark.parametrize("name", ["question", "submit", "result"])
def test_next_look_hands_in_what_is_late(as_trainee, timed, name):
    set_fields(timed, deadline=timezone.now() - HOUR)
    number = [1] if name == "question" else []

    as_trainee.get(page(name, timed.pk, *number))

    timed.refresh_from_db()
    assert timed.submitted_at is not None


def test_question_shows_the_answers_in_the_order_of_the_try(as_trainee, enrolment, quiz):
    set_rules(quiz, shuffle_options=True)
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=timezone.now())
    put = attempt.answers.get(position=1)
    for order in (put.option_order, put.option_order[::-1]):
        set_fields(put, option_order=order)

        body = html_of(as_trainee.get(page("question", attempt.pk, 1)))

        shown = re.findall(r'name="option" value="(\d+)"', body)
        assert shown == [str(pk) for pk in order]


@pytest.fixture
def save(make_official, quiz):
    """Post the form of the quiz: these rules, and draws in the order of their fields."""
    author = browse(make_official(Role.ADMINISTRATOR, "35"))

    def go(*draws, **rules):
        form = {
            "title": quiz.title,
            "module": quiz.module_id,
            **dict.fromkeys(("max_attempts", "wait_minutes", "time_limit_minutes"), 0),
            **{f"quiz_questions-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")},
            "draws-TOTAL_FORMS": len(draws),
            "draws-INITIAL_FORMS": 0,
        }
        for place, draw in enumerate(draws):
            form |= {f"draws-{place}-{name}": value for name, value in draw.items()}
        return author.post(reverse("quizzes:edit", args=[quiz.pk]), form | rules)

    return go


def test_editor_sets_the_rules_and_a_pre_test_is_taken_once(save, quiz):
    rules = {"max_attempts": 3, "wait_minutes": 15, "time_limit_minutes": 20}

    response = save(**rules, must_reread="on", shuffle_questions="on")

    assert response.status_code == 302
    quiz.refresh_from_db()
    assert quiz.rules() == rules | {
        "must_reread": True,
        "shuffle_questions": True,
        "shuffle_options": False,
        "purpose": "",
    }
    assert save(purpose="pre_test", max_attempts=3).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.purpose, quiz.max_attempts) == ("pre_test", 1)


def test_editor_refuses_a_second_pre_test_beside_the_field(save, course, quiz):
    set_fields(quiz, purpose="pre_test", max_attempts=1)
    other = ModulePage(title="Chuyên đề 2", slug="m02", code="M02", as_of="2014")
    course.add_child(instance=other)
    moved = Quiz.objects.create(module=other, title="Bài kia", purpose="post_test")

    assert save(purpose="pre_test").status_code == 302
    response = save(purpose="post_test")

    assert response.status_code == 200
    assert error_codes(response.context["form"]) == {"purpose": ["purpose_taken"]}
    assert moved.title in html_of(response)


def test_editor_refuses_a_draw_from_too_few_and_keeps_what_was_typed(save, lessons, quiz):
    Question.objects.update(lesson=lessons[0])
    QuizQuestion.objects.all().delete()

    response = save({"count": 3, "difficulty": "", "tag": "bạo lực"})

    assert error_codes(response.context["form"]) == {"__all__": ["too_few_to_draw"]}
    assert 'value="bạo lực"' in html_of(response)
    assert not QuizDraw.objects.exists()


def test_editor_saves_a_draw_that_the_bank_can_fill(save, lessons, quiz):
    Question.objects.update(lesson=lessons[0], tag_index="|bao luc|")
    QuizQuestion.objects.all().delete()

    response = save(
        {"count": 2, "module": quiz.module_id, "difficulty": "medium", "tag": "Bạo lực"}
    )

    assert response.status_code == 302
    draw = QuizDraw.objects.get()
    assert (draw.count, draw.module_id, draw.difficulty) == (2, quiz.module_id, "medium")


@pytest.mark.parametrize("count", [1, 3])
def test_pages_before_handing_in_ask_as_much_for_any_length(
    as_trainee, enrolment, module, lessons, django_assert_num_queries, count
):
    quiz = make_quiz(module, questions=count)
    Question.objects.update(lesson=lessons[0])
    set_rules(quiz, must_reread=True, time_limit_minutes=10)
    take(enrolment, quiz, timezone.now() - HOUR, right=0)

    as_trainee.get(page("start", quiz.pk))

    # Log-in 2, quiz 1, enrolment 1, attempts 1, what was done 1, rules 1, questions 2; pass mark 1,
    # passed before 1, lessons to open 2.
    with django_assert_num_queries(13):
        as_trainee.get(page("start", quiz.pk))

    as_trainee.get(address_of(lessons[0]))
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=timezone.now())
    for name, number in (("question", [1]), ("submit", [])):
        # Log-in 2, attempt 1, questions 1.
        with django_assert_num_queries(4):
            as_trainee.get(page(name, attempt.pk, *number))
