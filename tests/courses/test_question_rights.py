"""Questions go with the pages that teach them, or whose quizzes ask them: so do the rights."""

import pytest
from django.urls import reverse

from courses.models import LessonPage, ModulePage, Question, QuizQuestion
from courses.models.questions import QuestionQuerySet
from lms.accounts.enums import Role
from lms.core.models import change_site_details
from tests.courses.test_rejudging import edit
from tests.factories.accounts import browse, make_official
from tests.factories.courses import make_course, make_quiz
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

PROVINCE, KIM_BANG, LY_NHAN = "35", "350", "353"


@shared
def questions(course, quiz, lessons):
    """One that the province's quiz asks, one that a course of Lý Nhân teaches, one that its quiz
    asks (twice), one that nothing names and a draft that nothing names.
    """
    own = make_course("rieng", modules=2)
    set_fields(own, unit=unit(LY_NHAN))
    module, second = ModulePage.objects.child_of(own).order_by("path")
    set_fields(module, code="LN")
    make_quiz(module, questions=1)
    again = make_quiz(second, questions=0)
    QuizQuestion.objects.create(quiz=again, question=Question.objects.get(key="LN-Q01"))
    lesson = LessonPage.objects.child_of(module).first()
    set_fields(lesson, title="Bài của Lý Nhân")
    rows = {
        "taught": Question(key="LN-2", text="Bài dạy?", lesson=lesson),
        "nowhere": Question(key="TD-1", text="Của ai?"),
        "draft": Question(key="TD-2", text="Nháp?", live=False),
    }
    for question in rows.values():
        question.save()
    asked = {"province": "M01-Q01", "asked": "LN-Q01"}
    return rows | {name: Question.objects.get(key=key) for name, key in asked.items()}


def listed(*rows, by):
    header = (
        "Mã câu hỏi",
        "Câu hỏi",
        "Chuyên đề",
        "Bài học",
        "Phương án A",
        "Phương án B",
        "Đáp án đúng",
    )
    cells = [(*one, "Đúng rồi", "Không phải", "A") for one in rows]
    return rehearsed(sheet(*cells, header=header), by=by, kind="questions")


def reached(method, role, code, questions):
    rows = getattr(QuestionQuerySet, method)(Question.objects.all(), make_official(role, code))
    found = list(rows.values_list("pk", flat=True))
    assert len(set(found)) == len(found)
    return {name for name, question in questions.items() if question.pk in found}


OWN, SHARED = {"taught", "asked"}, {"province", "nowhere", "draft"}


@pytest.mark.parametrize(
    ("role", "code", "manageable", "removable", "under_approval"),
    [
        (Role.ADMINISTRATOR, PROVINCE, OWN | SHARED, OWN | SHARED, OWN | SHARED),
        (Role.TRAINER, PROVINCE, OWN | SHARED, OWN | {"draft"}, set()),
        (Role.ADMINISTRATOR, LY_NHAN, OWN | SHARED, OWN | {"draft"}, OWN),
        (Role.TRAINER, LY_NHAN, OWN | SHARED, OWN | {"draft"}, set()),
        (Role.ADMINISTRATOR, KIM_BANG, SHARED, {"draft"}, set()),
        (Role.TRAINER, KIM_BANG, SHARED, {"draft"}, set()),
        (Role.REVIEWER, PROVINCE, set(), set(), set()),
    ],
)
def test_questions_go_with_the_pages(questions, role, code, manageable, removable, under_approval):
    assert reached("manageable_by", role, code, questions) == manageable
    assert reached("publishable_by", role, code, questions) == manageable
    assert reached("removable_by", role, code, questions) == removable
    change_site_details(asks_approval=True)
    assert reached("publishable_by", role, code, questions) == under_approval


def test_what_a_quiz_of_the_province_asks_as_well_is_the_provinces(questions, quiz):
    QuizQuestion.objects.create(quiz=quiz, question=questions["taught"])
    change_site_details(asks_approval=True)

    assert reached("publishable_by", Role.ADMINISTRATOR, LY_NHAN, questions) == {"asked"}
    assert reached("removable_by", Role.TRAINER, LY_NHAN, questions) == {"asked", "draft"}


def test_neighbour_opens_no_form_of_a_question_of_another_unit(questions):
    client = browse(make_official(Role.TRAINER, KIM_BANG))
    question = questions["asked"]

    for name in ("edit", "delete", "lock", "unlock", "preview_on_edit"):
        address = reverse(f"questions:{name}", args=[question.pk])
        assert client.post(address).status_code == 404
    question.refresh_from_db()
    assert not question.locked


def test_where_the_site_asks_for_approval_a_trainer_saves_drafts(as_trainer, question):
    change_site_details(asks_approval=True)
    page = html_of(as_trainer.get(reverse("questions:edit", args=[question.pk])))
    edit(as_trainer, question, right=0, text="Đã đổi")

    question.refresh_from_db()
    assert 'name="action-publish"' not in page
    assert question.text == "Câu hỏi 1"


def test_draft_that_moves_into_a_lesson_of_others_is_not_published(as_trainer, questions):
    question = questions["province"]
    edit(as_trainer, question, right=0, lesson=questions["taught"].lesson_id)

    question.refresh_from_db()
    assert question.lesson is None


def test_list_adds_nothing_to_the_quiz_or_the_lesson_of_another_unit(edition, questions, trainer):
    lesson = questions["taught"].lesson
    rows = [
        ("X-1", "Một?", "LN", ""),
        ("X-2", "Hai?", "", lesson.title),
        ("LN-Q01", "Đổi?", "", ""),
    ]
    batch = listed(*rows, by=trainer)

    assert outcomes(batch) == ["error", "error", "error"]


def test_list_under_approval_waits_for_who_may_publish(trainer, quiz):
    change_site_details(asks_approval=True)

    assert outcomes(listed(("X-1", "Một?", "M01", ""), by=trainer)) == ["error"]
