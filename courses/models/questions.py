"""Questions, the cases that several of them are steps of, and their answers."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
)

from courses.enums import Difficulty, QuestionKind
from courses.models.content import LessonPage
from courses.models.media import CourseImage
from courses.models.page_rights import AUTHORS, owned_courses
from courses.models.page_routing import page_views
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.fields import CodeField, DerivedTextField, once_whatever_case
from lms.core.models import site_details
from lms.core.text import fold

_ADMINISTRATOR = (Role.ADMINISTRATOR,)


def index_tags(tags: str) -> str:
    """Return the tags of a cell, parted by commas, as `tag_index` holds them."""
    folded = [fold(tag).strip() for tag in tags.split(",")]
    return "|".join(["", *filter(None, folded), ""]) if any(folded) else ""


class QuestionCaseQuerySet(models.QuerySet["QuestionCase"]):
    def visible_to(self, user: User) -> "QuestionCaseQuerySet":
        return self if user.scope.has_role(*Role) else self.none()


class QuestionCase(models.Model):
    """A made-up case; the questions about it are its steps, asked one after another."""

    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what happens"))
    search_text = DerivedTextField(max_length=500, sources=("title", "text"), derive=fold)

    objects = QuestionCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case in steps")
        verbose_name_plural = _("cases in steps")
        ordering: ClassVar = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


def _stands_below(path: str) -> Q:
    """Match what a page below this one teaches, or the quiz of one asks."""
    return Q(lesson__path__startswith=path) | Q(in_quizzes__quiz__module__path__startswith=path)


def _stands_only_where(user: User, roles: tuple[Role, ...]) -> Q:
    """Match what stands in courses of units for which the person holds a role, and nowhere else."""
    taught, asked = Q(pk__in=[]), Q(pk__in=[])
    for path, unit in owned_courses(user).items():
        if user.scope.covers(unit, roles):
            taught |= Q(lesson__path__startswith=path)
            asked |= Q(quiz__module__path__startswith=path)
    places = _places_in_quizzes()
    here = taught | (Q(lesson=None) & Exists(places.filter(asked)))
    return here & ~Exists(places.exclude(asked))


def _places_in_quizzes() -> models.QuerySet[Any]:
    quiz_questions: Any = apps.get_model("courses.QuizQuestion")
    places: models.QuerySet[Any] = quiz_questions.objects.filter(question=OuterRef("pk"))
    return places


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: User) -> "QuestionQuerySet":
        """Return all for those with a role, never for trainees: questions show what is right."""
        return self if user.scope.has_role(*Role) else self.none()

    def manageable_by(self, user: User) -> "QuestionQuerySet":
        """Return those of the province for every author; those that the course of a unit asks or
        teaches for its own authors.
        """
        rows = self.visible_to(user) if user.scope.has_role(*AUTHORS) else self.none()
        for path, unit in owned_courses(user).items():
            if not user.scope.covers(unit, AUTHORS):
                rows = rows.exclude(_stands_below(path))
        return rows

    def publishable_by(self, user: User) -> "QuestionQuerySet":
        """Return those that the person may publish: see `ContentPermissionTester.may_publish`."""
        rows = self.manageable_by(user)
        if not site_details().asks_approval or user.scope.reaches_province(_ADMINISTRATOR):
            return rows
        return rows.filter(_stands_only_where(user, _ADMINISTRATOR))

    def removable_by(self, user: User) -> "QuestionQuerySet":
        """Return those that the person may delete: of the province's, drafts that no quiz asks."""
        rows = self.manageable_by(user)
        if user.scope.reaches_province(_ADMINISTRATOR):
            return rows
        draft = Q(live=False) & ~Exists(_places_in_quizzes())
        return rows.filter(_stands_only_where(user, AUTHORS) | draft)

    def published(self) -> "QuestionQuerySet":
        """Return those that can be asked: of the others there are drafts alone."""
        return self.filter(live=True)

    def search(self, text: str) -> "QuestionQuerySet":
        """Return those whose key or text holds every typed word, marks or none."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found


class Question(PreviewableMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel):
    """A question with its explanation and the source of the fact.

    The row is what is asked; drafts are revisions beside it. Only what has never been published is
    a row that is not `live`.
    """

    key = CodeField(_("key"), max_length=40, unique=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=QuestionKind.choices, default=QuestionKind.SINGLE
    )
    text = models.TextField(_("question"))
    explanation = models.TextField(_("explanation"))
    source = models.CharField(_("source"), max_length=500)
    as_of = models.CharField(_("as of"), max_length=60)
    lesson = models.ForeignKey(
        LessonPage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("taught in"),
    )
    picture = models.ForeignKey(
        CourseImage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="in_questions",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    case = models.ForeignKey(
        QuestionCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("case in steps"),
    )
    case_step = models.PositiveSmallIntegerField(_("step"), null=True, blank=True)
    difficulty = models.CharField(
        _("difficulty"), max_length=10, choices=Difficulty.choices, default=Difficulty.MEDIUM
    )
    tags = models.CharField(_("tags"), max_length=200, blank=True)
    # Folded, each between two bars, so that one can be asked for as a whole.
    tag_index = DerivedTextField(max_length=400, sources=("tags",), derive=index_tags)
    search_text = DerivedTextField(max_length=500, sources=("key", "text"), derive=fold)

    objects = QuestionQuerySet.as_manager()

    VIEW_KEY: ClassVar = "question"

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            once_whatever_case("key", name="question_key_once"),
            models.CheckConstraint(
                condition=Q(picture__isnull=True) | ~Q(picture_alt=""),
                name="question_picture_has_alt",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True, case_step__isnull=True)
                | Q(case__isnull=False, case_step__isnull=False),
                name="question_step_of_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        view = page_views.get(self.VIEW_KEY)
        if view is None:
            raise LookupError("No view shows a question.")
        return view.preview(request, self)

    def with_content_json(self, content: dict[str, Any]) -> "Question":
        """Return the question as a revision has it, without a picture or case deleted since."""
        kept: dict[str, Any] = dict(content)
        if not CourseImage.objects.filter(pk=kept["picture"] or 0).exists():
            kept |= {"picture": None, "picture_alt": ""}
        if not QuestionCase.objects.filter(pk=kept["case"] or 0).exists():
            kept |= {"case": None, "case_step": None}
        question: Question = super().with_content_json(kept)
        return question


class QuestionOption(Orderable):
    """One answer on offer, one pair, one item in the right order, or one accepted answer.

    `match` belongs to `text` in a matching; `tolerance` is how far from a number is still right.
    `is_correct` is true of all where the kind has no wrong ones.
    """

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    text = models.CharField(_("answer"), max_length=500)
    is_correct = models.BooleanField(_("correct"), default=False)
    match = models.CharField(_("belongs to"), max_length=500, blank=True)
    tolerance = models.CharField(_("tolerance"), max_length=20, blank=True)
    feedback = models.CharField(_("feedback"), max_length=500, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering: ClassVar = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.text
