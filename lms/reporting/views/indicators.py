"""The definitions of the figures, each with an address of its own."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.core.readers import SignedInRequest
from lms.reporting.columns import defined_figures
from lms.reporting.extensions import training_figures


@login_required
@require_safe
def indicators(request: SignedInRequest) -> HttpResponse:
    """Show what each figure of the report means."""
    if not request.user.scope.oversees:
        raise Http404
    figures = (*defined_figures(), *training_figures)
    return render(request, "reporting/indicators.html", {"indicators": figures})
