"""What reports offer to the page of data quality: people whom a class has left behind."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Enrolment
from courses.permissions import RUN_MANAGERS
from lms.accounts.models import User
from lms.core.display import vi_date, vi_number
from lms.core.quality import QualityAct, QualityLine, RowCheck
from lms.reporting.domain.left_unfinished import classes_left, left_unfinished
from lms.reporting.enums import PersonState


class LeftUnfinished(RowCheck):
    """As many as the completion report counts in this state, by the same rule."""

    key = "left-unfinished"
    label = PersonState.NOT_COMPLETED.label
    explanation = gettext_lazy(
        "As many people as the completion report counts so, of each programme: their class is over, "
        "and they are in no other. Reminding is of no use: plan a new class for them."
    )
    order = 80

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Enrolment]:
        return left_unfinished(reader=reader, on=localdate(at))

    def lines(
        self, subjects: Sequence[Enrolment], *, reader: User, at: datetime
    ) -> list[QualityLine]:
        people = [one.user_id for one in subjects]
        left = classes_left(users=people, on=localdate(at), reader=reader)
        return [
            QualityLine(
                label=one.user.full_name,
                code=one.user.staff_code,
                place=str(one.unit),
                note=_classes(left.get((one.user_id, one.run.programme_id), ())),
                url=reverse("courses:transcript", args=(one.user_id,)),
            )
            for one in subjects
        ]

    def sums(self, reader: User, *, at: datetime) -> list[QualityAct]:
        programmes = self.rows(reader, at=at).order_by()
        counted = programmes.values_list("run__programme", "run__programme__name").annotate(
            people=Count("pk")
        )
        names, state = reverse("reporting:all_people"), PersonState.NOT_COMPLETED.value
        return [
            QualityAct(f"{name}: {vi_number(count)}", f"{names}?programme={pk}&state={state}")
            for pk, name, count in counted.order_by("-people", "run__programme")
        ]

    def act(self, reader: User) -> QualityAct | None:
        if not reader.scope.has_role(*RUN_MANAGERS):
            return None
        return QualityAct(gettext_lazy("Plan a class"), reverse("runs:add"))


def _classes(enrolments: Sequence[Enrolment]) -> str:
    """Return the classes of one person, and since when each is over."""
    told = _("%(class)s, over since %(day)s")
    return "; ".join(
        told % {"class": one.run.title, "day": vi_date(one.run.ends_on)} for one in enrolments
    )


CHECKS = (LeftUnfinished(),)
