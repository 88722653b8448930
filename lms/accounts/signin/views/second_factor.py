"""A lost second factor, taken away by an administrator."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.signin.domain.second_factor import may_reset, reset_second_factor
from lms.scoped_admin.pages import ActionPage


class ResetFactorView(ActionPage):
    """Asks first; 404 for whoever may give codes but not take the second lock off."""

    row_name = "person"
    template_name = "accounts/reset_factor.html"
    page_title = _("Reset two-step log-in")
    request: Any

    def get_row(self) -> Any:
        person: Any = super().get_row()
        if not may_reset(person=person, by=self.request.user):
            raise Http404
        return person

    def perform(self) -> str | None:
        if reset_second_factor(person=self.row, by=self.request.user):
            return gettext("Two-step log-in has been removed.")
        return None
