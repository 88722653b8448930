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
    EditionLesson,
    EditionModule,
    EditionQuestion,
    EditionQuiz,
    QuestionVersion,
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
    "CourseEdition",
    "CourseIndexPage",
    "CoursePage",
    "CourseRun",
    "EditionLesson",
    "EditionModule",
    "EditionQuestion",
    "EditionQuiz",
    "Enrolment",
    "LessonCompletion",
    "LessonPage",
    "ModulePage",
    "Programme",
    "ProgrammeRequirement",
    "Question",
    "QuestionOption",
    "QuestionVersion",
    "Quiz",
    "QuizAnswer",
    "QuizAttempt",
    "QuizQuestion",
]
