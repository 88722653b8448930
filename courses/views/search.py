"""Find lessons by their words, modules and courses by their titles."""

from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.domain.searching import LONGEST_QUERY, search_pages, show_found, words_of
from courses.domain.urls_for import page_address
from lms.core.readers import SignedInRequest

FOUND_ON_A_PAGE: Final = 10


@login_required
@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Show the pages with these words that the person may read, by course."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    words = words_of(query)
    context: dict[str, Any] = {"query": query, "is_too_short": bool(query) and not words}
    if words:
        found = Paginator(search_pages(user=request.user, query=query), FOUND_ON_A_PAGE)
        page = found.get_page(request.GET.get("page"))
        shown = show_found(page_ids=list(page), words=words)
        # The best page stays first, and so does its course.
        order = list(dict.fromkeys(one.course for one in shown))
        shown.sort(key=lambda one: order.index(one.course))
        context |= {
            "page": page,
            "courses": [
                (title, [(one, page_address(one.page.url_path)) for one in pages])
                for title, pages in groupby(shown, key=attrgetter("course"))
            ],
        }
    return render(request, "courses/search.html", context)
