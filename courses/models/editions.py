"""What a class asks, held still: the outline of a course on the day on which a class opened.

Frozen by `courses.domain.editions.freeze_edition`; rows are only ever added. Pages and quizzes
that an edition names are protected, so what was asked can always be shown. Titles and texts are
those of the pages as they are now: a typing error is mended for everybody.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.enums import QuestionKind
from courses.models.content import CoursePage, LessonPage, ModulePage
from courses.models.media import CourseImage
from courses.models.questions import Question, QuestionCase
from courses.models.quiz_rules import QuizRules, pre_test_once
from courses.models.quizzes import Quiz
from courses.models.titles import EnglishTitleMixin


class QuestionVersion(models.Model):
    """A question as it was put, with the key that counted. Written by
    `courses.domain.question_versions`, never changed.

    A table of its own: Wagtail's revisions may be purged, and an answer must outlast them.
    `options`: in their order, `id`, `text` and `is_correct` of each, and `match`, `tolerance` and
    `feedback` where there are any.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    text = models.TextField(_("question"))
    options = models.JSONField(_("answers"))
    explanation = models.TextField(_("explanation"))
    source = models.CharField(_("source"), max_length=500)
    as_of = models.CharField(_("as of"), max_length=60)
    picture = models.ForeignKey(CourseImage, models.PROTECT, null=True, related_name="+")
    picture_alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    case = models.ForeignKey(QuestionCase, models.PROTECT, null=True, related_name="+")
    case_title = models.CharField(_("title"), max_length=200, blank=True)
    case_text = models.TextField(_("what happens"), blank=True)
    # Of all of the above: the same content is the same version.
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("first asked at"))

    class Meta:
        verbose_name = _("version of a question")
        verbose_name_plural = _("versions of questions")
        ordering: ClassVar = ["question", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question", "number"], name="question_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["question", "digest"], name="question_version_content_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"


class CourseEdition(models.Model):
    """A numbered outline of a course: what the classes that opened with it ask."""

    course = models.ForeignKey(
        CoursePage, models.PROTECT, related_name="editions", verbose_name=_("course")
    )
    number = models.PositiveSmallIntegerField(_("edition"))
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("course edition")
        verbose_name_plural = _("course editions")
        ordering: ClassVar = ["course", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="course_edition_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"


class EditionModule(EnglishTitleMixin):
    edition = models.ForeignKey(CourseEdition, models.CASCADE, related_name="modules")
    page = models.ForeignKey(ModulePage, models.PROTECT, related_name="in_editions")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=255)
    code = models.CharField(_("code"), max_length=30)

    class Meta:
        verbose_name = _("module of an edition")
        verbose_name_plural = _("modules of editions")
        ordering: ClassVar = ["edition", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "page"], name="edition_module_once")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.title}"


class EditionLesson(EnglishTitleMixin):
    """`revision_id`: of the text on that day, to compare with; it may have been purged since."""

    edition = models.ForeignKey(CourseEdition, models.CASCADE, related_name="lessons")
    module = models.ForeignKey(EditionModule, models.CASCADE, related_name="lessons")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="in_editions")
    revision_id = models.BigIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=255)
    minutes = models.PositiveSmallIntegerField(_("minutes to read"))
    is_required = models.BooleanField(_("counts for completion"))

    class Meta:
        verbose_name = _("lesson of an edition")
        verbose_name_plural = _("lessons of editions")
        ordering: ClassVar = ["edition", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "lesson"], name="edition_lesson_once")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.title}"


class EditionQuiz(QuizRules, EnglishTitleMixin):
    """A quiz that has questions. The pass mark is a setting of the class."""

    edition = models.ForeignKey(CourseEdition, models.CASCADE, related_name="quizzes")
    module = models.OneToOneField(EditionModule, models.CASCADE, related_name="quiz")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="in_editions")
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("quiz of an edition")
        verbose_name_plural = _("quizzes of editions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "quiz"], name="edition_quiz_once"),
            models.UniqueConstraint(
                fields=["edition", "purpose"],
                condition=~Q(purpose=""),
                name="edition_purpose_once",
            ),
            pre_test_once("edition_pre_test_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.title}"


class EditionQuestion(models.Model):
    """`version`: the question on that day, to compare with; asked is its present wording."""

    quiz = models.ForeignKey(EditionQuiz, models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="in_editions")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="in_editions")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("question of an edition")
        verbose_name_plural = _("questions of editions")
        ordering: ClassVar = ["quiz", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quiz", "question"], name="edition_question_once")
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} > {self.question_id}"


class EditionDraw(models.Model):
    """So many questions of each try come from this pool."""

    quiz = models.ForeignKey(EditionQuiz, models.CASCADE, related_name="draws")
    position = models.PositiveSmallIntegerField(_("position"))
    count = models.PositiveSmallIntegerField(_("how many"))

    class Meta:
        verbose_name = _("draw of an edition")
        verbose_name_plural = _("draws of editions")
        ordering: ClassVar = ["quiz", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.quiz_id}: {self.count}"


class EditionPoolQuestion(models.Model):
    """A question that may be drawn, in its present wording."""

    draw = models.ForeignKey(EditionDraw, models.CASCADE, related_name="pool")
    question = models.ForeignKey(Question, models.PROTECT, related_name="in_pools")

    class Meta:
        verbose_name = _("question that can be drawn")
        verbose_name_plural = _("questions that can be drawn")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draw", "question"], name="pool_question_once")
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} > {self.question_id}"
