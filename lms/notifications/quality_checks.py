"""What reminders offer to the page of data quality: numbers that are dead, mails that bounce."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.models import User
from lms.accounts.register.domain.incomplete_records import posts_in_use
from lms.accounts.register.quality_checks import changeable, line_of
from lms.core.display import phone_local, vi_date
from lms.core.quality import QualityLine, RowCheck
from lms.geography.models import AdministrativeUnit
from lms.notifications.enums import Channel
from lms.notifications.labels import way_label
from lms.notifications.models import DeadAddress


class DeadAddresses(RowCheck):
    key = "dead-addresses"
    label = gettext_lazy("Numbers and addresses that do not work")
    explanation = gettext_lazy(
        "A message came back for good, or a call reached somebody else. Ask for the right number or "
        "address and enter it; where there is none, open the person and choose to call instead."
    )
    order = 25
    path_field = "unit_path"

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Any]:
        posts = posts_in_use(reader=reader, on=localdate(at)).filter(user=OuterRef("user"))
        found = DeadAddress.objects.current().filter(call_instead=False)
        return (
            found.annotate(
                unit_path=Subquery(posts.order_by().values("unit__path")[:1]),
                post_unit=Subquery(posts.order_by().values("unit")[:1]),
            )
            .filter(unit_path__isnull=False)
            .select_related("user")
            .order_by(F("user__sort_key"), "user", "way")
        )

    def lines(self, subjects: Sequence[Any], *, reader: User, at: datetime) -> list[QualityLine]:
        units = AdministrativeUnit.objects.in_bulk({one.post_unit for one in subjects})
        mine = changeable([one.user_id for one in subjects], reader=reader)
        return [
            QualityLine(
                label=line.label,
                code=line.code,
                place=line.place,
                note=line.note,
                url=reverse("notices:timeline", args=(one.user_id,)),
                mend_url=line.mend_url,
            )
            for one in subjects
            for line in (line_of(one.user, units[one.post_unit], note=_note(one), mended_by=mine),)
        ]


def _note(dead: DeadAddress) -> str:
    """Return which address, since when, how often it was tried, and what the provider said."""
    is_mail = dead.way == Channel.EMAIL
    told = {
        "way": way_label(dead.way),
        "address": dead.address if is_mail else phone_local(dead.address),
        "since": vi_date(dead.since),
        "times": dead.times,
    }
    said = _("%(way)s: %(address)s, since %(since)s, tried %(times)d times") % told
    return f"{said}: {dead.reason}" if dead.reason else said


CHECKS = (DeadAddresses(),)
