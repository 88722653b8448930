"""Numbers of rows that a browser sends, read with doubt.

Django's fields refuse what is the number of no row. Wagtail fell over it before or after: when it
showed the chooser again, when it put the rows inside a form together, when it copied a page.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from modelcluster.forms import BaseTransientModelFormSet
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import ChooserBlock
from wagtail.models import Page

from lms.core.requests import read_number

_get_instance = BaseChooser.get_instance
_read_block = ChooserBlock.value_from_form
_copy_page = CopyView.post
_reader_of = BaseTransientModelFormSet._get_to_python  # noqa: SLF001 (no other way in)


def find_chosen(chooser: BaseChooser, value: Any) -> Any:
    """Return the row of a chooser, None where the text names none; `value` as Wagtail has it."""
    return None if _is_no_number(value) else _get_instance(chooser, value)


def read_block(block: ChooserBlock, value: Any) -> Any:
    """Return the row of a block of a page, None where the text names none."""
    return _read_block(block, None if _is_no_number(value) else value)


def _is_no_number(value: Any) -> bool:
    return isinstance(value, str) and read_number(value) is None


def copy_page(view: CopyView, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any) -> Any:
    """Copy a page as Wagtail does, with the form's error where the place is no page."""
    place = read_number(request.POST.get("new_parent_page", ""))
    if place is None or not Page.objects.filter(pk=place).exists():
        return view.form_invalid(view.get_form())
    return _copy_page(view, request, page_id, *args, **kwargs)


def reader_of_rows(formset: BaseTransientModelFormSet, field: Any) -> Callable[[Any], Any]:
    """Return what reads the number of a row inside a form: a row that is none is a new one, and
    its form says that it is no valid choice.
    """
    read = _reader_of(formset, field)

    def read_or_none(value: Any) -> Any:
        try:
            return read(value)
        except ValidationError:
            return None

    return read_or_none


def doubt_row_numbers() -> None:
    BaseChooser.get_instance = find_chosen
    ChooserBlock.value_from_form = read_block
    BaseTransientModelFormSet._get_to_python = reader_of_rows  # noqa: SLF001 (likewise)
    CopyView.post = copy_page
