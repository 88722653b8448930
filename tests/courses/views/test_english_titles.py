"""English titles: shown under the English interface where they are written."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils.translation import override

from courses.domain.tree_queries import live_tree, tree_of
from courses.models import EditionLesson, EditionModule, EditionQuiz
from courses.models.titles import plain_title, shown_title
from courses.resources.question_places import QuestionPlaces
from tests.courses.views.conftest import address_of
from tests.factories.courses import refreeze
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

BOTH = SimpleNamespace(title="Bảo vệ trẻ em", title_en="Child protection")
VIETNAMESE = SimpleNamespace(title="Bảo vệ trẻ em", title_en="")


@pytest.mark.parametrize(
    ("language", "thing", "plain", "shown"),
    [
        ("vi", BOTH, "Bảo vệ trẻ em", "Bảo vệ trẻ em"),
        ("vi", VIETNAMESE, "Bảo vệ trẻ em", "Bảo vệ trẻ em"),
        ("en", BOTH, "Child protection", "Child protection"),
        ("en", VIETNAMESE, "Bảo vệ trẻ em", '<span lang="vi">Bảo vệ trẻ em</span>'),
    ],
)
def test_title_in_the_language_of_the_interface(language, thing, plain, shown):
    with override(language):
        assert (plain_title(thing), shown_title(thing)) == (plain, shown)


@shared
def written(course, module, lessons, quiz):
    """All but the second lesson have an English title."""
    for thing, title in (
        (course, "Project 2"),
        (module, "Module one"),
        (lessons[0], "The first lesson"),
        (quiz, "The test"),
    ):
        set_fields(thing, title_en=title)
    refreeze()


@pytest.mark.django_db
class TestEnglishTitles:
    def test_outlines_carry_both(self, written, course, enrolment):
        for tree in (tree_of(enrolment=enrolment), live_tree(course_path=course.path)):
            module = tree.modules[0]
            assert (tree.title_en, module.title_en, module.quiz.title_en) == (
                "Project 2",
                "Module one",
                "The test",
            )
            assert [one.title_en for one in module.lessons] == ["The first lesson", ""]
            assert module.title == "Chuyên đề 1"

    def test_an_edition_keeps_them(self, written, run):
        kept = [
            list(rows.objects.filter(edition=run.edition_id).values_list("title_en", flat=True))
            for rows in (EditionModule, EditionLesson, EditionQuiz)
        ]

        assert kept == [["Module one"], ["The first lesson", ""], ["The test"]]

    def test_pages_show_them(self, written, as_trainee, course, lessons, quiz):
        course_page = reverse("courses:course", args=[course.slug])
        vietnamese = html_of(as_trainee.get(course_page))
        assert "Project 2" not in vietnamese
        assert "Dự án 2</h1>" in vietnamese
        as_trainee.cookies["django_language"] = "en"
        module_page = address_of(lessons[0]).rsplit("/", 2)[0] + "/"
        own = reverse("courses:my_work")

        pages = {url: html_of(as_trainee.get(url)) for url in (course_page, module_page)}

        assert "Project 2</h1>" in pages[course_page]
        assert "Module one" in pages[course_page]
        assert "Module one</h1>" in pages[module_page]
        assert '<span lang="vi">Bài 1.2</span>' in pages[module_page]
        assert "The first lesson</h1>" in html_of(as_trainee.get(address_of(lessons[0])))
        assert "Project 2" in html_of(as_trainee.get(own))
        start = html_of(as_trainee.get(reverse("courses:quiz_start", args=[quiz.pk])))
        assert "The test</h1>" in start
        assert "Bài 1.1" not in pages[module_page]

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("runs:inspect", "Project 2"),
            ("courses:run_detail", "Project 2"),
            ("courses:run_list_file", "Project 2"),
            ("course_outline", "The first lesson"),
            ("course_outline", '<span lang="vi">Bài 1.2</span>'),
            ("quizzes:index", "Module one"),
            ("questions:index", "Module one"),
        ],
    )
    def test_pages_of_staff_show_them(
        self, written, as_administrator, run, course, question, address, shown
    ):
        as_administrator.cookies["django_language"] = "en"
        row = course.pk if address == "course_outline" else run.pk
        asked = {"export": "csv"} if address.endswith("_file") else {}
        takes_row = address in ("runs:inspect", "courses:run_detail", "course_outline")

        page = as_administrator.get(reverse(address, args=[row] if takes_row else []), asked)

        assert shown in b"".join(page).decode()

    def test_search_finds_them(self, written, as_trainee, course):
        for page in [course, *course.get_descendants().specific()]:
            page.save()
        for language in ("vi", "en"):
            as_trainee.cookies["django_language"] = language
            for query in ("first lesson", "module one", "project 2"):
                page = as_trainee.get(reverse("courses:search"), {"q": query})
                assert html_of(page).count('class="item"') == 1, (language, query)

    def test_list_of_questions_names_the_lesson_by_either_title(self, written, question, trainer):
        places = QuestionPlaces(trainer)
        named = [
            places.lesson({"lesson": title, "module": module})
            for title, module in (("Bài 1.1", "Module one"), ("The first lesson", "M01"))
        ]

        assert named[0] is not None
        assert named[0] == named[1]
