"""What boundary changes offer to the page of data quality: posts that wait for a decision."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from lms.accounts.boundary_changes.domain.split_units import unallocated_posts, waiting_posts
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import Posting, User
from lms.core.quality import QualityAct, QualityLine, RowCheck
from lms.geography.domain.using import edition_in_use


class NotAllocated(RowCheck):
    key = "not-allocated"
    label = _("Not allocated after a boundary change")
    explanation = _(
        "Posts in units that were divided: on the new map these people stand nowhere until "
        "somebody says in which unit they continue."
    )
    order = 70

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Posting]:
        edition = edition_in_use(on=localdate(at))
        if edition is None:
            return Posting.objects.none()
        return unallocated_posts(edition=edition, reader=reader).select_related("user", "unit")

    def lines(
        self, subjects: Sequence[Posting], *, reader: User, at: datetime
    ) -> list[QualityLine]:
        edition = edition_in_use(on=localdate(at))
        mine: set[int] = set()
        if edition is not None:
            waiting = waiting_posts(edition=edition, reader=reader).order_by()
            mine = set(
                waiting.filter(pk__in=[post.pk for post in subjects]).values_list("pk", flat=True)
            )
        return [
            QualityLine(
                label=post.user.full_name,
                code=post.user.staff_code,
                place=str(post.unit),
                note=post.get_cadre_display(),
                url=reverse("wagtailusers_users:inspect", args=(post.user_id,)),
                mend_url=reverse("editions:waiting_unit", args=(post.unit_id,))
                if post.pk in mine
                else "",
            )
            for post in subjects
        ]

    def act(self, reader: User) -> QualityAct | None:
        if not reader.scope.has_role(*MANAGING_ROLES):
            return None
        return QualityAct(_("Decide on posts"), reverse("editions:waiting"))


CHECKS = (NotAllocated(),)
