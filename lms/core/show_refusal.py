"""How a page says no in the words of a rule: on its form, or as a message.

The way on stands inside the block and ends it; what follows the block is the page of the refusal:

    if form.is_valid():
        with RefusalOnForm(form):
            record_consent(…)
            return redirect(…)
    return self.form_invalid(form)
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from lms.core.refusal import CatchRefusal, Refusal

_NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})


class RefusalOnForm(CatchRefusal):
    """Put a refusal beside the field that it is about, or above the form.

    `fields` names the field by the code where the form calls it otherwise than the rule does;
    `field` is the one for every other refusal that names none of this form.
    """

    def __init__(
        # A form, or the mixin of one.
        self,
        form: Any,
        field: str | None = None,
        *,
        fields: Mapping[str, str] = _NO_FIELDS,
    ) -> None:
        self.form = form
        self.field = field
        self.fields = fields

    def show(self, refusal: Refusal) -> None:
        named = self.fields.get(refusal.code, refusal.field)
        self.form.add_error(
            named if named in self.form.fields else self.field,
            ValidationError(refusal.message, code=refusal.code),
        )


class RefusalAsMessage(CatchRefusal):
    """Tell a refusal as a message on the next page."""

    def __init__(self, request: HttpRequest, level: int = messages.ERROR) -> None:
        self.request = request
        self.level = level

    def show(self, refusal: Refusal) -> None:
        messages.add_message(self.request, self.level, refusal.message)
