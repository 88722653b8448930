"""Pictures on which rows stand that Wagtail's index of usage does not know.

What is written in bulk is not in the index, so Wagtail offers to delete the picture and falls over
the database's refusal.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.images.views.bulk_actions.delete import DeleteBulkAction as DeletePictures
from wagtail.images.views.images import DeleteView as DeletePicture

Deletes = Callable[[Any, Any], Any]


def _saying_why_not(form_valid: Deletes) -> Deletes:
    @wraps(form_valid)
    def delete_or_say_why_not(view: Any, form: Any) -> Any:
        try:
            with transaction.atomic():
                return form_valid(view, form)
        except ProtectedError:
            messages.error(
                view.request,
                _("Nothing has been deleted: a question that people were asked shows the picture."),
            )
            return redirect(getattr(view, "next_url", None) or view.get_success_url())

    return delete_or_say_why_not


def keep_pictures_that_were_shown() -> None:
    for view in (DeletePicture, DeletePictures):
        view.form_valid = _saying_why_not(view.form_valid)
