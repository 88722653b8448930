"""What courses offer to the page of data quality: people whom a class has left behind."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.left_unfinished import left_unfinished
from courses.models import Enrolment
from courses.permissions import RUN_MANAGERS
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.quality import QualityAct, QualityLine, RowCheck


class LeftUnfinished(RowCheck):
    key = "left-unfinished"
    label = gettext_lazy("Class closed, not completed")
    explanation = gettext_lazy(
        "People of a closed class who have not completed it and are in no other class of the course. "
        "Reminding is of no use: plan a new class for them."
    )
    order = 80

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Enrolment]:
        return left_unfinished(reader=reader, today=localdate(at))

    def lines(
        self, subjects: Sequence[Enrolment], *, reader: User, at: datetime
    ) -> list[QualityLine]:
        return [
            QualityLine(
                label=one.user.full_name,
                code=one.user.staff_code,
                place=str(one.unit),
                note=_("%(class)s, over since %(day)s")
                % {"class": one.run.title, "day": vi_date(one.run.ends_on)},
                url=reverse("courses:transcript", args=(one.user_id,)),
            )
            for one in subjects
        ]

    def act(self, reader: User) -> QualityAct | None:
        if not reader.scope.has_role(*RUN_MANAGERS):
            return None
        return QualityAct(gettext_lazy("Plan a class"), reverse("runs:add"))


CHECKS = (LeftUnfinished(),)
