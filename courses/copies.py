"""What becomes of courses and classes in a pseudonymised copy: they teach the same."""

from collections.abc import Iterator

from courses.models import (
    CompletionRequirement,
    CoursePage,
    CourseRun,
    LessonPage,
    ModulePage,
    Programme,
    Question,
    QuestionOption,
    Quiz,
    QuizAnswer,
)
from lms.accounts.extensions import CopyRule

_CONTENT = "What is taught: it is public to all who learn."


def copies_in_courses() -> Iterator[CopyRule]:
    yield CopyRule(CoursePage, kept=("summary", "as_of", "code"), why=_CONTENT)
    yield CopyRule(ModulePage, kept=("summary", "as_of", "code", "outcomes"), why=_CONTENT)
    yield CopyRule(LessonPage, kept=("summary", "as_of", "body", "sources"), why=_CONTENT)
    question = ("key", "text", "explanation", "source", "as_of")
    yield CopyRule(Question, kept=question, why=_CONTENT)
    yield CopyRule(QuestionOption, kept=("text",), why=_CONTENT)
    yield CopyRule(Quiz, kept=("title",), why=_CONTENT)
    yield CopyRule(QuizAnswer, kept=("chosen",), why="Numbers of answers.")
    yield CopyRule(Programme, kept=("code", "name"), why="A plan names no person.")
    classes = ("code", "title", "place")
    yield CopyRule(CourseRun, kept=classes, why="What is taught where, not by whom.")
    yield CopyRule(CompletionRequirement, kept=("criterion", "params"), why="Figures and keys.")
