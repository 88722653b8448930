"""Classes in the Wagtail admin: the list, the form, and one class with its trainees."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.template.defaultfilters import yesno
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.widgets.button import Button, HeaderButton

from courses.domain.counts import annotate_trainees
from courses.domain.enrolment_state import enrolment_state
from courses.domain.moving_runs import asks_newest
from courses.domain.progress import progress_of
from courses.domain.runs import pending_step, requirements_in_force
from courses.enums import UNFINISHED_STATUSES, EnrolmentStatus, RunStatus, RunStep
from courses.extensions import completion_criteria, run_columns
from courses.models import CourseRun, Enrolment, Programme
from courses.models.titles import shown_title
from lms.core.display import vi_date
from lms.core.readers import SignedInRequest
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.views import (
    ScopedCreateView,
    ScopedEditView,
    ScopedFilterSet,
    ScopedIndexView,
    ScopedInspectView,
)

TRAINEES_A_PAGE = 50


def hosts_of(request: SignedInRequest) -> QuerySet[AdministrativeUnit]:
    """Return the units that hold a class of the list: a trainer oversees none of them."""
    runs = CourseRun.objects.watched_by(request.user)
    return AdministrativeUnit.objects.filter(pk__in=runs.values("unit")).order_by("path")


class RunFilterSet(ScopedFilterSet):
    status = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=RunStatus.choices)
    unit = django_filters.ModelChoiceFilter(label=gettext_lazy("Held by"), queryset=hosts_of)
    starts_on = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("First day"), widget=DateRangePickerWidget
    )
    programme = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Programme"), queryset=Programme.objects.all()
    )

    class Meta:
        model = CourseRun
        fields = ("status", "unit", "starts_on", "programme")


class RunIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[CourseRun]:
        runs = annotate_trainees(super().get_base_queryset().select_related("unit", "programme"))
        for column in run_columns:
            runs = column.annotate(runs, reader=self.request.user)
        return runs

    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class("title", label=_("Class"), sort_key="title", get_url=self.get_inspect_url),
            Column("code", label=_("Code"), sort_key="code"),
            Column("place", label=_("Venue"), accessor=_venue_of),
            Column("starts_on", label=_("Days"), accessor=days_of, sort_key="starts_on"),
            StatusTagColumn(
                "status",
                label=_("Status"),
                accessor="get_status_display",
                primary=lambda run: run.status == RunStatus.OPEN,
            ),
            Column(
                "trainee_count",
                label=_("Trainees"),
                accessor=_trainees_of,
                sort_key="trainee_count",
            ),
            *(Column(own.key, label=own.label, accessor=own.value) for own in run_columns),
        ]


class RunCreateView(ScopedCreateView):
    """Takes from the address what is known of the class (`programme`, `course`, `unit`) and where it
    is wanted (`next`), which is told its code as `into`.
    """

    success_message = gettext_lazy(
        "The class “%(object)s” has been planned. Enrol its trainees next."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"known": self.request.GET}

    def get_add_url(self) -> str:
        # What is posted keeps the way back.
        asked = self.request.GET.urlencode()
        return f"{super().get_add_url()}?{asked}" if asked else super().get_add_url()

    def get_success_url(self) -> str:
        wanted = self.request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(
            wanted, allowed_hosts=None, require_https=self.request.is_secure()
        ):
            return reverse("runs:inspect", args=(self.object.pk,))
        joint = "&" if "?" in wanted else "?"
        return f"{wanted}{joint}{urlencode({'into': self.object.code})}"

    def get_success_buttons(self) -> list[Any]:
        return []


class RunEditView(ScopedEditView):
    def get_success_url(self) -> str:
        return reverse("runs:inspect", args=(self.object.pk,))


class RunInspectView(ScopedInspectView):
    """One class: its facts, what it asks, and the trainees that the person may see."""

    template_name = "courses/admin/run_inspect.html"
    page_title = gettext_lazy("Class")

    def scoped_rows(self) -> QuerySet[CourseRun]:
        related = ("programme__edition", "course", "unit", "edition", "replaced_by")
        return super().scoped_rows().select_related(*related).prefetch_related("trainers")

    @cached_property
    def may_change(self) -> bool:
        return bool(self.user_has_permission_for_instance("change", self.object))

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.may_change or self.object.status != RunStatus.PLANNED:
            return []
        url = reverse("runs:open", args=(self.object.pk,))
        return [HeaderButton(_("Open the class"), url=url, icon_name="check")]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if self.may_change:
            buttons += [
                Button(label, url=reverse(name, args=(self.object.pk,)), icon_name=icon)
                for label, name, icon in _endings_of(self.object)
            ]
        return buttons

    def get_fields_context(self) -> list[dict[str, Any]]:
        run: CourseRun = self.object
        facts = (
            (_("Class code"), run.code),
            (_("Programme"), run.programme.name),
            (_("Course"), shown_title(run.course)),
            (_("Course edition"), _edition_of(run)),
            (_("Held by"), run.unit.display_name),
            (_("Venue"), run.place),
            (_("Days"), days_of(run)),
            (_("Trainers"), ", ".join(str(trainer) for trainer in run.trainers.all()) or "–"),
        )
        return [{"label": label, "value": value} for label, value in (*facts, *_ending_of(run))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        everybody = self.object.enrolments.counted()
        visible = everybody.visible_to(self.request.user)
        counts = _counts_of(everybody, visible)
        trainees = Paginator(
            visible.select_related("user", "unit", "run").in_name_order(), TRAINEES_A_PAGE
        )
        trainees.count = counts["visible"]
        shown = trainees.get_page(self.request.GET.get("p"))
        progress = progress_of(enrolment_ids=[one.pk for one in shown.object_list])
        return super().get_context_data(
            may_change=self.may_change,
            step=self._step(counts["all"]),
            requirements=_requirement_lines(self.object),
            page=shown,
            elided_page_range=shown.paginator.get_elided_page_range(shown.number),
            trainees=[_trainee_line(e, progress[e.pk]) for e in shown.object_list],
            completed_count=counts["completed"],
            hidden_count=counts["all"] - counts["visible"],
            is_enrolling=self.object.status in UNFINISHED_STATUSES,
            **kwargs,
        )

    def _step(self, trainee_count: int) -> RunStep | None:
        today = timezone.localdate()
        step = pending_step(run=self.object, trainee_count=trainee_count, today=today)
        return step if self.may_change else None


def _counts_of(everybody: QuerySet[Enrolment], visible: QuerySet[Enrolment]) -> dict[str, int]:
    """Return how many there are, how many of them may be seen, and how many of these completed."""
    seen = Q(pk__in=visible.order_by().values("pk"))
    return everybody.aggregate(
        all=Count("pk"),
        visible=Count("pk", filter=seen),
        completed=Count("pk", filter=seen & Q(status=EnrolmentStatus.COMPLETED)),
    )


def _ending_of(run: CourseRun) -> list[tuple[str, str]]:
    """Return why a cancelled class does not take place, and what comes instead."""
    if not run.cancel_reason:
        return []
    instead = run.replaced_by.title if run.replaced_by else _("Nothing yet")
    return [(_("Why it was cancelled"), run.cancel_reason), (_("What comes instead"), instead)]


def _edition_of(run: CourseRun) -> str:
    if run.edition is None:
        return _("Set when the class opens")
    made = vi_date(run.edition.created_at)
    return _("No. %(number)d of %(day)s") % {"number": run.edition.number, "day": made}


def days_of(run: CourseRun) -> str:
    """Format the days as 06/05/2014, or 06/05/2014 – 07/05/2014."""
    first, last = vi_date(run.starts_on), vi_date(run.ends_on)
    return first if first == last else f"{first} – {last}"


def _venue_of(run: CourseRun) -> str:
    unit = run.unit.display_name
    return run.place if unit.casefold() in run.place.casefold() else f"{run.place}, {unit}"


def _trainees_of(run: Any) -> str:
    figures = {"count": run.trainee_count, "completed": run.completed_count}
    if not run.trainee_count:
        return _("None enrolled")
    return _("%(count)s, %(completed)s completed") % figures


def _endings_of(run: CourseRun) -> list[tuple[str, str, str]]:
    """Return label, address and icon of what else may be done with a class in this state."""
    endings = [(_("Copy the class"), "runs:copy", "copy")]
    if run.status == RunStatus.OPEN:
        if not asks_newest(run=run):
            endings.append((_("Move to the newest edition"), "runs:move", "rotate"))
        endings.append((_("Close the class"), "runs:close", "lock"))
    if run.status in UNFINISHED_STATUSES:
        endings.append((_("Cancel the class"), "runs:cancel", "cross"))
    return endings


def _requirement_lines(run: CourseRun) -> list[dict[str, Any]]:
    """Return the requirements in force as label and figures; unknown ones by their key."""
    lines = []
    for row in requirements_in_force(run=run):
        criterion = completion_criteria.get(row.criterion)
        if criterion is None:
            lines.append({"label": row.criterion, "params": [], "is_installed": False})
            continue
        fields = criterion.params_form().fields.items()
        # What the class says nothing of is as it is everywhere.
        params = [
            (field.label, _in_words(field, row.params[name]))
            for name, field in fields
            if name in row.params
        ]
        lines.append({"label": criterion.label, "params": params, "is_installed": True})
    return lines


def _in_words(field: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return yesno(value)
    return dict(getattr(field, "choices", ())).get(value, value)


def _trainee_line(enrolment: Enrolment, results: list[Any]) -> dict[str, Any]:
    return {
        "enrolment": enrolment,
        "state": enrolment_state(enrolment, today=timezone.localdate()),
        "is_complete": enrolment.status == EnrolmentStatus.COMPLETED,
        "missing": [result.explanation for result in results if not result.met],
    }
