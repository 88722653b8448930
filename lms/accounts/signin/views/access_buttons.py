"""What an officer may do about the log-in of a person, beside the other actions of the record."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button

from lms.accounts.signin.domain.second_factor import has_second_factor, may_reset


class AccessButtonsMixin:
    """Offers a consent and a new log-in code beside the other actions, to those who may."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons  # type: ignore[misc]
        if not self.user_has_permission_for_instance("change", self.object):  # type: ignore[attr-defined]
            return buttons
        person = self.object  # type: ignore[attr-defined]
        url = reverse("wagtailusers_users:consent_add", args=(person.pk,))
        label = _("Record a consent")
        buttons = [*buttons, Button(label, url=url, icon_name="clipboard-list", priority=60)]
        if person.is_minimal:
            return buttons
        url = reverse("wagtailusers_users:code", args=(person.pk,))
        buttons = [*buttons, Button(_("Give a log-in code"), url=url, icon_name="key", priority=40)]
        return [*buttons, *self._factor_buttons()]

    def _factor_buttons(self) -> list[Button]:
        person, reader = self.object, self.request.user  # type: ignore[attr-defined]
        if not has_second_factor(user=person) or not may_reset(person=person, by=reader):
            return []
        url = reverse("wagtailusers_users:second_factor", args=(person.pk,))
        label = _("Reset two-step log-in")
        return [Button(label, url=url, icon_name="lock-open", priority=50)]
