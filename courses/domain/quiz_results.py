"""What the result of a quiz shows: the key only to those to whom it can be of no more use."""

from courses.domain.access import study_note
from courses.domain.course_tree import CourseTree, LessonNode, QuizNode
from courses.domain.quizzes import QuizResult
from courses.models import Enrolment, Quiz


def shows_key(*, enrolment: Enrolment, quiz: Quiz, node: QuizNode | None) -> bool:
    """Return whether this person may see what was right: once the quiz is passed, or when no try
    is left: used up, the class over, the quiz no longer asked. Of a pre-test never: the post-test
    would ask what was told.

    `node`: the quiz as the class asks it of the person, None when it does not.
    """
    if node.is_pre_test if node else quiz.is_pre_test:
        return False
    if node is None or node.is_passed:
        return True
    if node.has_open_attempt:
        return False
    return node.attempts_left == 0 or bool(study_note(enrolment=enrolment))


def lessons_to_reread(*, result: QuizResult, tree: CourseTree) -> list[LessonNode]:
    """Return the lessons of the class that teach what went wrong, each once, in their order."""
    wrong = {line.lesson_id for line in result.lines if not line.is_correct}
    return [lesson for lesson in tree.lessons if lesson.pk in wrong]
