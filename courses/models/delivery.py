"""Who is taught what, where and when: programmes, classes, enrolments."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from courses.enums import COUNTED_STATUSES, WITHOUT_EDITION, EnrolmentStatus, RunStatus
from courses.models.content import CoursePage, LessonPage
from lms.accounts.enums import MANAGING_ROLES, Cadre, Role
from lms.accounts.models import Posting, User
from lms.core.fields import CodeField, DerivedTextField, once_whatever_case
from lms.core.text import fold
from lms.geography.models import AdministrativeUnit, BoundaryEdition


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> "ProgrammeQuerySet":
        """Return all for whoever has a role: a plan names no person."""
        return self if user.scope.has_role(*Role) else self.none()


class Programme(ClusterableModel):
    """A training plan over a period, drawn on one boundary edition (Project 2)."""

    code = CodeField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=250)
    edition = models.ForeignKey(
        BoundaryEdition, models.PROTECT, related_name="programmes", verbose_name=_("map")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    is_sample = models.BooleanField(_("demo data"), default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="programme_ends_after_start"
            ),
            once_whatever_case("code", name="programme_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammeRequirementQuerySet(models.QuerySet["ProgrammeRequirement"]):
    def visible_to(self, user: User) -> "ProgrammeRequirementQuerySet":
        return self.filter(programme__in=Programme.objects.visible_to(user))


class ProgrammeRequirement(models.Model):
    """A course that a cadre has to complete in a programme."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, related_name="requirements")
    course = models.ForeignKey(
        CoursePage, models.PROTECT, related_name="required_by", verbose_name=_("course")
    )
    cadre = models.CharField(_("cadre"), max_length=20, choices=Cadre.choices)

    objects = ProgrammeRequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("required course")
        verbose_name_plural = _("required courses")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "course", "cadre"], name="required_course_once_per_cadre"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.course_id}, {self.cadre}"


class CourseRunQuerySet(models.QuerySet["CourseRun"]):
    def visible_to(self, user: User) -> "CourseRunQuerySet":
        """Return classes one teaches, attends, or that a unit one oversees is host to."""
        if user.scope.everywhere:
            return self
        attended = Enrolment.objects.filter(user=user, status__in=COUNTED_STATUSES)
        return self.filter(
            user.scope.units_q("unit") | taught_by(user) | Q(pk__in=attended.values("run"))
        )

    def watched_by(self, user: User) -> "CourseRunQuerySet":
        """Return classes whose pages and figures are open to staff: taught,
        or held in an overseen unit.

        One's own attendance as a trainee opens none of them.
        """
        if user.scope.everywhere:
            return self
        return self.filter(user.scope.units_q("unit") | taught_by(user))

    def manageable_by(self, user: User) -> "CourseRunQuerySet":
        """Return classes that one may change, and whose roll one may take.

        The one place of the rule: the trainers of the class, and the administrators and
        coordinators of the unit that holds it. A monitor and a focal point watch and
        report; they change no class, no list and no roll.
        """
        if user.scope.everywhere:
            return self
        return self.filter(user.scope.units_q("unit", MANAGING_ROLES) | taught_by(user))

    def with_codes(self, codes: Iterable[str]) -> "CourseRunQuerySet":
        """Return the classes with these codes, in capital or small letters."""
        small = {code.lower() for code in codes}
        return self.annotate(small_code=Lower("code")).filter(small_code__in=small)

    def current(self, today: date) -> "CourseRunQuerySet":
        return self.filter(status=RunStatus.OPEN, starts_on__lte=today, ends_on__gte=today)


def taught_by(user: User, run_field: str = "pk") -> Q:
    """Return rows of the classes that name the person as trainer;
    none once the role was withdrawn.
    """
    if not user.scope.has_role(Role.TRAINER):
        return Q(pk__in=[])
    taught = CourseRun.trainers.through.objects.filter(user=user)
    return Q(**{f"{run_field}__in": taught.values("courserun")})


class CourseRun(models.Model):
    """A delivery of a course: lớp tập huấn. Opened by `courses.domain.runs.open_run`."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="runs", verbose_name=_("programme")
    )
    course = models.ForeignKey(
        CoursePage, models.PROTECT, related_name="runs", verbose_name=_("course")
    )
    code = models.CharField(_("class code"), max_length=40, unique=True)
    # Set when the class opens; what its people are asked, whatever becomes of the pages.
    edition = models.ForeignKey(
        "courses.CourseEdition",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="runs",
        verbose_name=_("course edition"),
    )
    title = models.CharField(_("title"), max_length=200)
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="runs", verbose_name=_("held by")
    )
    place = models.CharField(_("place"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    status = models.CharField(
        _("status"), max_length=10, choices=RunStatus.choices, default=RunStatus.PLANNED
    )
    trainers = models.ManyToManyField(
        User, related_name="taught_runs", verbose_name=_("trainers"), blank=True
    )
    # Set by `courses.domain.runs.cancel_run`; classes cancelled before 2026-11 have none.
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaces",
        verbose_name=_("class that comes instead"),
    )
    search_text = DerivedTextField(max_length=500, sources=("code", "title", "place"), derive=fold)

    objects = CourseRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering: ClassVar = ["-starts_on", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="course_run_ends_after_start"
            ),
            once_whatever_case("code", name="course_run_code_once"),
            models.CheckConstraint(
                condition=Q(edition__isnull=False) | Q(status__in=WITHOUT_EDITION),
                name="course_run_has_edition_once_open",
            ),
            models.CheckConstraint(
                condition=Q(status=RunStatus.CANCELLED)
                | Q(cancelled_at__isnull=True, cancel_reason="", replaced_by__isnull=True),
                name="course_run_replaced_only_when_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def counted(self) -> "EnrolmentQuerySet":
        return self.filter(status__in=COUNTED_STATUSES)

    def in_held_classes(self) -> "EnrolmentQuerySet":
        """Return those that count in classes that take or took place: a class that was cancelled
        has nobody in it.
        """
        return self.counted().exclude(run__status=RunStatus.CANCELLED)

    def overseen_by(self, user: User) -> "EnrolmentQuerySet":
        """Return those from units that the person watches over, whoever teaches the class."""
        return self.filter(user.scope.units_q("unit"))

    def visible_to(self, user: User) -> "EnrolmentQuerySet":
        """Return own enrolments, those from units one oversees, those of classes one teaches."""
        if user.scope.everywhere:
            return self
        own_or_taught: EnrolmentQuerySet = self.filter(Q(user=user) | taught_by(user, "run"))
        return own_or_taught | self.overseen_by(user)

    def in_name_order(self) -> "EnrolmentQuerySet":
        return self.order_by("user__sort_key", "user__staff_code")


class Enrolment(models.Model):
    """A person in a class, stamped with the unit and cadre held on the day of enrolment.

    Made by `courses.domain.enrolling.enrol_many`; its completion is decided in
    `courses.domain.completion` alone.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="enrolments")
    run = models.ForeignKey(CourseRun, models.PROTECT, related_name="enrolments")
    posting = models.ForeignKey(
        Posting, models.SET_NULL, null=True, blank=True, related_name="enrolments"
    )
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="enrolments")
    cadre = models.CharField(_("cadre"), max_length=20, choices=Cadre.choices)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=EnrolmentStatus.choices,
        default=EnrolmentStatus.ACTIVE,
    )
    enrolled_at = models.DateTimeField(_("enrolled at"))
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    # The version of the requirements, and the edition of the course, that the completion met:
    # it stands as long as it meets these.
    completed_version = models.PositiveSmallIntegerField(null=True, blank=True)
    completed_edition = models.ForeignKey(
        "courses.CourseEdition",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="completions",
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "run"], name="enrolment_once_per_run"),
            models.CheckConstraint(
                condition=Q(status=EnrolmentStatus.COMPLETED, completed_at__isnull=False)
                | (~Q(status=EnrolmentStatus.COMPLETED) & Q(completed_at__isnull=True)),
                name="enrolment_completed_has_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "status"], name="enrolment_by_run_status")]

    def __str__(self) -> str:
        return f"{self.user}, {self.run}"


class LessonCompletion(models.Model):
    """A lesson marked as read, once. By `courses.domain.lessons.complete_lesson`."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="lesson_completions")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="completions")
    completed_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("lesson read")
        verbose_name_plural = _("lessons read")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="lesson_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}"


class CompletionRequirement(models.Model):
    """One criterion of a class with its parameters. Versions are added, never changed.

    The rows with a run's highest version are those in force.
    """

    run = models.ForeignKey(CourseRun, models.CASCADE, related_name="requirements")
    version = models.PositiveSmallIntegerField(_("version"))
    criterion = models.CharField(_("criterion"), max_length=50)
    params = models.JSONField(_("parameters"), default=dict)
    created_at = models.DateTimeField(_("set at"), default=timezone.now)

    class Meta:
        verbose_name = _("completion requirement")
        verbose_name_plural = _("completion requirements")
        ordering: ClassVar = ["run", "-version", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "version", "criterion"], name="requirement_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id} v{self.version}: {self.criterion}"
