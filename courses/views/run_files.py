"""What the pages of classes list, as files: the same rows, order and rights. Each is logged."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain.enrolment_state import enrolment_state
from courses.domain.gains import people_gains
from courses.extensions import rosters
from courses.models import CourseRun, Enrolment
from courses.models.titles import plain_title
from courses.views.access import widest_role
from courses.views.runs import shown_runs, shown_trainees, trainee_rows, watched_run
from lms.core.display import phone_local
from lms.core.readers import SignedInRequest
from lms.core.text import slug
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
    rows = [_run_cells(run) for run in runs]
    return _given_out(request, Spreadsheet(_("Classes"), headings, rows), "lop-tap-huan", len(rows))


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
    return _given_out(request, Spreadsheet(_("Trainees"), headings, rows), name, len(rows))


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
    return _given_out(request, sheet, f"truoc-sau-{slug(run.code)}", len(rows))


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


def _given_out(
    request: SignedInRequest, sheet: Spreadsheet, name: str, rows: int
) -> HttpResponseBase:
    return hand_out(
        sheet=sheet,
        by=request.user,
        list_name=name,
        file_name=dated_name(name),
        file_format=file_format_of(request),
        filters=filters_of(request),
        rows=rows,
    )
