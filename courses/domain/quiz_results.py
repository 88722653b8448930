"""What the result of a quiz shows: the key only to those to whom it can be of no more use."""

from dataclasses import replace

from courses.domain.access import study_note
from courses.domain.answer_parts import AnswerPart
from courses.domain.course_tree import CourseTree, LessonNode, QuizNode
from courses.domain.quiz_hints import names_answer
from courses.domain.quizzes import QuizResult, ResultLine
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


def explanation_shown(*, line: ResultLine, shows_key: bool) -> str:
    """Return the explanation as far as it may be read now, else "".

    Whoever has not tried is told nothing: an empty try would buy all explanations. To a wrong
    answer one that names the right one is kept back until the key is shown.
    """
    text = line.version.explanation
    if shows_key or line.is_correct:
        return text
    return "" if not line.is_given or names_answer(version=line.version, text=text) else text


def parts_shown(*, line: ResultLine, shows_key: bool) -> list[AnswerPart]:
    """Return what was answered, part by part, without a feedback that names the right answer."""
    if shows_key or line.is_correct:
        return line.parts
    return [
        replace(part, feedback="")
        if names_answer(version=line.version, text=part.feedback)
        else part
        for part in line.parts
    ]


def lessons_to_reread(*, result: QuizResult, tree: CourseTree) -> list[LessonNode]:
    """Return the lessons of the class that teach what went wrong, each once, in their order."""
    wrong = {line.lesson_id for line in result.lines if not line.is_correct}
    return [lesson for lesson in tree.lessons if lesson.pk in wrong]
