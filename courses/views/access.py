"""Who looks at a course, and as what."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.models import Page

from courses.domain.course_tree import CourseTree
from courses.domain.own_marks import annotate_marks, carried_marks
from courses.domain.tree_queries import live_tree, tree_of
from courses.enums import EnrolmentStatus
from courses.models import CoursePage, Enrolment, LessonNote, LessonPage, ModulePage, Quiz
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery


@dataclass(frozen=True)
class Reader:
    """A person before a course: with the enrolment that counts, or as staff, or neither."""

    user: User
    enrolment: Enrolment | None

    @cached_property
    def staff_role(self) -> Role | None:
        """The widest role, None for whoever is enrolled or has no role at all."""
        return None if self.enrolment else widest_role(self.user)

    @property
    def may_read(self) -> bool:
        return self.enrolment is not None or self.staff_role is not None

    @property
    def own_note(self) -> str:
        """What the person has noted on the lesson that was asked for, in a class that has it."""
        return getattr(self.enrolment, "own_note", None) or ""


def widest_role(user: User) -> Role | None:
    """Return the role that reaches furthest; a superuser is an administrator."""
    return next((role for role in Role if user.scope.has_role(role)), None)


def reader_of(*, user: User, page: CoursePage | ModulePage | LessonPage | Quiz) -> Reader:
    """Return how this person stands before a page of a course, or a quiz; one query.

    Enrolled is who is in a class that has it: in its edition, whatever became of the page since.
    Of several enrolments the active one counts, then the most recent. It comes with what the person
    has done in the class (`carried_marks`); that of a lesson brings `own_note`, what the person has
    noted on it.
    """
    home = course_path_of(page.module if isinstance(page, Quiz) else page)
    enrolments = _ENROLMENTS.ask(type(page), user=user.pk, page=page.pk, home=home)
    ordered = sorted(
        enrolments,
        key=lambda one: (one.status == EnrolmentStatus.ACTIVE, one.enrolled_at, one.pk),
        reverse=True,
    )
    return Reader(user=user, enrolment=ordered[0] if ordered else None)


def tree_for(reader: Reader, page: CoursePage | ModulePage | LessonPage) -> CourseTree | None:
    """Return the course that the page is of as this reader meets it; at most one query.

    For who is enrolled as the class asks it, for all others as it is published; None when it is not.
    """
    if reader.enrolment:
        return tree_of(enrolment=reader.enrolment, marks=carried_marks(reader.enrolment))
    return live_tree(course_path=course_path_of(page))


def edit_address(page: Page, reader: Reader) -> str:
    """Return where this page is written, for staff who may; else empty."""
    if reader.staff_role is None or not page.permissions_for_user(reader.user).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def course_path_of(page: CoursePage | ModulePage | LessonPage) -> str:
    """Return the tree path of the course that a page stands in now."""
    below = {CoursePage: 0, ModulePage: 1, LessonPage: 2}[type(page)]
    return str(page.path[: len(page.path) - below * page.steplen])


def _enrolments(
    kind: type[CoursePage | ModulePage | LessonPage | Quiz], *, user: int, page: int, home: str
) -> QuerySet[Any]:
    enrolments = (
        annotate_marks(Enrolment.objects.in_held_classes())
        .filter(_in_class_with(kind, page, home), user=user)
        .select_related("run")
        # What the pages of a course ask of an enrolment; the rest would cost more than it tells.
        .only(
            "status",
            "enrolled_at",
            "user",
            "run__status",
            "run__title",
            "run__course",
            "run__edition",
        )
    )
    if kind is LessonPage:
        own = LessonNote.objects.filter(user=user, lesson=page)
        enrolments = enrolments.annotate(own_note=Subquery(own.values("text")[:1]))
    return enrolments


def _in_class_with(
    kind: type[CoursePage | ModulePage | LessonPage | Quiz], page: int, home: str
) -> Q:
    if kind is CoursePage:
        return Q(run__course=page)
    place = {ModulePage: "modules__page", LessonPage: "lessons__lesson", Quiz: "quizzes__quiz"}
    frozen = Q(**{f"run__edition__{place[kind]}": page})
    # Before it opens, a class shows the course as it stands.
    return frozen | Q(run__edition__isnull=True, run__course__path=home)


# Asked by every page that a trainee opens.
_ENROLMENTS = CompiledQuery(_enrolments)
