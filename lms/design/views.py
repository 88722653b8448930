"""Pages about the design: every component in its states, and what is known of accessibility."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.core.caching import public_page
from lms.design.styleguide import styleguide_context


@require_safe
@public_page(seconds=60)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what was checked, what is known not to work, whom to tell."""
    return render(request, "lms/accessibility.html")


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show all components in each state, for those who build pages."""
    if not request.user.is_staff:
        raise PermissionDenied
    return render(request, "lms/styleguide.html", styleguide_context())
