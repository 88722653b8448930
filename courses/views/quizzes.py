"""A quiz, one question a screen. Each answer is stored on its own: a lost network loses nothing."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.access import study_note
from courses.domain.course_tree import CourseTree, QuizNode
from courses.domain.quiz_pairs import check_order
from courses.domain.quiz_questions import question_count
from courses.domain.quiz_results import (
    explanation_shown,
    lessons_to_reread,
    parts_shown,
    shows_key,
)
from courses.domain.quiz_time import ran_out, require_open, seconds_left
from courses.domain.quiz_tries import check_another_try, lessons_to_open
from courses.domain.quizzes import (
    QuizResult,
    answer_question,
    answers_of,
    asked_quiz,
    close_when_late,
    result_of,
    start_attempt,
    submit_attempt,
)
from courses.domain.tree_queries import tree_of
from courses.domain.urls_for import address_of, page_address
from courses.enums import QuizPurpose
from courses.models import EditionQuiz, Enrolment, Quiz, QuizAnswer, QuizAttempt
from courses.views.access import reader_of
from courses.views.kept_answers import can_be_taken, forget_answer, keep_answer, kept_answer
from courses.views.quiz_answers import AnswerSheet, step_of
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal
from lms.core.show_refusal import RefusalAsMessage

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@GET_OR_POST
def quiz_start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what is asked, what passes and how often one may try; then begin, or go on."""
    quiz = get_object_or_404(Quiz.objects.select_related("module"), pk=pk)
    enrolment = _enrolment_in(quiz, request)
    if request.method == "POST":
        return _begin(request, enrolment, quiz)
    attempts = _attempts_of(enrolment, quiz)
    submitted = [attempt for attempt in attempts if attempt.submitted_at]
    node = _node_of(quiz, enrolment)
    # Before the class opens the page tells what is written now.
    asked = asked_quiz(run=enrolment.run, quiz=quiz)
    context = {
        "quiz": quiz,
        "rules": asked or quiz,
        "module_url": page_address(quiz.module.url_path),
        "question_count": question_count(asked=asked) if asked else 0,
        "pass_percent": node.pass_percent,
        "attempts": submitted,
        "attempts_left": node.attempts_left,
        "is_passed": node.is_passed,
        "closed_note": study_note(enrolment=enrolment),
        "open_attempt": next((one for one in attempts if not one.submitted_at), None),
    } | _before_another_try(enrolment, submitted, asked)
    return render(request, "courses/quiz_start.html", context)


# Not without protection: `can_be_taken` asks for the token, and keeps the answer that lacks it.
@csrf_exempt
@GET_OR_POST
def quiz_question(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Show one question; its answer is kept on every way out of the page, also over a log-in that
    has run out.
    """
    if request.method == "POST" and not can_be_taken(request):
        return keep_answer(request, attempt_id=pk, number=number)
    return _question(request, pk, number)


@login_required
def _question(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    attempt = _own_attempt(request, pk)
    if attempt.submitted_at:
        if request.method == "POST":
            with RefusalAsMessage(request):
                require_open(attempt=attempt, at=timezone.now())
        return redirect("courses:quiz_result", pk=attempt.pk)
    put = answers_of(attempt=attempt)
    if not 1 <= number <= len(put):
        raise Http404
    if request.method == "POST":
        return forget_answer(_answer(request, attempt, put, number))
    kept = kept_answer(request, attempt_id=pk, number=number)
    sheet = AnswerSheet(put[number - 1], kept) if kept else None
    return _show_question(request, attempt, put, number, sheet=sheet, is_kept=bool(kept))


@login_required
@GET_OR_POST
def quiz_submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Look over what is answered, then hand in; a second tap shows the first result."""
    if request.method == "POST":
        # Of the attempt nothing else is needed, and a whole class does this in the same minute.
        attempt = get_object_or_404(QuizAttempt, pk=pk, enrolment__user=request.user)
        submit_attempt(attempt=attempt, at=timezone.now())
        return redirect("courses:quiz_result", pk=attempt.pk)
    attempt = _own_attempt(request, pk)
    if attempt.submitted_at:
        return redirect("courses:quiz_result", pk=attempt.pk)
    rows = [
        {"number": number, "question": one.version, "is_answered": one.is_given}
        for number, one in enumerate(answers_of(attempt=attempt), start=1)
    ]
    context = {
        "attempt": attempt,
        "seconds_left": seconds_left(attempt=attempt, at=timezone.now()),
        "rows": rows,
        "missing": sum(not row["is_answered"] for row in rows),
    }
    return render(request, "courses/quiz_submit.html", context)


@login_required
@require_safe
def quiz_result(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show whether it was passed, what to read again, and each question; what was right to those
    who may see it.
    """
    attempt = _own_attempt(request, pk)
    if not attempt.submitted_at:
        return redirect("courses:quiz_submit", pk=attempt.pk)
    result = result_of(attempt=attempt)
    tree = tree_of(enrolment=attempt.enrolment)
    node = tree.quiz_of(attempt.quiz_id)
    is_pre_test = node.is_pre_test if node else attempt.quiz.is_pre_test
    step = tree.next_step() if result.is_passed or is_pre_test else None
    is_told = shows_key(enrolment=attempt.enrolment, quiz=attempt.quiz, node=node)
    context = {
        "attempt": attempt,
        "result": result,
        "lines": _explained(result, tree, is_told=is_told),
        "is_pre_test": is_pre_test,
        "gain": tree.gain if node and node.purpose == QuizPurpose.POST_TEST else None,
        "shows_key": is_told,
        "to_reread": [] if result.is_passed else lessons_to_reread(result=result, tree=tree),
        "ran_out": ran_out(attempt),
        "may_retry": not result.is_passed and node is not None and node.attempts_left != 0,
        "module_url": page_address(attempt.quiz.module.url_path),
        "step_url": address_of(step) if step else "",
    }
    return render(request, "courses/quiz_result.html", context)


def _attempts_of(enrolment: Enrolment, quiz: Quiz) -> list[QuizAttempt]:
    attempts = QuizAttempt.objects.filter(enrolment=enrolment, quiz=quiz)
    now = timezone.now()
    related = attempts.select_related("enrolment__run")
    return [close_when_late(attempt=attempt, at=now) for attempt in related]


def _before_another_try(
    enrolment: Enrolment, submitted: list[QuizAttempt], asked: EditionQuiz | None
) -> dict[str, Any]:
    """Return why another try may not begin yet, and the lessons to open before it."""
    last = submitted[-1] if submitted else None
    with CatchRefusal() as checked:
        if asked is not None:
            check_another_try(last=last, asked=asked, at=timezone.now())
            check_order(enrolment=enrolment, asked=asked)
    to_open = []
    if last and checked.refusal and asked and asked.must_reread:
        to_open = list(lessons_to_open(last=last))
    return {"retry_refusal": checked.refusal, "to_open": to_open}


def _enrolment_in(quiz: Quiz, request: SignedInRequest) -> Enrolment:
    enrolment = reader_of(user=request.user, page=quiz).enrolment
    if enrolment is None:
        raise Http404
    return enrolment


def _node_of(quiz: Quiz, enrolment: Enrolment) -> QuizNode:
    """Return how the person stands with a quiz that the class asks; Http404 when it does not."""
    node = tree_of(enrolment=enrolment).quiz_of(quiz.pk)
    if node is None:
        raise Http404
    return node


def _own_attempt(request: SignedInRequest, pk: int) -> QuizAttempt:
    attempts: QuerySet[QuizAttempt] = QuizAttempt.objects.filter(enrolment__user=request.user)
    related = attempts.select_related("quiz__module", "enrolment__run__course")
    attempt = get_object_or_404(related, pk=pk)
    if close_when_late(attempt=attempt, at=timezone.now()) is not attempt:
        attempt.refresh_from_db(fields=["submitted_at", "score", "max_score", "percent"])
    return attempt


def _begin(request: SignedInRequest, enrolment: Enrolment, quiz: Quiz) -> HttpResponse:
    with RefusalAsMessage(request):
        attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=timezone.now())
        return _continue(attempt)
    return redirect("courses:quiz_start", pk=quiz.pk)


def _continue(attempt: QuizAttempt) -> HttpResponse:
    """Go to the first question without an answer."""
    numbered = enumerate(answers_of(attempt=attempt), start=1)
    number = next((number for number, one in numbered if not one.is_given), None)
    if number is None:
        return redirect("courses:quiz_submit", pk=attempt.pk)
    return redirect("courses:quiz_question", pk=attempt.pk, number=number)


def _answer(
    request: SignedInRequest, attempt: QuizAttempt, put: list[QuizAnswer], number: int
) -> HttpResponse:
    sheet = AnswerSheet(put[number - 1], request.POST)
    target = _target(request.POST.get("go", ""), number, len(put))
    # Leaving for another question without an answer keeps what was answered before.
    if sheet.is_filled or target == number + 1:
        with CatchRefusal() as asked:
            answer_question(
                attempt=attempt,
                question_id=sheet.put.question_id,
                **sheet.answer(),
                at=timezone.now(),
            )
        if asked.refusal:
            return _show_question(request, attempt, put, number, sheet=sheet, error=asked.message)
    if target > len(put):
        return redirect("courses:quiz_submit", pk=attempt.pk)
    return redirect("courses:quiz_question", pk=attempt.pk, number=target)


def _target(go: str, number: int, last: int) -> int:
    """Return the question that comes next: the one named, else the following one."""
    numbers = {str(one): one for one in range(1, last + 1)}
    return numbers.get(go, number + 1)


def _show_question(
    request: SignedInRequest,
    attempt: QuizAttempt,
    put: list[QuizAnswer],
    number: int,
    *,
    sheet: AnswerSheet | None = None,
    error: str = "",
    is_kept: bool = False,
) -> HttpResponse:
    answer = put[number - 1]
    context = {
        "attempt": attempt,
        "seconds_left": seconds_left(attempt=attempt, at=timezone.now()),
        "question": answer.version,
        "step": step_of(put, number),
        "number": number,
        "count": len(put),
        "previous_number": number - 1,
        "answered_count": sum(one.is_given for one in put),
        "error": error,
        "is_kept": is_kept,
    }
    context |= (sheet or AnswerSheet(answer)).context()
    return render(request, "courses/quiz_question.html", context)


def _explained(result: QuizResult, tree: CourseTree, *, is_told: bool) -> list[dict[str, Any]]:
    """Return the lines of a result, each with the lesson of the class that teaches the fact, and
    with what may be read before the key is told.
    """
    lessons = {lesson.pk: lesson for lesson in tree.lessons}
    return [
        {
            "line": line,
            "lesson": lessons.get(line.lesson_id or 0),
            "parts": parts_shown(line=line, shows_key=is_told),
            "explanation": explanation_shown(line=line, shows_key=is_told),
        }
        for line in result.lines
    ]
