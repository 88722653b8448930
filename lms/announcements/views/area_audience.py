"""Whom the platform itself can write to: the people of an area."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import Posting, User
from lms.announcements.extensions import Audience, Group
from lms.core.requests import read_number
from lms.geography.domain.areas import area_q
from lms.geography.models import AdministrativeUnit
from lms.notifications.permissions import SENDING_ROLES


class AreaAudience(Audience):
    """Everybody with a post in a unit, or below it, that the writer coordinates, on whichever map."""

    key = "announcements.area"
    params = ("unit",)

    def find(self, *, by: User, params: Mapping[str, str], remind: bool) -> Group | None:
        own = AdministrativeUnit.objects.filter(by.scope.units_q("", SENDING_ROLES))
        unit = own.filter(pk=read_number(params.get("unit", ""))).first()
        if unit is None:
            return None
        posts = Posting.objects.on(timezone.localdate()).filter(
            area_q(unit=unit, unit_field="unit")
        )
        people = User.objects.visible_to(by).filter(pk__in=posts.values("user"))
        return Group(
            label=str(unit),
            people=people,
            back=reverse("announcements:areas"),
            back_label=_("Write to an area"),
            unit=unit,
        )
