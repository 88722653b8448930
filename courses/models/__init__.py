from courses.models.content import CourseIndexPage, CoursePage, LessonPage, ModulePage
from courses.models.delivery import (
    CompletionRequirement,
    CourseRun,
    Enrolment,
    LessonCompletion,
    Programme,
    ProgrammeRequirement,
)
from courses.models.quizzes import (
    Question,
    QuestionOption,
    Quiz,
    QuizAnswer,
    QuizAttempt,
    QuizQuestion,
)

__all__ = [
    "CompletionRequirement",
    "CourseIndexPage",
    "CoursePage",
    "CourseRun",
    "Enrolment",
    "LessonCompletion",
    "LessonPage",
    "ModulePage",
    "Programme",
    "ProgrammeRequirement",
    "Question",
    "QuestionOption",
    "Quiz",
    "QuizAnswer",
    "QuizAttempt",
    "QuizQuestion",
]
