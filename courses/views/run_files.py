"""What the pages of classes list, as files: the same rows, order and rights. Each is logged."""

from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain.enrolment_state import enrolment_state
from courses.domain.gains import people_gains
from courses.enums import EnrolmentStatus
from courses.extensions import rosters
from courses.models import CourseRun, Enrolment
from courses.models.titles import plain_title
from courses.views.access import widest_role
from courses.views.runs import PHASE_LABELS, shown_runs, shown_trainees, trainee_rows, watched_run
from lms.core.display import phone_local
from lms.core.readers import SignedInRequest
from lms.core.text import slug
from lms.spreadsheets.about import FILTER_LABELS, About
from lms.spreadsheets.handout import dated_name, file_format_of, filters_of, hand_out
from lms.spreadsheets.tables import Cell, Share, Spreadsheet


@login_required
@require_safe
def run_list_file(request: SignedInRequest) -> HttpResponseBase:
    """Send the classes of `run_list`, all pages of it."""
    runs = list(shown_runs(request))
    if not runs and widest_role(request.user) is None:
        raise Http404
    headings = [
        _("Class code"),
        _("Class"),
        _("Course"),
        _("Held by"),
        _("Place of the class"),
        _("First day"),
        _("Last day"),
        _("Trainers"),
        _("Status"),
        _("Trainees"),
        _("Completed"),
    ]
    sheet = Spreadsheet(_("Classes"), headings, [_run_cells(run) for run in runs])
    phase = PHASE_LABELS.get(request.GET.get("when", ""))
    about = _about(request, {_("Time"): str(phase or "")})
    return _given_out(request, sheet, about, "lop-tap-huan")


@login_required
@require_safe
def run_trainees_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send the trainees of `run_detail`, all pages of it;
    the file goes in again as a list of enrolments.
    """
    run = watched_run(request, pk)
    lines = trainee_rows(list(shown_trainees(request, run)))
    criteria = list(dict.fromkeys(str(one.label) for line in lines for one in line["results"]))
    enrolments = [line["enrolment"] for line in lines]
    added = [one for roster in rosters for one in roster.columns(run, enrolments=enrolments)]
    rows = []
    for line in lines:
        enrolment = line["enrolment"]
        shares = {str(one.label): _share(one.achieved, one.required) for one in line["results"]}
        rows.append(
            [
                run.code,
                enrolment.user.staff_code,
                enrolment.user.full_name,
                str(enrolment.unit),
                *(shares.get(label) for label in criteria),
                phone_local(enrolment.user.phone),
                *(column.values.get(enrolment.pk, "") for column in added),
                str(enrolment_state(enrolment, today=timezone.localdate()).label),
            ]
        )
    headings = [
        _("Class code"),
        _("Staff code"),
        _("Full name"),
        _("Commune or office"),
        *criteria,
        _("Phone"),
        *(column.label for column in added),
        _("Status"),
    ]
    name = f"hoc-vien-{slug(run.code)}"
    sheet = Spreadsheet(_("Trainees"), headings, rows)
    return _given_out(request, sheet, _about_run(request, run), name)


@login_required
@require_safe
def run_gains_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send what each trainee of the class knew before the training and knows after it; whoever has
    withdrawn is left out, as on the page.
    """
    run = watched_run(request, pk)
    if not run.has_pair:
        raise Http404
    shown = Enrolment.objects.visible_to(request.user).counted().filter(run=run)
    people = people_gains(enrolments=shown.select_related("user", "unit").in_name_order())
    headings = [
        _("Staff code"),
        _("Full name"),
        _("Commune or office"),
        _("Before (%)"),
        _("After, first attempt (%)"),
        _("Gain (points)"),
    ]
    rows: list[list[Cell]] = [
        [
            one.enrolment.user.staff_code,
            one.enrolment.user.full_name,
            str(one.enrolment.unit),
            one.before,
            one.after,
            one.gain.points if one.gain else None,
        ]
        for one in people
    ]
    sheet = Spreadsheet(_("Before and after"), headings, rows)
    return _given_out(request, sheet, _about_run(request, run), f"truoc-sau-{slug(run.code)}")


def _run_cells(run: CourseRun) -> list[Cell]:
    return [
        run.code,
        run.title,
        plain_title(run.course),
        str(run.unit),
        run.place,
        run.starts_on,
        run.ends_on,
        _names(run.trainers.all()),
        run.get_status_display(),
        run.trainee_count,  # type: ignore[attr-defined]
        run.completed_count,  # type: ignore[attr-defined]
    ]


def _names(people: Iterable[object]) -> str:
    return ", ".join(map(str, people))


def _share(achieved: int, required: int) -> Share:
    return Share(min(achieved / required, 1))


def _about_run(request: SignedInRequest, run: CourseRun) -> About:
    status = request.GET.get("status", "")
    label = EnrolmentStatus(status).label if status in EnrolmentStatus else ""
    about = _about(request, {_("Class"): f"{run.title} ({run.code})", _("Status"): str(label)})
    return replace(about, programme=run.programme.name, area=str(run.unit))


def _about(request: SignedInRequest, chosen: dict[str, str]) -> About:
    words = {**chosen, str(FILTER_LABELS["q"]): request.GET.get("q", "")}
    told = {label: text for label, text in words.items() if text}
    return About(filters=filters_of(request), chosen=told)


def _given_out(
    request: SignedInRequest, sheet: Spreadsheet, about: About, name: str
) -> HttpResponseBase:
    assert isinstance(sheet.rows, list)  # noqa: S101 (the rows of one page, or of one class)
    return hand_out(
        sheet=sheet,
        by=request.user,
        list_name=name,
        file_name=dated_name(name),
        file_format=file_format_of(request),
        about=about,
        rows=len(sheet.rows),
    )
