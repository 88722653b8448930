"""Forms that a browser sends cut or spoiled: Wagtail 8.0 reads what it expects and falls over the rest."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.admin.forms.choosers import URLOrAbsolutePathField
from wagtail.admin.views.generic.chooser import CreateViewMixin
from wagtail.blocks import ListBlock
from wagtail.blocks.stream_block import BaseStreamBlock
from wagtail.contrib.redirects.forms import ConfirmImportManagementForm

_read_url = URLOrAbsolutePathField.to_python
_create_chosen = CreateViewMixin.dispatch
_clean_import = ConfirmImportManagementForm.clean


def read_whole(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return the reader of a list of blocks that answers 400 where how many there are, or their
    kind or order, is missing or no number.
    """

    def read_or_refuse(block: Any, data: Any, files: Any, prefix: str) -> Any:
        try:
            return read(block, data, files, prefix)
        except (MultiValueDictKeyError, ValueError) as error:
            raise SuspiciousOperation(f"{prefix} cannot be read: {error}") from error

    return read_or_refuse


def read_url(field: URLOrAbsolutePathField, value: str | None) -> Any:
    """Return the address that was typed; a field that was not sent is an empty one."""
    return _read_url(field, value or "")


def create_chosen(view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Refuse to make a row in a chooser that shows no form for it."""
    if view.get_creation_form_class() is None:
        raise PermissionDenied
    response: HttpResponseBase = _create_chosen(view, request, *args, **kwargs)
    return response


def clean_import(form: ConfirmImportManagementForm) -> Any:
    """Check the signatures of what was sent, where all of it was."""
    return form.cleaned_data if form.errors else _clean_import(form)


def doubt_forms() -> None:
    BaseStreamBlock.value_from_datadict = read_whole(BaseStreamBlock.value_from_datadict)
    ListBlock.value_from_datadict = read_whole(ListBlock.value_from_datadict)
    URLOrAbsolutePathField.to_python = read_url
    CreateViewMixin.dispatch = create_chosen
    ConfirmImportManagementForm.clean = clean_import
