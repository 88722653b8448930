"""What a signed sheet and the roll of a session say differently, and what was settled."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from attendance.domain.paper.comparing import PaperCount, paper_counts, paper_differences
from attendance.domain.wording import describe_when
from attendance.models import Session
from courses.models import CourseRun
from courses.permissions import may_manage
from lms.core.readers import SignedInRequest


@login_required
@require_safe
def session_differences(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show to those who run the class or watch over it where sheet and roll differ, or did."""
    runs = CourseRun.objects.watched_by(request.user)
    rows = Session.objects.filter(run__in=runs).select_related("run__unit")
    session = get_object_or_404(rows, pk=pk)
    found = paper_differences(session=session, reader=request.user)
    counts = paper_counts(sessions=[session], reader=request.user)
    context = {
        "session": session,
        "run": session.run,
        "when": describe_when(
            starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now()
        ),
        "count": counts.get(session.pk, PaperCount(0, 0)),
        "open": [one for one in found if one.is_open],
        "settled": [one for one in found if not one.is_open],
        "manages": may_manage(request.user, session.run),
        "papers": list(session.papers.in_use()),
    }
    return render(request, "attendance/paper_differences.html", context)
