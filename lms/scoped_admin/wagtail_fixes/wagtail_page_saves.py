"""Pages that several requests save at the same moment: Wagtail 8.0 reads one, looks at the form, and writes it whole.

The form of a page saves itself while one types. Whoever published meanwhile had the page taken back at once:
the automatic save had read it before, as one that nobody sees. A new page was one more time made by whoever
published before the answer to the first automatic save had come, or had lost that answer on the way: they were
told that its address is taken, by the draft which their own form had saved.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from itertools import count, takewhile
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from django import forms
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Comment, Page

from lms.core.databases import lock_rows

#: The field by which the form of a new page is known again. The page keeps it as its `translation_key`, which
#: nothing else needs while there is one language of pages, and which the database holds unique.
CREATION_KEY = "creation_key"
#: What a comment says, and of what.
_OF_COMMENT: Final = ("contentpath", "position", "text")

_edit = EditView.dispatch
_create = CreateView.post


def edit_in_turn(
    view: EditView, request: HttpRequest, page_id: int, **more: Any
) -> HttpResponseBase:
    """Let one request at a time change a page: the next one reads what the last has left."""
    if request.method != "POST":
        shown: HttpResponseBase = _edit(view, request, page_id, **more)
        return shown
    with transaction.atomic():
        lock_rows(Page.objects.all(), pks=[page_id])
        saved: HttpResponseBase = _edit(view, request, page_id, **more)
        return saved


def start_with_key(start: Callable[..., None]) -> Callable[..., None]:
    """Return what starts a form so that the form of a new page has its key."""

    def start_form(form: Any, *args: Any, **kwargs: Any) -> None:
        start(form, *args, **kwargs)
        if form.instance.pk is None:
            form.fields[CREATION_KEY] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=uuid4
            )

    return start_form


def create_once(view: CreateView, request: HttpRequest) -> HttpResponseBase:
    """Make the page that the form asks for; one that the same form has made already is changed."""
    with transaction.atomic():
        # One new page at a time below the same parent.
        lock_rows(Page.objects.all(), pks=[view.parent_page.pk], no_key=False)
        key = _key_of(request)
        keys = [key, _pressed(key)] if key else []
        made = Page.objects.filter(translation_key__in=keys).first()
        if key and made and made.owner == request.user:
            return _change(view, request, made, key)
        if key and not made:
            view.page.translation_key = key if view.expects_json_response else _pressed(key)
        created: HttpResponseBase = _create(view, request)
        return created


def _key_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(CREATION_KEY, ""))
    except ValueError:
        return None


def _pressed(key: UUID) -> UUID:
    """Return what a page keeps in the place of the key once somebody has pressed a button of its form."""
    return uuid5(key, "pressed")


def _change(view: CreateView, request: HttpRequest, page: Page, key: UUID) -> HttpResponseBase:
    """Save the form of a new page once more; by itself it does not go over what a person has decided since,
    nor over what somebody else has written.
    """
    known = _known_comments(request, page)
    if known:
        sent = request.POST.copy()
        for name, value in known.items():
            sent[name] = value
        request.POST = sent  # type: ignore[assignment]
    if not view.expects_json_response:
        Page.objects.filter(pk=page.pk).update(translation_key=_pressed(key))
        return EditView.as_view()(request, page.pk)
    if _is_late(page, request, key):
        late: HttpResponseBase = view.json_error_response(
            "invalid_revision", _("This page has been saved since.")
        )
        return late
    answer = EditView.as_view()(request, page.pk)
    said = json.loads(answer.content)
    if not said["success"]:
        return answer
    # As after the first save: from now on the form is that of the page.
    view.page = page
    address = view.get_edit_url()
    hydrated = {"url": address, "hydrate_url": f"{address}?_w_hydrate_create_view=1"}
    told = {"field_updates": known | said["field_updates"]}
    return JsonResponse(said | hydrated | told)


def _is_late(page: Page, request: HttpRequest, key: UUID) -> bool:
    """Return whether a person has decided what the page is, or somebody else has written in it."""
    latest = page.latest_revision
    return bool(
        page.translation_key != key
        or page.live
        or page.scheduled_revision
        or page.workflow_in_progress
        or (latest is not None and latest.user_id != request.user.pk)
    )


def _known_comments(request: HttpRequest, page: Page) -> dict[str, str]:
    """Return the fields by which the form knows again the comments that it has saved with the page; without
    them each would be made once more.
    """
    saved: dict[tuple[str, ...], list[str]] = defaultdict(list)
    comments = Comment.objects.filter(page=page, user=request.user).order_by("pk")
    for pk, *said in comments.values_list("pk", *_OF_COMMENT):
        saved[tuple(said)].append(str(pk))
    ids: dict[str, str] = {}
    for number in takewhile(lambda one: f"comments-{one}-text" in request.POST, count()):
        field = f"comments-{number}"
        said = [request.POST.get(f"{field}-{name}", "") for name in _OF_COMMENT]
        same = saved[tuple(said)]
        ids[f"{field}-id"] = same.pop(0) if same else ""
    return ids | {"comments-INITIAL_FORMS": str(len(ids))} if any(ids.values()) else {}


def save_pages_in_turn() -> None:
    EditView.dispatch = edit_in_turn
    CreateView.post = create_once
    WagtailAdminPageForm.__init__ = start_with_key(WagtailAdminPageForm.__init__)
