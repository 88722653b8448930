"""What the answers tell about the questions of a quiz."""

import pytest
from django.urls import reverse

from courses.domain.item_statistics import ENOUGH, item_statistics
from courses.domain.question_versions import versions_of
from courses.enums import ItemFault, QuestionKind
from courses.models import Question, QuestionVersion, QuizAnswer, QuizAttempt
from lms.accounts.enums import Role
from tests.factories.accounts import log_in, make_official
from tests.factories.courses import EVENING, EnrolmentFactory
from tests.factories.geography import unit
from tests.reading import html_of


def sit(run, quiz, *tries, commune="13384"):
    """Make tries that were handed in: of each question whether it is answered right or by the
    first wrong option.
    """
    questions = list(Question.objects.order_by("key").prefetch_related("options"))
    versions = versions_of(questions=questions, at=EVENING)
    people = EnrolmentFactory.create_batch(len(tries), run=run, unit=unit(commune))
    attempts = QuizAttempt.objects.bulk_create(
        QuizAttempt(enrolment=person, quiz=quiz, number=1, **_handed_in(rights))
        for person, rights in zip(people, tries, strict=True)
    )
    _answer(attempts, tries, [versions[one.pk] for one in questions])
    return people


def sit_again(enrolment, quiz, *rights):
    versions = list(QuestionVersion.objects.order_by("question__key"))
    attempt = QuizAttempt.objects.create(
        enrolment=enrolment, quiz=quiz, number=2, **_handed_in(rights)
    )
    _answer([attempt], [rights], versions)


def _handed_in(rights):
    score, count = sum(rights), len(rights)
    return {
        "started_at": EVENING,
        "submitted_at": EVENING,
        "score": score,
        "max_score": count,
        "percent": score * 100 // count,
    }


def _answer(attempts, tries, versions):
    QuizAnswer.objects.bulk_create(
        QuizAnswer(
            attempt=attempt,
            question_id=version.question_id,
            version=version,
            chosen=[one["id"] for one in version.options if one["is_correct"] is is_right][:1],
            is_correct=is_right,
        )
        for attempt, rights in zip(attempts, tries, strict=True)
        for version, is_right in zip(versions, rights, strict=True)
    )


def items_of(quiz, reader):
    return {item.question.key: item for item in item_statistics(quiz=quiz, reader=reader)}


def test_question_that_the_weak_get_wrong_tells_and_one_all_get_right_is_too_easy(
    run, quiz, administrator
):
    first, second = Question.objects.order_by("key")
    sit(run, quiz, *[(number >= ENOUGH // 2, True) for number in range(ENOUGH)])

    items = items_of(quiz, administrator)

    assert (items[first.key].percent, items[first.key].gap) == (50, 100)
    assert ItemFault.TELLS_NOTHING not in items[first.key].faults
    assert (items[second.key].percent, items[second.key].faults) == (100, [ItemFault.TOO_EASY])


def test_wrong_answer_that_most_choose_is_named_first_with_its_share(run, quiz, administrator):
    first = Question.objects.order_by("key")[0]
    sit(run, quiz, *[(number < 2, True) for number in range(ENOUGH)])

    item = item_statistics(quiz=quiz, reader=administrator)[0]

    assert item.question == first
    assert item.faults[:2] == [ItemFault.WRONG_PREFERRED, ItemFault.TOO_HARD]
    assert max(one.percent for one in item.options if not one.is_correct) == 90


def test_question_without_answers_to_choose_from_shows_none(run, quiz, administrator):
    sit(run, quiz, (True, True))
    QuestionVersion.objects.update(kind=QuestionKind.NUMBER)

    assert [item.options for item in item_statistics(quiz=quiz, reader=administrator)] == [[], []]


def test_answers_left_empty_are_told(run, quiz, administrator):
    first = Question.objects.order_by("key")[0]
    sit(run, quiz, (False, False), (False, False), (True, True))
    QuizAnswer.objects.filter(question=first, is_correct=False).update(chosen=[])

    item = items_of(quiz, administrator)[first.key]

    assert (item.answers, item.blank, sum(one.count for one in item.options)) == (3, 2, 1)
    page = log_in(Role.ADMINISTRATOR, "35").get(reverse("quizzes:statistics", args=[quiz.pk]))
    assert "<span>2 " in html_of(page)


def test_of_few_answers_nothing_is_concluded_and_a_second_try_does_not_count(
    run, quiz, administrator
):
    enrolments = sit(run, quiz, *[(False, False)] * (ENOUGH - 1))
    sit_again(enrolments[0], quiz, True, True)

    for item in items_of(quiz, administrator).values():
        assert (item.answers, item.percent) == (ENOUGH - 1, 0)
        assert (item.gap, item.faults) == (None, [])


def test_answers_of_people_out_of_sight_are_left_out(run, quiz):
    sit(run, quiz, (True, True), commune="13591")

    assert items_of(quiz, make_official(Role.COORDINATOR, "350")) == {}


def test_page_is_for_authors_and_says_when_there_is_nothing(run, quiz):
    address = reverse("quizzes:statistics", args=[quiz.pk])
    trainer = log_in(Role.TRAINER, "350")

    empty = trainer.get(address)
    sit(run, quiz, (True, False))
    shown = log_in(Role.ADMINISTRATOR, "35").get(address)
    barred = log_in(Role.COORDINATOR, "350").get(address)

    assert empty.context["items"] == []
    assert len(shown.context["items"]) == 2
    assert barred.status_code in (302, 403)
    assert address in html_of(trainer.get(reverse("quizzes:index")))


@pytest.mark.parametrize("people", [1, 4])
def test_queries_do_not_grow_with_the_answers(
    run, quiz, administrator, people, django_assert_num_queries
):
    sit(run, quiz, *[(True, False)] * people)
    _ = administrator.scope.everywhere

    with django_assert_num_queries(3):
        item_statistics(quiz=quiz, reader=administrator)
