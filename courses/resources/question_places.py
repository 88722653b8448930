"""Where a question of a list is asked and taught: the names in its cells, found in the courses."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from courses.models import LessonPage, Quiz
from lms.accounts.models import User
from lms.core.text import fold


class QuestionPlaces:
    """Modules with a quiz and lessons by their names; two queries, the second when first needed.

    A name that two have is nobody's.
    """

    def __init__(self, by: User) -> None:
        self._quizzes: dict[str, list[Quiz]] = {}
        for quiz in Quiz.objects.visible_to(by).select_related("module"):
            for name in {fold(quiz.module.code), fold(quiz.module.title)}:
                self._quizzes.setdefault(name, []).append(quiz)

    def quiz(self, module: str) -> Quiz | None:
        return _only(self._quizzes.get(fold(module), [])) if module else None

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

    @cached_property
    def _lessons(self) -> dict[str, list[LessonPage]]:
        lessons: dict[str, list[LessonPage]] = {}
        for lesson in LessonPage.objects.all():
            lessons.setdefault(fold(lesson.title), []).append(lesson)
        return lessons


def _only(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else None
