"""Questions, quizzes and programmes in the Wagtail admin."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from courses.enums import QuestionKind
from courses.models import Programme, Question
from lms.accounts.enums import Cadre, Role
from tests.factories.accounts import UserFactory, browse, log_in
from tests.factories.courses import ProgrammeFactory, make_course, make_quiz
from tests.reading import error_codes, html_of


def typed(*options, **fields):
    """A filled-in question; `options` are pairs of text and whether it is right."""
    rows = [
        {"text": text, "is_correct": "on"} if right else {"text": text} for text, right in options
    ]
    values = {
        "key": "M01-Q99",
        "kind": QuestionKind.SINGLE,
        "difficulty": "medium",
        "text": "Kế hoạch có mấy dự án?",
        "explanation": "Kế hoạch có bốn dự án.",
        "source": "Kế hoạch 2014",
        "as_of": "2014",
        "lesson": "",
        "options": inline_formset(rows),
        "action-publish": "1",
    }
    return nested_form_data(values | fields)


def test_question_with_one_or_several_right_answers_is_kept(as_trainer):
    address = reverse("questions:add")
    several = {"key": "M01-Q98", "text": "Những cách nào?", "kind": QuestionKind.MULTIPLE}
    as_trainer.post(address, typed(("Bốn", True), ("Ba", False)))
    as_trainer.post(address, typed(("Bốn", True), ("Tư", True), **several))

    one, other = (
        Question.objects.get(key=key).options.values_list("text", "is_correct")
        for key in ("M01-Q99", "M01-Q98")
    )
    assert list(one) == [("Bốn", True), ("Ba", False)]
    assert list(other) == [("Bốn", True), ("Tư", True)]


@pytest.mark.parametrize(
    ("options", "kind", "code"),
    [
        ([("Bốn", False), ("Ba", False)], QuestionKind.SINGLE, "none_right"),
        ([("Bốn", True), ("Ba", True)], QuestionKind.TRUE_FALSE, "several_right"),
    ],
)
def test_question_that_cannot_be_asked_is_refused(as_trainer, options, kind, code):
    response = as_trainer.post(reverse("questions:add"), typed(*options, kind=kind))

    assert error_codes(response.context["form"]) == {"__all__": [code]}
    assert "Kế hoạch có mấy dự án?" in html_of(response)
    assert not Question.objects.exists()


def test_key_stays_as_it_was_typed_is_taken_in_any_case_and_no_address(as_trainer):
    def keyed(key):
        sent = typed(("Bốn", True), ("Ba", False), key=key, source="–", as_of="2014")
        return as_trainer.post(reverse("questions:add"), sent)

    keyed("TV-Q01")
    again, wrong = keyed("tv-q01"), keyed("TV Q01")

    assert Question.objects.get().key == "TV-Q01"
    assert again.context["form"].errors
    assert error_codes(wrong.context["form"]) == {"key": ["invalid_code"]}


def test_source_and_date_are_those_of_the_lesson_unless_typed(as_trainer, lessons):
    lesson = lessons[0]
    lesson.sources, lesson.as_of = "Luật 2004\nKế hoạch", "2013"
    lesson.save()
    url = reverse("questions:add")
    options = [("Bốn", True), ("Ba", False)]
    as_trainer.post(url, typed(*options, key="A", source="", as_of="", lesson=lesson.pk))
    as_trainer.post(url, typed(*options, key="B", source="Khác", as_of="", lesson=lesson.pk))
    refused = as_trainer.post(url, typed(*options, key="C", source="", as_of=""))

    assert list(Question.objects.values_list("key", "source", "as_of")) == [
        ("A", "Luật 2004", "2013"),
        ("B", "Khác", "2013"),
    ]
    assert error_codes(refused.context["form"]) == {"source": ["required"], "as_of": ["required"]}


def test_question_begins_with_its_lesson_whose_source_may_stand_in_a_block(as_trainer, lessons):
    lesson, address = lessons[0], reverse("questions:add")
    named = {"title": "Luật Trẻ em 2016, điều 25", "url": ""}
    lesson.body.append(("sources", {"sources": [named], "reviewed_on": "2026-11-01"}))
    lesson.save()
    shown = as_trainer.get(address, {"lesson": lesson.pk}).context["form"].instance

    assert (shown.lesson, shown.as_of) == (lesson, lesson.as_of)
    assert shown.source == "Luật Trẻ em 2016, điều 25"
    assert as_trainer.get(address, {"lesson": "x", "after": "9" * 30}).status_code == 200


def test_next_question_begins_with_the_subject_of_the_last(as_trainer, lessons):
    Question.objects.create(key="M01-Q100", text="?", explanation="–", source="–", as_of="2014")
    values = typed(("Bốn", True), ("Ba", False), lesson=lessons[0].pk)
    saved = as_trainer.post(reverse("questions:add"), values | {"action-publish": "and_another"})
    shown = as_trainer.get(saved.url).context["form"].instance

    assert (shown.pk, shown.key, shown.text) == (None, "M01-Q101", "")
    assert (shown.source, shown.as_of, shown.lesson) == ("Kế hoạch 2014", "2014", lessons[0])


def test_copy_is_a_question_of_its_own(as_trainer, quiz):
    question = quiz.quiz_questions.first().question
    form = as_trainer.get(reverse("questions:copy", args=[question.pk])).context["form"]
    sent = {
        field.html_name: field.value() or ""
        for one in (form, form.formsets["options"].management_form, *form.formsets["options"].forms)
        for field in one
        if field.value() is not False
    }
    as_trainer.post(reverse("questions:add"), sent | {"action-publish": "1"})

    copy = Question.objects.get(key="M01-Q03")
    assert copy.text == question.text
    assert [(one.text, one.is_correct) for one in copy.options.all()] == [
        ("Đúng", True),
        ("Sai", False),
    ]
    assert question.options.count() == 2
    assert not copy.in_quizzes.exists()


def test_question_left_with_one_answer_is_refused(as_trainer, quiz):
    before = Question.objects.count()
    question = quiz.quiz_questions.first().question
    right, wrong = question.options.all()
    rows = [
        {"id": right.pk, "text": right.text, "is_correct": "on"},
        {"id": wrong.pk, "text": wrong.text, "DELETE": "on"},
    ]

    new = as_trainer.post(reverse("questions:add"), typed(("Bốn", True)))
    known = as_trainer.post(
        reverse("questions:edit", args=[question.pk]),
        typed(key=question.key, options=inline_formset(rows, initial=2)),
    )

    assert (new.status_code, known.status_code) == (200, 200)
    assert Question.objects.count() == before
    assert question.options.count() == 2


def test_questions_are_found_without_marks_and_by_module(as_trainer, quiz, module):
    Question.objects.create(
        key="KHAC-01", text="Đường dây nóng số mấy?", explanation="111", source="x", as_of="2026"
    )

    searched = html_of(as_trainer.get(reverse("questions:index"), {"q": "duong day nong"}))
    filtered = html_of(as_trainer.get(reverse("questions:index"), {"module": module.pk}))

    assert "KHAC-01" in searched
    assert "M01-Q01" not in searched
    assert "M01-Q01" in filtered
    assert "KHAC-01" not in filtered


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_the_lists_is_constant(as_trainer, edition, django_assert_num_queries, rows):
    for module in make_course(modules=rows).get_children():
        make_quiz(module.specific)
    for name, queries in (("questions:index", 16), ("quizzes:index", 13)):
        as_trainer.get(reverse(name))

        with django_assert_num_queries(queries):
            as_trainer.get(reverse(name))


def test_question_in_a_quiz_is_not_deleted(as_trainer, quiz):
    question = quiz.quiz_questions.first().question

    as_trainer.post(reverse("questions:delete", args=[question.pk]))

    assert Question.objects.filter(pk=question.pk).exists()


@pytest.mark.parametrize("name", ["questions:index", "quizzes:index", "programmes:index"])
def test_trainee_finds_no_door(edition, name):
    assert browse(UserFactory()).get(reverse(name)).status_code in (302, 403)


def test_questions_to_choose_from_are_found_without_marks(as_trainer, quiz):
    Question.objects.update(text="Đường dây nóng số mấy?")
    quiz.quiz_questions.first().question.save()

    found = html_of(as_trainer.get(reverse("question_chooser:choose_results"), {"q": "nong"}))

    assert "M01-Q01" in found
    assert "M01-Q02" not in found


def test_quiz_keeps_the_order_of_its_questions(as_trainer, quiz):
    first, second = quiz.quiz_questions.all()
    rows = [
        {"id": first.pk, "question": first.question_id, "ORDER": "2"},
        {"id": second.pk, "question": second.question_id, "ORDER": "1"},
    ]
    values = {
        "title": "Kiểm tra",
        "module": quiz.module_id,
        "max_attempts": "3",
        "wait_minutes": "0",
        "time_limit_minutes": "0",
        "quiz_questions": inline_formset(rows, initial=2),
        "draws": inline_formset([]),
    }

    as_trainer.post(reverse("quizzes:edit", args=[quiz.pk]), nested_form_data(values))

    quiz.refresh_from_db()
    assert list(quiz.quiz_questions.all()) == [second, first]
    assert quiz.max_attempts == 3


def test_administrator_of_the_province_says_what_a_programme_asks(edition, course):
    province = log_in(Role.ADMINISTRATOR, "35")
    values = {
        "name": "Dự án 2",
        "code": "du-an-2",
        "edition": edition.pk,
        "starts_on": "01/01/2014",
        "ends_on": "31/12/2014",
        "requirements": inline_formset([{"course": course.pk, "cadre": Cadre.COLLABORATOR}]),
    }

    refused = province.post(
        reverse("programmes:add"), nested_form_data(values | {"ends_on": "31/12/2013"})
    )
    for role, code in ((Role.MONITOR, "35"), (Role.ADMINISTRATOR, "350")):
        log_in(role, code).post(reverse("programmes:add"), nested_form_data(values))
    assert not Programme.objects.exists()
    province.post(reverse("programmes:add"), nested_form_data(values))

    programme = Programme.objects.get()
    assert list(refused.context["form"].errors) == ["ends_on"]
    assert [(r.course, r.cadre) for r in programme.requirements.all()] == [
        (course, Cadre.COLLABORATOR)
    ]


def test_who_does_not_change_a_programme_is_offered_no_form(edition, as_coordinator, as_monitor):
    programme = ProgrammeFactory(edition=edition)
    edit = reverse("programmes:edit", args=[programme.pk])

    assert as_coordinator.get(reverse("programmes:index")).status_code == 302
    page = html_of(as_monitor.get(reverse("programmes:index")))
    assert programme.name in page
    assert edit not in page
    assert reverse("programmes:add") not in page
    assert as_monitor.get(edit).status_code == 302


# --- What the list of questions answers


def listed(client, **query):
    return html_of(client.get(reverse("questions:index"), query))


def test_list_by_use_in_a_quiz_and_by_what_is_still_to_complete(quiz):
    trainer = log_in(Role.TRAINER, "350")
    Question.objects.create(key="M09-Q01", text="Sao lại thế?", source="–", as_of="2014")

    # Each row names the module whose quiz asks.
    assert quiz.module.title in listed(trainer)
    for query, is_new in (
        ({"in_use": "no"}, True),
        ({"in_use": "yes"}, False),
        ({"to_complete": "yes"}, True),
        ({"to_complete": "no"}, False),
    ):
        shown = listed(trainer, **query)
        assert ("Sao lại thế?" in shown, "Câu hỏi 1" in shown) == (is_new, not is_new)
