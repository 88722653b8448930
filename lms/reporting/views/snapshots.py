"""Frozen reports: the list, making one, its paper, approval, withdrawal, files, differences."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.models import User
from lms.core.display import vi_date, vi_number
from lms.core.handover import hand_over
from lms.core.readers import SignedInRequest
from lms.core.refusal import Refusal
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm
from lms.core.text import slug
from lms.reporting.domain.small_numbers import SMALLEST_SHOWN
from lms.reporting.domain.snapshot_differences import differences_of
from lms.reporting.domain.snapshot_files import (
    names_sheet,
    render_pdf,
    stored_file,
    stored_kinds,
)
from lms.reporting.domain.snapshot_hiding import little_moves
from lms.reporting.domain.snapshot_paper import cells_of, headings
from lms.reporting.domain.snapshot_sums import COLUMNS
from lms.reporting.domain.snapshots import (
    approve_snapshot,
    check_approval,
    draft_snapshot,
    units_to_report,
    withdraw_snapshot,
)
from lms.reporting.enums import (
    APPROVING_ROLES,
    PREPARING_ROLES,
    PersonState,
    SnapshotFileKind,
    SnapshotState,
)
from lms.reporting.forms import SnapshotForm, WithdrawalForm
from lms.reporting.models import ReportSnapshot
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import hand_out, log_export
from lms.spreadsheets.tables import FileFormat

REPORTS_PER_PAGE = 25
_TONES = {
    SnapshotState.DRAFT: ("warning", "clock"),
    SnapshotState.APPROVED: ("success", "check"),
    SnapshotState.REPLACED: ("neutral", "info"),
    SnapshotState.WITHDRAWN: ("danger", "warning"),
}


@login_required
@require_safe
def snapshot_list(request: SignedInRequest) -> HttpResponse:
    """Show the reports of the reader's area, the latest period first."""
    _require_oversight(request.user)
    labels = [pgettext("document", "Report"), _("Unit"), _("Number"), _("State"), _("Approved on")]
    found = ReportSnapshot.objects.visible_to(request.user).select_related("unit")
    # Each brings all its figures along: ten years of them do not fit into a page.
    page = Paginator(found, REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "label": one.facts["title"],
            "url": reverse("reporting:snapshot", args=[one.pk]),
            "cells": [
                {"label": label, **cell}
                for label, cell in zip(
                    labels[1:],
                    (
                        {"text": str(one.unit)},
                        {"text": one.serial},
                        _badge(one),
                        {"text": vi_date(one.approved_at) if one.approved_at else ""},
                    ),
                    strict=True,
                )
            ],
        }
        for one in page
    ]
    may_make = units_to_report(by=request.user).exists()
    context = {
        "rows": rows,
        "page": page,
        "columns": [{"label": label} for label in labels],
        "make_url": reverse("reporting:snapshot_make") if may_make else "",
        "waiting": ReportSnapshot.objects.waiting_for(request.user).select_related("unit"),
    }
    return render(request, "reporting/snapshots.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def snapshot_make(request: SignedInRequest) -> HttpResponse:
    """Freeze the figures of a period as a draft, which is the preview."""
    units = units_to_report(by=request.user)
    if not units.exists():
        raise Http404
    form = SnapshotForm(request.POST or None, by=request.user, units=units)
    if form.is_valid():
        with RefusalOnForm(form):
            made = draft_snapshot(**form.asked, by=request.user, at=timezone.now())
            messages.success(request, _("The draft is made. Nothing has a number yet."))
            return redirect("reporting:snapshot", pk=made.pk)
    return render(request, "reporting/snapshot_make.html", {"form": form})


@login_required
@require_safe
def snapshot_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a report as it was frozen, with what may be done with it."""
    snapshot = _find(request, pk)
    return _shown(request, snapshot, WithdrawalForm())


@login_required
@require_POST
def snapshot_approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve a draft: it gets its number, and its files are stored."""
    snapshot = _find(request, pk)
    with RefusalAsMessage(request):
        approved = approve_snapshot(snapshot=snapshot, by=request.user, at=timezone.now())
        for kind in stored_kinds():
            stored_file(snapshot=approved, kind=kind)
        messages.success(
            request, _("The report is approved: number %(serial)s.") % {"serial": approved.serial}
        )
    return redirect("reporting:snapshot", pk=pk)


@login_required
@require_POST
def snapshot_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraw a report, with the reason."""
    snapshot = _find(request, pk)
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        with RefusalOnForm(form, field="reason"):
            withdraw_snapshot(
                snapshot=snapshot,
                by=request.user,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                seen=request.POST.get("seen", ""),
            )
            messages.success(request, _("The report is withdrawn. It stays on file."))
            return redirect("reporting:snapshot", pk=pk)
    return _shown(request, snapshot, form)


@login_required
@require_safe
def snapshot_file(request: SignedInRequest, pk: int, kind: str) -> HttpResponseBase:
    """Send a stored file, the same bytes each time, or the names; who took it is logged."""
    snapshot = _find(request, pk)
    if kind not in SnapshotFileKind:
        raise Http404
    chosen = SnapshotFileKind(kind)
    if chosen == SnapshotFileKind.NAMES:
        return _names(request, snapshot)
    try:
        stored = stored_file(snapshot=snapshot, kind=chosen)
    except Refusal as refusal:
        raise Http404 from refusal
    log_export(
        by=request.user,
        list_name="bao-cao",
        file_format=chosen.value,
        about=_about(snapshot, snapshot.serial),
        rows=len(snapshot.facts["rows"]),
        title=str(snapshot),
    )
    name = f"{_file_name(snapshot)}.{chosen.value}"
    return hand_over(request, stored.file, as_attachment=True, file_name=name, etag=stored.sha256)


def _names(request: SignedInRequest, snapshot: ReportSnapshot) -> HttpResponseBase:
    """Send the people behind the figures, named as the register names them today."""
    if not snapshot.has_number:
        raise Http404
    return hand_out(
        sheet=names_sheet(snapshot=snapshot),
        by=request.user,
        list_name="bao-cao",
        file_name=_file_name(snapshot),
        file_format=FileFormat.XLSX,
        about=_about(snapshot, snapshot.serial),
        rows=snapshot.people.count(),
    )


def _about(snapshot: ReportSnapshot, named: str) -> About:
    return About(filters={"report": named}, area=str(snapshot.unit))


def _file_name(snapshot: ReportSnapshot) -> str:
    return f"bao-cao-{slug(snapshot.serial)}-{snapshot.approved_at:%Y}"


@login_required
@require_safe
def snapshot_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the paper of a draft, marked as such; nothing is stored."""
    snapshot = _find(request, pk)
    if not snapshot.is_draft:
        raise Http404
    log_export(
        by=request.user,
        list_name="bao-cao-du-thao",
        file_format="pdf",
        about=_about(snapshot, str(snapshot.pk)),
        rows=len(snapshot.facts["rows"]),
        title=str(snapshot),
    )
    headers = {"Content-Disposition": 'inline; filename="du-thao.pdf"'}
    pdf = render_pdf(snapshot=snapshot)
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _trail_to(snapshot: ReportSnapshot) -> list[dict[str, str]]:
    # The title of a draft fills half a phone, and stands below as well.
    name = snapshot.serial or snapshot.get_state_display()
    return [
        {"label": _("Frozen reports"), "url": reverse("reporting:snapshots")},
        {"label": name, "url": reverse("reporting:snapshot", args=[snapshot.pk])},
    ]


@login_required
@require_safe
def snapshot_differences(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what the same day would say now, beside what was frozen."""
    snapshot = _find(request, pk)
    found = differences_of(snapshot=snapshot, reader=request.user)
    cell_labels = [_("Place"), _("Figure"), _("In the report"), _("Now")]
    people_labels = [_("Full name"), _("In the report"), _("Now")]
    context = {
        "snapshot": snapshot,
        "trail": _trail_to(snapshot),
        "cell_columns": [{"label": label} for label in cell_labels],
        "cells": [
            _line(
                cell_labels,
                one.place,
                (_column_label(one.column), vi_number(one.frozen), vi_number(one.now)),
            )
            for one in found.cells
        ],
        "people_columns": [{"label": label} for label in people_labels],
        "people": [
            _line(
                people_labels,
                str(one.user),
                (one.frozen or _("not counted"), one.now or _("not counted")),
            )
            for one in found.people
        ],
    }
    return render(request, "reporting/snapshot_differences.html", context)


def _require_oversight(user: User) -> None:
    if not user.scope.oversees:
        raise Http404


def _find(request: SignedInRequest, pk: int) -> ReportSnapshot:
    _require_oversight(request.user)
    rows = ReportSnapshot.objects.visible_to(request.user)
    related = ("unit__edition", "edition", "programme", "prepared_by", "approved_by", "replaces")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _badge(snapshot: ReportSnapshot) -> dict[str, Any]:
    tone, icon = _TONES[SnapshotState(snapshot.state)]
    return {"badge": snapshot.get_state_display(), "tone": tone, "icon": icon}


def _column_label(column: str) -> str:
    return _("People to train") if column == COLUMNS[0] else str(PersonState(column).label)


def _line(
    labels: list[str], label: str, texts: tuple[str, ...], *, num: bool = False
) -> dict[str, Any]:
    cells = [
        {"label": head, "text": text, "num": num}
        for head, text in zip(labels[1:], texts, strict=True)
    ]
    return {"label": label, "cells": cells}


def _shown(
    request: SignedInRequest, snapshot: ReportSnapshot, form: WithdrawalForm
) -> HttpResponse:
    scope = request.user.scope
    # Inside the office nothing is hidden: whoever reads this page may see the names.
    facts = {**snapshot.facts, "hidden": []}
    refusal = _why_not(snapshot, request.user)
    roles = PREPARING_ROLES if snapshot.is_draft else APPROVING_ROLES
    labels = [_("Place"), *headings()]
    figures = [("rows", one, one["label"]) for one in facts["rows"]]
    figures.append(("total", facts["total"], _("Total")))
    context = {
        "snapshot": snapshot,
        "badge": _badge(snapshot),
        "facts": _facts(snapshot),
        "columns": [{"label": label, "num": number > 0} for number, label in enumerate(labels)],
        "rows": [
            _line(labels, label, tuple(cells_of(facts, name, row)), num=True)
            for name, row, label in figures
        ],
        "may_approve": snapshot.is_draft and refusal is None,
        "why_not": refusal.message if snapshot.is_draft and refusal else "",
        "moved_little": _moved_little(snapshot) if snapshot.is_draft else "",
        "may_withdraw": (snapshot.is_draft or snapshot.is_approved)
        and scope.covers(snapshot.unit.path, roles),
        "form": form,
        "files": _files(snapshot),
        "preview_url": reverse("reporting:snapshot_preview", args=[snapshot.pk])
        if snapshot.is_draft
        else "",
    }
    return render(request, "reporting/snapshot.html", context)


def _moved_little(snapshot: ReportSnapshot) -> str:
    """Return what two evenings tell of few people together, for whoever approves; "" for nothing."""
    found = little_moves(snapshot=snapshot)
    if found is None:
        return ""
    earlier, few = found
    sentence = ngettext(
        "%(count)s figure has moved by fewer than %(smallest)s people since %(report)s: whoever holds both "
        "reports can work that out. A report of a longer period tells less.",
        "%(count)s figures have moved by fewer than %(smallest)s people since %(report)s: whoever holds both "
        "reports can work that out. A report of a longer period tells less.",
        few,
    )
    return sentence % {
        "count": vi_number(few),
        "smallest": SMALLEST_SHOWN,
        "report": earlier.serial,
    }


def _why_not(snapshot: ReportSnapshot, user: User) -> Refusal | None:
    try:
        check_approval(snapshot=snapshot, by=user)
    except Refusal as refusal:
        return refusal
    return None


def _facts(snapshot: ReportSnapshot) -> list[dict[str, str]]:
    facts = [
        (_("Period"), f"{vi_date(snapshot.starts_on)} – {vi_date(snapshot.ends_on)}"),
        (_("Map"), snapshot.facts["edition"]["title"]),
        (_("Number"), snapshot.serial),
        (_("Prepared by"), f"{snapshot.prepared_by}, {vi_date(snapshot.prepared_at, 'time')}"),
    ]
    if snapshot.approved_by:
        told = f"{snapshot.approved_by}, {vi_date(snapshot.approved_at, 'time')}"
        facts.append((_("Approved by"), told))
    if snapshot.reason:
        facts.append((_("Reason of the withdrawal"), snapshot.reason))
    if snapshot.replaces:
        facts.append((_("Replaces"), str(snapshot.replaces)))
    if snapshot.state == SnapshotState.REPLACED:
        later = snapshot.replaced_by.exclude(number=None).first()
        facts.append((_("Replaced by"), str(later or "")))
    return [{"label": label, "value": value} for label, value in facts if value]


def _files(snapshot: ReportSnapshot) -> list[dict[str, str]]:
    if not snapshot.has_number:
        return []
    return [
        {
            "label": str(kind.label),
            "url": reverse("reporting:snapshot_file", args=[snapshot.pk, kind.value]),
        }
        for kind in SnapshotFileKind
    ]
