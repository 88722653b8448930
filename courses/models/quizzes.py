"""Quizzes made of questions, and what people answered."""

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from courses.enums import Difficulty
from courses.models.content import ModulePage
from courses.models.delivery import Enrolment
from courses.models.page_rights import AUTHORS, owned_courses
from courses.models.questions import Question
from courses.models.quiz_rules import QuizRules, pre_test_once
from courses.models.titles import EnglishTitleMixin
from lms.accounts.enums import Role
from lms.accounts.models import User

#: More is no short answer.
LONGEST_TYPED = 200


class QuizQuerySet(models.QuerySet["Quiz"]):
    def visible_to(self, user: User) -> "QuizQuerySet":
        return self if user.scope.has_role(*Role) else self.none()

    def manageable_by(self, user: User) -> "QuizQuerySet":
        """Return those of the province for every author, and those of a unit for its own."""
        rows = self.visible_to(user) if user.scope.has_role(*AUTHORS) else self.none()
        for path, unit in owned_courses(user).items():
            if not user.scope.covers(unit, AUTHORS):
                rows = rows.exclude(module__path__startswith=path)
        return rows

    def removable_by(self, user: User) -> "QuizQuerySet":
        """Return those that the person may take down as well: see `ContentPermissionTester`."""
        rows = self.manageable_by(user)
        if user.scope.reaches_province((Role.ADMINISTRATOR,)):
            return rows
        of_units = Q(pk__in=[])
        for path in owned_courses(user):
            of_units |= Q(module__path__startswith=path)
        return rows.filter(of_units)


def may_write_quiz(user: User, module: ModulePage) -> bool:
    """Return whether this author may put a quiz into the module: see `manageable_by`."""
    return user.scope.has_role(*AUTHORS) and all(
        user.scope.covers(unit, AUTHORS)
        for path, unit in owned_courses(user).items()
        if module.path.startswith(path)
    )


class Quiz(QuizRules, EnglishTitleMixin, ClusterableModel):
    """The test at the end of a module; the pass mark is a setting of the class."""

    module = models.OneToOneField(
        ModulePage, models.CASCADE, related_name="quiz", verbose_name=_("module")
    )
    title = models.CharField(_("title"), max_length=200)

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints: ClassVar = [pre_test_once("quiz_pre_test_once")]


class QuizQuestion(Orderable):
    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="quiz_questions")
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="in_quizzes", verbose_name=_("question")
    )

    class Meta(Orderable.Meta):
        ordering: ClassVar = ["sort_order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quiz", "question"], name="question_once_per_quiz")
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} > {self.question_id}"


class QuizDraw(Orderable):
    """So many questions, drawn anew for each try from those of the bank that fit.

    Of a module are the questions that its lessons teach; without one, those of the whole course.
    """

    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="draws")
    count = models.PositiveSmallIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1)]
    )
    module = models.ForeignKey(
        ModulePage,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="draws",
        verbose_name=_("module"),
    )
    tag = models.CharField(_("tag"), max_length=60, blank=True)
    difficulty = models.CharField(
        _("difficulty"), max_length=10, choices=Difficulty.choices, blank=True
    )

    class Meta(Orderable.Meta):
        verbose_name = _("draw of questions")
        verbose_name_plural = _("draws of questions")
        ordering: ClassVar = ["sort_order", "pk"]

    def __str__(self) -> str:
        return f"{self.quiz_id}: {self.count}"


class QuizAttemptQuerySet(models.QuerySet["QuizAttempt"]):
    def submitted(self) -> "QuizAttemptQuerySet":
        return self.filter(submitted_at__isnull=False)

    def visible_to(self, user: User) -> "QuizAttemptQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class QuizAttempt(models.Model):
    """One sitting. Started, answered and submitted by `courses.domain.quizzes`.

    `score` and `max_score` count questions; both are set on submission and then stay,
    whatever becomes of the questions later.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="quiz_attempts")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    started_at = models.DateTimeField(_("started at"))
    # By the clock of the server; None: as long as one likes.
    deadline = models.DateTimeField(_("time is over at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("correct answers"), null=True, blank=True)
    max_score = models.PositiveSmallIntegerField(_("questions"), null=True, blank=True)
    # Whole percent, rounded down, so that "passed" can be asked in SQL.
    percent = models.PositiveSmallIntegerField(_("percent"), null=True, blank=True)

    objects = QuizAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiz attempt")
        verbose_name_plural = _("quiz attempts")
        ordering: ClassVar = ["number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment", "quiz", "number"], name="quiz_attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "quiz"],
                condition=Q(submitted_at__isnull=True),
                name="quiz_attempt_open_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    submitted_at__isnull=True,
                    score__isnull=True,
                    max_score__isnull=True,
                    percent__isnull=True,
                )
                # Said of each column: a comparison with NULL would let it pass.
                | Q(
                    submitted_at__isnull=False,
                    score__isnull=False,
                    max_score__isnull=False,
                    percent__isnull=False,
                    score__lte=models.F("max_score"),
                    percent__lte=100,
                ),
                name="quiz_attempt_scored_when_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}, {self.quiz_id}, {self.number}"


class QuizAnswer(models.Model):
    """One question of one attempt, as it was put, with what the person chose.

    Made when the attempt begins, so that it asks the same to its end. Its result is shown from
    `version` alone, whatever becomes of the question.
    """

    attempt = models.ForeignKey(QuizAttempt, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    version = models.ForeignKey("courses.QuestionVersion", models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # Ids of the options in the order shown; empty: that of the version.
    option_order = models.JSONField(_("order of the answers"), default=list)
    # Ids of the chosen options; of an ordering all of them as they were put in order; of a matching
    # pairs of an id and the id of the option whose text was put beside it.
    chosen = models.JSONField(_("chosen"), default=list)
    # In the person's own words: a number or a short text.
    typed = models.CharField(_("typed answer"), max_length=LONGEST_TYPED, blank=True)
    is_correct = models.BooleanField(_("correct"), null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("quiz answer")
        verbose_name_plural = _("quiz answers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "question"], name="quiz_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} > {self.question_id}"

    @property
    def is_given(self) -> bool:
        return bool(self.chosen or self.typed)

    @property
    def shown_options(self) -> list[dict[str, Any]]:
        """The options of the version in the order shown; what came later stands last."""
        places = {pk: place for place, pk in enumerate(self.option_order)}
        return sorted(self.version.options, key=lambda one: places.get(one["id"], len(places)))
