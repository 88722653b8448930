"""Documents and pictures of lessons, as files."""

from http import HTTPStatus
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail import hooks

from courses.models import CourseDocument
from lms.core.handover import StoredFile, hand_over

# Seconds.
DAY = 86_400
MONTH = 30 * DAY


# Asked for anew each time, with its ETag: who may no longer read it gets nothing, and nobody on a
# weak network loads ten megabytes twice.
@cache_control(private=True, no_cache=True)
@require_safe
def document(request: HttpRequest, document_id: str, file_name: str) -> HttpResponseBase:
    """Hand over a document, a recording or a video, in the place of Wagtail's view: that one
    knows no parts, and a phone that plays a video asks for them.
    """
    found = get_object_or_404(CourseDocument, pk=document_id)
    if found.filename != file_name:
        raise Http404
    for refuse in hooks.get_hooks("before_serve_document"):
        refusal = refuse(found, request)
        if isinstance(refusal, HttpResponseBase):
            return refusal
    return hand_over(
        request,
        found.file,
        file_name=file_name,
        as_attachment=found.content_disposition != "inline",
        etag=found.file_hash,
    )


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand over a picture of a lesson to everybody, and nothing that lies beside the pictures:
    documents of lessons are in the same storage.
    """
    if ".." in PurePosixPath(path).parts:
        raise Http404
    file = StoredFile(default_storage, f"images/{path}")
    response = hand_over(request, file, as_attachment=False, seconds=2 * DAY)
    # A picture that is changed gets another address; one of a bucket works for two days.
    is_elsewhere = response.status_code == HTTPStatus.FOUND
    patch_cache_control(response, public=True, max_age=DAY if is_elsewhere else MONTH)
    return response
