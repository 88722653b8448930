"""What a question of a list names: where it is asked and taught, its picture, its case."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses.domain.question_rights import may_publish_at
from courses.models import CourseImage, LessonPage, ModulePage, QuestionCase, Quiz
from courses.resources.question_records import QuestionRecord
from lms.accounts.models import User
from lms.core.requests import read_number
from lms.core.text import fold
from lms.spreadsheets.import_rows import SheetRow


class QuestionPlaces:
    """Modules with a quiz, lessons, pictures and cases by their names; a query each, when first needed.

    A name that two have is nobody's.
    """

    def __init__(self, by: User) -> None:
        self._by = by
        self._quizzes: dict[str, list[Quiz]] = {}
        for quiz in Quiz.objects.manageable_by(by).select_related("module"):
            for name in {fold(quiz.module.code), *_names_of(quiz.module)}:
                self._quizzes.setdefault(name, []).append(quiz)

    def quiz(self, module: str) -> Quiz | None:
        return _only(self._quizzes.get(fold(module), [])) if module else None

    def may_publish(self, values: Mapping[str, Any]) -> bool:
        """Return whether the person may publish a new question with these cells."""
        quiz, lesson = self.quiz(str(values.get("module", ""))), self.lesson(values)
        pages = [page for page in (quiz and quiz.module, lesson) if page]
        return may_publish_at(self._by, pages)

    def picture_id(self, name: str) -> int | None:
        """Return the id of the picture whose file has this name."""
        return self._pictures.get(name)

    def case_of(self, title: str) -> QuestionCase | None:
        return _only(self._cases.get(fold(title), [])) if title else None

    def module_code(self, module: str) -> str:
        quiz = self.quiz(module)
        return quiz.module.code if quiz else ""

    def lesson(self, values: Mapping[str, Any]) -> LessonPage | None:
        """Return the lesson that the cells `lesson` and `module` name."""
        found = self._lessons.get(fold(str(values["lesson"])), []) if values.get("lesson") else []
        quiz = self.quiz(str(values.get("module", "")))
        if quiz is not None:
            found = [lesson for lesson in found if lesson.path.startswith(quiz.module.path)]
        return _only(found)

    def check_picture(self, row: SheetRow, record: QuestionRecord) -> None:
        """Refuse a picture that there is not, or that nobody describes."""
        picture = self.picture_id(record.picture)
        if record.picture and picture is None:
            row.refuse(
                "picture", "unknown_picture", _("There is no picture with a file of this name.")
            )
        elif picture and not record.picture_alt:
            row.refuse(
                "picture_alt",
                "alt_missing",
                _("Say in a sentence what the picture shows, for those who cannot see it."),
            )

    def check_case(self, row: SheetRow, record: QuestionRecord) -> None:
        """Refuse a case that there is not, or a question without its step."""
        if record.case and self.case_of(record.case) is None:
            row.refuse(
                "case",
                "unknown_case",
                _("There is no such case, or there are several: please write it first."),
            )
        elif record.case and read_number(record.case_step) is None:
            row.refuse(
                "case_step",
                "step_missing",
                _("Write which step of the case this is: 1, 2 and so on."),
            )

    @cached_property
    def _lessons(self) -> dict[str, list[LessonPage]]:
        lessons: dict[str, list[LessonPage]] = {}
        for lesson in LessonPage.objects.all():
            for name in _names_of(lesson):
                lessons.setdefault(name, []).append(lesson)
        return lessons

    @cached_property
    def _pictures(self) -> dict[str, int]:
        return {Path(name).name: pk for pk, name in CourseImage.objects.values_list("pk", "file")}

    @cached_property
    def _cases(self) -> dict[str, list[QuestionCase]]:
        cases: dict[str, list[QuestionCase]] = {}
        for case in QuestionCase.objects.visible_to(self._by):
            cases.setdefault(fold(case.title), []).append(case)
        return cases


def _names_of(page: LessonPage | ModulePage) -> set[str]:
    """Return how a list names it: what the suite writes in English comes back in as well."""
    return {fold(title) for title in (page.title, page.title_en) if title}


def _only(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else None
