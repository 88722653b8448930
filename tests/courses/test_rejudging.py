"""A key changes after people have answered: the editor asks, and the decision is recorded."""

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.domain.quizzes import answer_question, answers_of, result_of, start_attempt
from courses.domain.rejudging import people_who_answered, preview_rejudging, rejudge_answers
from courses.enums import EnrolmentStatus
from courses.models import QuestionVersion, QuizAttempt
from tests.factories.courses import EVENING, EnrolmentFactory
from tests.factories.geography import unit
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal

COMPLETED, ACTIVE = EnrolmentStatus.COMPLETED, EnrolmentStatus.ACTIVE


def turn_round(question):
    for option in question.options.all():
        set_fields(option, is_correct=not option.is_correct)


def percents():
    return list(QuizAttempt.objects.order_by("enrolment").values_list("percent", flat=True))


def test_rejudging_gives_answers_the_new_version_and_keeps_the_old_result_in_the_log(
    people, question, administrator
):
    turn_round(question)
    later = EVENING + timedelta(days=1)
    told = {"question": question, "note": "Đáp án sai", "by": administrator, "at": later}

    # The second time there is nothing left to judge.
    assert [rejudge_answers(**told), rejudge_answers(**told)] == [2, 0]

    assert percents() == [50, 50]
    assert [status_of(one) for one in people] == [ACTIVE, ACTIVE]
    lines = result_of(attempt=people[1].quiz_attempts.get()).lines
    assert (lines[0].version.number, lines[0].is_correct) == (2, True)
    assert [line.judged_again_at for line in lines] == [later, None]
    entry = ModelLogEntry.objects.filter(action="courses.rejudge").earliest("pk")
    answers = [one.quiz_attempts.get().answers.get(question=question).pk for one in people]
    assert entry.user == administrator
    assert entry.data["note"] == "Đáp án sai"
    assert entry.data["before"] == [[answers[0], 1, True], [answers[1], 1, False]]


def test_result_says_so_too_when_the_key_becomes_what_it_was(people, question):
    first, second = (EVENING + timedelta(days=days) for days in (1, 2))
    for at in (first, second):
        turn_round(question)
        rejudge_answers(question=question, note="Đáp án sai", by=None, at=at)

    lines = result_of(attempt=people[1].quiz_attempts.get()).lines
    assert [line.judged_again_at for line in lines] == [second, None]
    assert lines[0].version.number == 1


def test_result_says_nothing_of_a_version_that_is_younger_than_the_attempt(people, question):
    later = EVENING + timedelta(days=1)
    QuestionVersion.objects.update(created_at=later)

    lines = result_of(attempt=people[1].quiz_attempts.get()).lines
    assert [line.judged_again_at for line in lines] == [None, None]


def test_rejudging_completes_who_now_passes(run, people, question):
    set_fields(run.requirements.get(), params={"pass_percent": 50})
    turn_round(question)

    rejudge_answers(question=question, note="Đáp án sai", by=None, at=EVENING)

    assert [status_of(one) for one in people] == [COMPLETED, COMPLETED]


def test_preview_of_rejudging_and_one_without_a_note_write_nothing(people, question):
    turn_round(question)

    preview = preview_rejudging(question=question, at=EVENING)
    with raises_refusal("note_missing"):
        rejudge_answers(question=question, note=" ", by=None, at=EVENING)

    assert (preview.people, preview.now_right, preview.now_wrong) == (2, 1, 1)
    assert (preview.effect.completing, preview.effect.losing) == ([], [people[0].pk])
    assert percents() == [100, 0]
    assert question.versions.count() == 1
    assert [status_of(one) for one in people] == [COMPLETED, ACTIVE]


def test_open_attempt_goes_on_with_the_new_key(run, quiz, people, question):
    attempt = start_attempt(
        enrolment=EnrolmentFactory(run=run, unit=unit("13384")), quiz=quiz, at=EVENING
    )
    turn_round(question)

    rejudge_answers(question=question, note="Đáp án sai", by=None, at=EVENING)

    assert [one.version.number for one in answers_of(attempt=attempt)] == [2, 1]
    assert people_who_answered(question) == 2


def test_open_attempt_keeps_the_question_in_which_its_choice_is_on_offer(
    run, quiz, people, question
):
    attempt = start_attempt(
        enrolment=EnrolmentFactory(run=run, unit=unit("13384")), quiz=quiz, at=EVENING
    )
    chosen = question.options.get(is_correct=False)
    answer_question(attempt=attempt, question_id=question.pk, chosen=[chosen.pk], at=EVENING)
    chosen.delete()
    question.options.create(text="Mới", is_correct=False)

    rejudge_answers(question=question, note="Bỏ phương án", by=None, at=EVENING)

    assert [one.version.number for one in answers_of(attempt=attempt)] == [1, 1]


def test_answer_that_is_no_longer_on_offer_is_wrong(people, question):
    question.options.get(is_correct=True).delete()
    question.options.create(text="Mới", is_correct=True)

    rejudge_answers(question=question, note="Bỏ phương án", by=None, at=EVENING)

    assert percents() == [50, 0]


def typed(question, *, right, **more):
    options = list(question.options.order_by("sort_order"))
    data = {
        "key": question.key, "kind": question.kind, "text": question.text, "difficulty": "medium",
        "explanation": question.explanation, "source": question.source, "as_of": question.as_of,
        "options-TOTAL_FORMS": len(options), "options-INITIAL_FORMS": len(options),
        "options-MIN_NUM_FORMS": 2, "options-MAX_NUM_FORMS": 1000, "action-publish": "1",
    }  # fmt: skip
    for number, option in enumerate(options):
        data |= {
            f"options-{number}-id": option.pk,
            f"options-{number}-text": option.text,
            f"options-{number}-ORDER": number + 1,
        }
        if number == right:
            data[f"options-{number}-is_correct"] = "on"
    return data | more


def edit(client, question, **how):
    return client.post(reverse("questions:edit", args=[question.pk]), typed(question, **how))


def test_editor_asks_before_a_key_changes(as_administrator, people, question):
    page = edit(as_administrator, question, right=1)

    assert page.context["preview"].people == 2
    assert question.options.get(is_correct=True).text == "Đúng"
    assert question.versions.count() == 1
    assert ("options-1-is_correct", "on") in page.context["posted"]
    again = edit(as_administrator, question, right=1, old_results="rejudge", note="")
    assert again.context["note_error"]
    assert percents() == [100, 0]


@pytest.mark.parametrize(("decision", "after"), [("leave", [100, 0]), ("rejudge", [50, 50])])
def test_editor_does_what_was_decided(as_administrator, people, question, decision, after):
    answer = edit(
        as_administrator, question, right=1, old_results=decision, note="Đáp án trước bị sai"
    )

    assert answer.status_code == 302
    assert question.options.get(is_correct=True).text == "Sai"
    assert percents() == after
    logged = ModelLogEntry.objects.filter(action="courses.rejudge")
    assert logged.count() == (decision == "rejudge")


def test_editor_asks_when_a_right_option_is_new(as_administrator, people, question):
    third = {
        "options-TOTAL_FORMS": 3,
        "options-2-id": "",
        "options-2-text": "Phương án mới",
        "options-2-is_correct": "on",
        "options-2-ORDER": 3,
    }

    asked = edit(as_administrator, question, right=None, **third)
    saved = edit(as_administrator, question, right=None, old_results="leave", **third)

    assert asked.context["preview"].now_wrong == 1
    assert saved.status_code == 302
    assert question.options.get(is_correct=True).text == "Phương án mới"
    assert percents() == [100, 0]


@pytest.mark.parametrize("answered", [True, False])
def test_editor_saves_at_once_what_changes_no_result(as_administrator, request, question, answered):
    if answered:
        request.getfixturevalue("people")
    right = 0 if answered else 1

    answer = edit(as_administrator, question, right=right, text="Câu đã sửa lỗi chính tả")

    assert answer.status_code == 302
    question.refresh_from_db()
    assert question.text == "Câu đã sửa lỗi chính tả"
