"""Questions as drafts, with their history, a preview and a lock: only what is live is asked."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.domain.editions import freeze_edition
from courses.domain.question_publishing import publish_draft
from courses.domain.questions import check_published, why_held
from courses.domain.quiz_draws import pools_of
from courses.enums import OldResults
from courses.models import Question, QuizDraw
from lms.accounts.enums import Role
from tests.courses.test_question_lists import listed, row
from tests.courses.test_rejudging import edit, percents, typed
from tests.factories.accounts import UserFactory, log_in
from tests.factories.courses import EVENING
from tests.factories.importing import outcomes, take_back, write
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.refusing import raises_refusal

DRAFT = {"action-publish": ""}


def address(name, question, *more):
    return reverse(f"questions:{name}", args=[question.pk, *more])


def save_draft(client, question, **how):
    answer = edit(client, question, **{"right": 0} | how | DRAFT)
    assert answer.status_code == 302
    question.refresh_from_db()
    return question.latest_revision


def publish(client, question, **how):
    return edit(client, question, **{"right": 0} | how)


# --- Drafts


def test_draft_of_a_live_question_changes_nothing_that_is_asked(as_trainer, question):
    third = {
        "options-TOTAL_FORMS": 3, "options-2-id": "", "options-2-text": "Mới", "options-2-ORDER": 3,
    }  # fmt: skip
    save_draft(as_trainer, question, text="Bản nháp", **third)

    assert (question.text, question.live, question.has_unpublished_changes) == (
        "Câu hỏi 1",
        True,
        True,
    )
    assert question.options.count() == 2
    assert "Bản nháp" in html_of(as_trainer.get(address("edit", question)))


def test_published_draft_is_what_is_asked_and_keeps_the_numbers_of_its_answers(
    as_trainer, question
):
    ids = [one.pk for one in question.options.all()]
    save_draft(as_trainer, question, text="Bản nháp")
    publish(as_trainer, question, text="Bản cuối")

    question.refresh_from_db()
    assert (question.text, question.has_unpublished_changes) == ("Bản cuối", False)
    assert [one.pk for one in question.options.all()] == ids
    assert question.live_revision == question.latest_revision
    kept = question.live_revision.content["options"]
    assert [one["pk"] for one in kept] == ids
    actions = ModelLogEntry.objects.for_instance(question).values_list("action", flat=True)
    assert sorted(actions) == ["wagtail.edit", "wagtail.edit", "wagtail.publish"]


def test_new_draft_may_lack_what_is_asked_for_when_it_is_published(as_trainer, quiz):
    values = {
        "key": "NHAP-1", "kind": "single", "text": "Chưa xong?", "difficulty": "medium",
        "options-TOTAL_FORMS": 0, "options-INITIAL_FORMS": 0,
    }  # fmt: skip
    as_trainer.post(reverse("questions:add"), values)
    draft = Question.objects.get(key="NHAP-1")

    refused = as_trainer.post(address("edit", draft), values | {"action-publish": "1"})

    assert not draft.live
    assert refused.status_code == 200
    assert not Question.objects.published().filter(key="NHAP-1").exists()


def test_draft_is_neither_drawn_nor_chosen_nor_frozen_nor_exported(as_trainer, course, quiz):
    link = quiz.quiz_questions.first()
    lesson = quiz.module.get_children().first().specific
    Question.objects.update(lesson=lesson)
    set_fields(link.question, live=False)
    quiz.quiz_questions.exclude(pk=link.pk).delete()
    QuizDraw.objects.create(quiz=quiz, count=1)
    live = Question.objects.published().get()

    assert [pool.questions for pool in pools_of(quizzes=[quiz])[quiz.pk]] == [[live.pk]]
    chooser = html_of(as_trainer.get(reverse("question_chooser:choose_results")))
    assert live.key in chooser
    assert link.question.key not in chooser
    edition = freeze_edition(course=course, by=None, at=EVENING)
    assert not edition.modules.filter(quiz__questions__question=link.question).exists()
    exported = as_trainer.get(reverse("questions:index"), {"export": "csv"})
    assert link.question.key not in b"".join(exported.streaming_content).decode()


# --- Old results


def test_draft_of_a_new_key_is_saved_without_asking_and_publishing_it_asks(
    as_administrator, people, question
):
    save_draft(as_administrator, question, right=1)

    asked = publish(as_administrator, question, right=1)

    assert asked.context["preview"].people == 2
    assert percents() == [100, 0]
    publish(as_administrator, question, right=1, old_results="rejudge", note="Sai")
    assert percents() == [50, 50]


def test_no_way_publishes_a_new_key_without_a_decision(as_administrator, people, question):
    revision = save_draft(as_administrator, question, right=1)
    by = revision.user

    with raises_refusal("old_results_undecided"):
        publish_draft(revision=revision, by=by, at=EVENING)
    publish_draft(revision=revision, by=by, at=EVENING, old_results=OldResults.LEAVE)

    assert question.options.get(is_correct=True).text == "Sai"
    assert percents() == [100, 0]


# --- History


def test_history_compares_and_brings_back(as_trainer, question):
    publish(as_trainer, question, text="Lần một")
    first = Question.objects.get(pk=question.pk).live_revision_id
    publish(as_trainer, question, text="Lần hai")
    second = Question.objects.get(pk=question.pk).live_revision_id

    history = html_of(as_trainer.get(address("history", question)))
    compared = html_of(as_trainer.get(address("revisions_compare", question, first, second)))
    reverting = address("revisions_revert", question, first)
    shown = as_trainer.get(reverting)
    as_trainer.post(reverting, typed(question, right=0, text="Lần một"))

    assert address("revisions_compare", question, first, second) in history
    assert "Lần" in compared
    assert shown.context["form"].instance.text == "Lần một"
    assert Question.objects.get(pk=question.pk).text == "Lần một"


def test_draft_opens_without_the_case_that_has_been_deleted_since(as_trainer, question):
    revision = save_draft(as_trainer, question)
    content = revision.content | {"case": 99999, "case_step": 1, "picture": 99999}
    set_fields(revision, content=content)

    assert as_trainer.get(address("edit", question)).status_code == 200


# --- Preview


def test_preview_shows_a_question_as_a_trainee_meets_it(as_trainer, quiz):
    values = {
        "key": "XEM-1", "kind": "ordering", "text": "Làm gì trước?", "difficulty": "medium",
        "options-TOTAL_FORMS": 2, "options-INITIAL_FORMS": 0,
        "options-0-text": "Hỏi thăm", "options-0-ORDER": 1,
        "options-1-text": "Báo ngay", "options-1-ORDER": 2,
    }  # fmt: skip
    sent = as_trainer.post(reverse("questions:preview_on_add"), values)
    page = html_of(as_trainer.get(reverse("questions:preview_on_add")))

    assert sent.json() == {"is_valid": True, "is_available": True}
    assert "Làm gì trước?" in page
    assert "Báo ngay" in page
    assert not Question.objects.filter(key="XEM-1").exists()


def test_preview_of_drafts_and_of_earlier_versions(as_trainer, question):
    revision = save_draft(as_trainer, question, text="Bản nháp")
    as_trainer.post(address("preview_on_edit", question), typed(question, right=0, text="Đang gõ"))

    assert "Đang gõ" in html_of(as_trainer.get(address("preview_on_edit", question)))
    seen = as_trainer.get(address("revisions_view", question, revision.pk))
    assert "Bản nháp" in html_of(seen)


# --- Lock


@pytest.mark.parametrize("who", ["own", "administrator"])
def test_locked_question_is_changed_and_unlocked_by_its_owner_and_administrators_alone(
    as_trainer, as_administrator, question, who
):
    other = log_in(Role.TRAINER, "350")
    as_trainer.post(address("lock", question))

    page = other.get(address("edit", question))
    refused = publish(other, question, text="Đổi")
    other.post(address("unlock", question))

    question.refresh_from_db()
    assert page.context["locked_for_user"]
    assert refused.status_code == 200
    assert (question.text, question.locked) == ("Câu hỏi 1", True)
    publish(as_trainer, question, text="Tự sửa")
    {"own": as_trainer, "administrator": as_administrator}[who].post(address("unlock", question))
    question.refresh_from_db()
    assert (question.text, question.locked) == ("Tự sửa", False)


@pytest.mark.parametrize("method", ["lock", "unlock", "preview_on_edit"])
def test_monitor_neither_locks_nor_previews(question, method):
    assert log_in(Role.MONITOR, "35").post(address(method, question)).status_code == 404
    question.refresh_from_db()
    assert not question.locked


# --- Lists


def test_list_publishes_what_it_writes_with_a_revision(trainer, quiz):
    write(listed(row(), by=trainer))
    question = Question.objects.get(key="M09-Q01")
    first = question.live_revision
    batch = listed(row(text="Một với một là mấy?"), by=trainer)
    write(batch)

    question.refresh_from_db()
    assert (question.live, question.has_unpublished_changes) == (True, False)
    assert question.live_revision.content["text"] == "Một với một là mấy?"
    assert first.content["options"][0]["pk"] == question.options.first().pk
    take_back(batch)
    question.refresh_from_db()
    assert question.live_revision.content["text"] == question.text == "Một cộng một bằng mấy?"
    assert question.revisions.count() == 3


@pytest.mark.parametrize("hold", ["lock", "draft"])
def test_list_leaves_a_question_that_somebody_holds(trainer, edition, hold):
    write(listed(row(), by=trainer))
    question = Question.objects.get(key="M09-Q01")
    other = UserFactory(full_name="Trần Văn Khoá")
    values = {"has_unpublished_changes": True}
    if hold == "lock":
        values = {"locked": True, "locked_by": other, "locked_at": EVENING}
    set_fields(question, **values)

    changed, same = listed(row(text="Khác?"), by=trainer), listed(row(), by=trainer)

    assert (outcomes(changed), outcomes(same)) == (["error"], ["same"])
    assert [*changed.rows.get().errors] == ["key"]
    assert ("Trần Văn Khoá" in str(changed.rows.get().errors)) == (hold == "lock")


def test_lock_of_somebody_who_is_gone_holds_as_well(trainer, question):
    set_fields(question, locked=True, locked_by=None)

    assert why_held(question=question, by=trainer)
    set_fields(question, locked=False)
    assert not why_held(question=question, by=trainer)


def test_quiz_takes_no_question_that_is_a_draft_alone(quiz):
    asked = [link.question for link in quiz.quiz_questions.all()]
    check_published(questions=asked)
    set_fields(asked[0], live=False)

    with raises_refusal("question_is_draft"):
        check_published(questions=asked)
