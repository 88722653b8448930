from courses.models.content import CourseIndexPage, CoursePage, LessonPage, ModulePage
from courses.models.delivery import (
    CompletionRequirement,
    CourseRun,
    Enrolment,
    LessonCompletion,
    Programme,
    ProgrammeRequirement,
)
from courses.models.editions import (
    CourseEdition,
    EditionDraw,
    EditionLesson,
    EditionModule,
    EditionPoolQuestion,
    EditionQuestion,
    EditionQuiz,
    QuestionVersion,
)
from courses.models.history import EnrolmentChange, RunChange
from courses.models.info import InfoPage
from courses.models.media import CourseDocument, CourseImage, CourseRendition
from courses.models.progress import CriterionProgress
from courses.models.questions import Question, QuestionCase, QuestionOption
from courses.models.quizzes import Quiz, QuizAnswer, QuizAttempt, QuizDraw, QuizQuestion
from courses.models.reading import LessonNote, LessonOpening
from courses.models.stamps import ContentStamp

__all__ = [
    "CompletionRequirement",
    "ContentStamp",
    "CourseDocument",
    "CourseEdition",
    "CourseImage",
    "CourseIndexPage",
    "CoursePage",
    "CourseRendition",
    "CourseRun",
    "CriterionProgress",
    "EditionDraw",
    "EditionLesson",
    "EditionModule",
    "EditionPoolQuestion",
    "EditionQuestion",
    "EditionQuiz",
    "Enrolment",
    "EnrolmentChange",
    "InfoPage",
    "LessonCompletion",
    "LessonNote",
    "LessonOpening",
    "LessonPage",
    "ModulePage",
    "Programme",
    "ProgrammeRequirement",
    "Question",
    "QuestionCase",
    "QuestionOption",
    "QuestionVersion",
    "Quiz",
    "QuizAnswer",
    "QuizAttempt",
    "QuizDraw",
    "QuizQuestion",
    "RunChange",
]
