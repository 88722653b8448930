"""A course as its authors see it: each page with its state, and what should be looked at."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from wagtail.models import Page, WorkflowState

from courses.domain.content_health import (
    Content,
    Targets,
    find_targets,
    lesson_faults,
    read_content,
)
from courses.domain.quiz_draws import Pool, asked_count, check_pools, pools_of
from courses.enums import ContentFault, PageState
from courses.models import CourseEdition, CoursePage, EditionLesson, LessonPage, ModulePage, Quiz
from courses.models.titles import plain_title
from lms.core.refusal import CatchRefusal

# A quiz of fewer is passed by guessing.
ENOUGH_QUESTIONS: Final = 6


@dataclass(frozen=True)
class WrittenLesson:
    """`in_edition`: whether the newest edition asks it; None where there is no edition yet."""

    pk: int
    title: str
    title_en: str
    minutes: int
    is_required: bool
    state: PageState
    faults: list[ContentFault]
    in_edition: bool | None


@dataclass
class WrittenModule:
    pk: int
    title: str
    title_en: str
    code: str
    state: PageState
    quiz: Quiz | None = None
    question_count: int = 0
    can_draw: bool = True
    lessons: list[WrittenLesson] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def faults(self) -> list[ContentFault]:
        # The tests before and after the training may stand alone.
        if not self.lessons and not (self.quiz and self.quiz.purpose):
            return [ContentFault.EMPTY]
        if self.quiz is None:
            return [ContentFault.NO_QUIZ]
        if not self.can_draw:
            return [ContentFault.TOO_FEW_TO_DRAW]
        return [ContentFault.FEW_QUESTIONS] if self.question_count < ENOUGH_QUESTIONS else []


@dataclass(frozen=True)
class WrittenCourse:
    modules: list[WrittenModule]
    edition: CourseEdition | None

    @property
    def lesson_count(self) -> int:
        return sum(len(module.lessons) for module in self.modules)

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)

    @property
    def fault_count(self) -> int:
        of_lessons = sum(len(one.faults) for module in self.modules for one in module.lessons)
        return of_lessons + sum(len(module.faults) for module in self.modules)


def written_outline(*, course: CoursePage, now: datetime) -> WrittenCourse:
    """Return all pages of the course as they were last written; at most twelve queries for any length."""
    modules = list(_written(ModulePage, course))
    lessons = list(_written(LessonPage, course))
    waiting = _waiting([*modules, *lessons])
    contents = {lesson.pk: read_content(_stored(lesson, "body")) for lesson in lessons}
    targets = find_targets(contents.values())
    edition = CourseEdition.objects.filter(course=course).order_by("-number").first()
    asked = set(EditionLesson.objects.filter(edition=edition).values_list("lesson_id", flat=True))
    by_module: dict[str, list[WrittenLesson]] = defaultdict(list)
    for lesson in lessons:
        by_module[lesson.path[: -Page.steplen]].append(
            WrittenLesson(
                pk=lesson.pk,
                title=lesson.draft_title,
                title_en=_as_written(lesson, "title_en"),
                minutes=_as_written(lesson, "minutes"),
                is_required=_as_written(lesson, "is_required"),
                state=_state(lesson, waiting),
                faults=_faults(lesson, contents[lesson.pk], targets, now),
                in_edition=lesson.pk in asked if edition else None,
            )
        )
    return WrittenCourse(
        modules=_with_quizzes(modules, waiting, by_module),
        edition=edition,
    )


def _written(model: Any, course: CoursePage) -> Any:
    pages = model.objects.descendant_of(course).order_by("path")
    return pages.select_related("latest_revision")


def _waiting(pages: Collection[Page]) -> set[int]:
    """Return the ids of the pages that were submitted and not yet decided about."""
    states = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, object_id__in=[str(page.pk) for page in pages]
    )
    page_type = Page._meta.label_lower.split(".")
    of_pages = states.filter(
        base_content_type__app_label=page_type[0], base_content_type__model=page_type[1]
    )
    return {int(pk) for pk in of_pages.values_list("object_id", flat=True)}


def _state(page: Page, waiting: Collection[int]) -> PageState:
    if page.pk in waiting:
        return PageState.WAITING
    if not page.live:
        return PageState.DRAFT
    return PageState.CHANGED if page.has_unpublished_changes else PageState.LIVE


def _as_written(page: Any, name: str) -> Any:
    """Return a column as it was last saved: of a draft the page itself knows nothing."""
    revision = page.latest_revision if page.has_unpublished_changes else None
    content = revision.content if revision else {}
    return content.get(name, getattr(page, name))


def _stored(page: Any, name: str) -> list[dict[str, Any]]:
    written = _as_written(page, name)
    return json.loads(written) if isinstance(written, str) else list(written.raw_data)


def _faults(page: Any, content: Content, targets: Targets, now: datetime) -> list[ContentFault]:
    return lesson_faults(
        content=content,
        targets=targets,
        sources=_as_written(page, "sources"),
        reviewed_at=page.latest_revision_created_at or page.last_published_at,
        now=now,
    )


def _with_quizzes(
    modules: list[Any], waiting: Collection[int], lessons: dict[str, list[WrittenLesson]]
) -> list[WrittenModule]:
    quizzes = Quiz.objects.filter(module__in=modules).select_related("module")
    of_module = {quiz.module_id: quiz for quiz in quizzes.annotate(asked=asked_count())}
    pools = pools_of(quizzes=of_module.values())
    rows = []
    for module in modules:
        quiz = of_module.get(module.pk)
        rows.append(
            WrittenModule(
                pk=module.pk,
                title=module.draft_title,
                title_en=_as_written(module, "title_en"),
                code=_as_written(module, "code"),
                state=_state(module, waiting),
                quiz=quiz,
                question_count=quiz.asked if quiz else 0,
                can_draw=quiz is None or _can_draw(quiz, pools.get(quiz.pk, [])),
                lessons=lessons[module.path],
            )
        )
    return rows


def _can_draw(quiz: Quiz, pools: list[Pool]) -> bool:
    with CatchRefusal() as checked:
        check_pools(title=plain_title(quiz), pools=pools)
    return checked.refusal is None
