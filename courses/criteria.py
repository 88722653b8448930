"""What courses themselves ask for a completion: lessons read and quizzes passed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.domain.course_tree import QuizNode
from courses.domain.lessons import LESSONS_KEY
from courses.domain.pass_mark import DEFAULT_PASS_PERCENT, QUIZZES_KEY
from courses.domain.urls_for import address_of
from courses.enums import QuizPurpose
from courses.extensions import CompletionCriterion, CriterionResult, Detail, Learner, WayOn
from courses.models import (
    CourseRun,
    EditionLesson,
    EditionQuiz,
    Enrolment,
    LessonCompletion,
    QuizAttempt,
)
from lms.core.counting import count_of


class LessonsParamsForm(forms.Form):
    percent = forms.IntegerField(
        label=_("Share of lessons required (%)"),
        help_text=_("100: every lesson that counts towards completion."),
        min_value=1,
        max_value=100,
    )


class QuizzesParamsForm(forms.Form):
    pass_percent = forms.IntegerField(
        label=_("Pass mark of each quiz (%)"),
        help_text=_("The best attempt counts."),
        min_value=1,
        max_value=100,
    )


class LessonsRead(CompletionCriterion):
    """Lessons that count in the edition of the class and that the person marked as read."""

    key = LESSONS_KEY
    label = _("Lessons")
    params_form = LessonsParamsForm

    def default_params(self) -> dict[str, Any]:
        return {"percent": 100}

    def applies_to(self, run: CourseRun) -> bool:
        return _lessons_of(run).exists()

    def annotate(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        lessons = _lessons_of(run)
        read = LessonCompletion.objects.filter(
            enrolment=OuterRef("pk"), lesson__in=lessons.values("lesson")
        )
        # Rounded up: 80 % of 3 lessons are 3.
        share = (count_of(lessons) * Value(params["percent"]) + Value(99)) / Value(100)
        return enrolments.annotate(lessons_achieved=count_of(read), lessons_required=share)

    def explain(
        self,
        *,
        achieved: int,
        required: int,
        params: dict[str, Any],
        details: Sequence[Detail] = (),
    ) -> str:
        if required == 0:
            return str(_("There are no lessons to read in this class yet."))
        if achieved >= required:
            message = ngettext(
                "The required lesson has been read.",
                "All %(required)d required lessons have been read.",
                required,
            )
            return message % {"required": required}
        message = ngettext(
            "%(missing)d lesson is left to read: %(achieved)d of %(required)d done.",
            "%(missing)d lessons are left to read: %(achieved)d of %(required)d done.",
            required - achieved,
        )
        return message % {
            "missing": required - achieved,
            "achieved": achieved,
            "required": required,
        }

    def lack(self, result: CriterionResult) -> str:
        missing = result.required - result.achieved
        text = ngettext("%(count)d lesson to read", "%(count)d lessons to read", missing)
        return text % {"count": missing} if result.required else ""

    def way_on(self, result: CriterionResult, *, learner: Learner) -> WayOn | None:
        """Lead to the next lesson that is not read."""
        if not result.required:
            return None
        unread = (lesson for lesson in learner.tree.lessons if lesson.is_open)
        return WayOn(
            text=self.lack(result),
            url=address_of(next(unread, learner.tree)),
            due_on=learner.enrolment.run.ends_on,
        )


class QuizzesPassed(CompletionCriterion):
    """Quizzes in the edition of the class whose best attempt reached the pass mark; what people
    knew before the training decides nothing.
    """

    key = QUIZZES_KEY
    label = _("Quizzes")
    params_form = QuizzesParamsForm

    def default_params(self) -> dict[str, Any]:
        return {"pass_percent": DEFAULT_PASS_PERCENT}

    def applies_to(self, run: CourseRun) -> bool:
        return _quizzes_of(run).exists()

    def annotate(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        quizzes = _quizzes_of(run)
        passed = QuizAttempt.objects.filter(
            enrolment=OuterRef("pk"),
            quiz__in=quizzes.values("quiz"),
            percent__gte=params["pass_percent"],
        )
        return enrolments.annotate(
            quizzes_achieved=count_of(passed, of="quiz"),
            quizzes_required=count_of(quizzes),
        )

    def explain(
        self,
        *,
        achieved: int,
        required: int,
        params: dict[str, Any],
        details: Sequence[Detail] = (),
    ) -> str:
        if required == 0:
            return str(_("There are no quizzes in this class yet."))
        if achieved >= required:
            message = ngettext(
                "The quiz is passed.", "All %(required)d quizzes are passed.", required
            )
            return message % {"required": required}
        message = ngettext(
            "%(missing)d quiz is left to pass: %(achieved)d of %(required)d done, "
            "pass mark %(percent)d%%.",
            "%(missing)d quizzes are left to pass: %(achieved)d of %(required)d done, "
            "pass mark %(percent)d%%.",
            required - achieved,
        )
        return message % {
            "missing": required - achieved,
            "achieved": achieved,
            "required": required,
            "percent": params["pass_percent"],
        }

    def lack(self, result: CriterionResult) -> str:
        missing = result.required - result.achieved
        text = ngettext("%(count)d quiz to pass", "%(count)d quizzes to pass", missing)
        return text % {"count": missing} if result.required else ""

    def way_on(self, result: CriterionResult, *, learner: Learner) -> WayOn | None:
        """Lead to the next quiz that is not passed, one with an attempt left first."""
        if not result.required:
            return None
        quizzes = [step for step in learner.tree.steps if isinstance(step, QuizNode)]
        failed = [quiz for quiz in quizzes if not quiz.is_passed]
        failed.sort(key=lambda quiz: not quiz.is_open)
        return WayOn(
            text=self.lack(result),
            url=address_of(failed[0] if failed else learner.tree),
            due_on=learner.enrolment.run.ends_on,
        )


def _lessons_of(run: CourseRun) -> QuerySet[EditionLesson]:
    """Return those that count; none before the class opens."""
    return EditionLesson.objects.filter(edition=run.edition_id, is_required=True).order_by()


def _quizzes_of(run: CourseRun) -> QuerySet[EditionQuiz]:
    asked = EditionQuiz.objects.filter(edition=run.edition_id)
    return asked.exclude(purpose=QuizPurpose.PRE_TEST).order_by()
