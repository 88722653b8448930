"""What people knew before the training and after it, among the figures of training."""

from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain.gains import gains_by, with_gain
from courses.models import Enrolment
from lms.reporting.extensions import TrainingFigure


class PeopleCompared(TrainingFigure):
    key = "compared"
    label: str | Promise = _("Tests before and after")
    definition: str | Promise = _(
        "Places in classes of which both first tries are handed in: the test before the training and "
        "the one after it; whatever the period."
    )

    def count(
        self,
        enrolments: QuerySet[Enrolment],
        *,
        first: date | None,
        last: date | None,
        by: str = "unit",
    ) -> dict[int, int]:
        return {key: len(gains) for key, gains in gains_by(by, enrolments=enrolments).items()}

    def find(
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> QuerySet[Enrolment]:
        return with_gain(enrolments)


class PointsGained(TrainingFigure):
    key = "gain"
    label: str | Promise = _("Gain in points")
    definition: str | Promise = _(
        "Percent points that the first try after the training is above the one before it, on average "
        "of these places."
    )
    per = PeopleCompared.key

    def count(
        self,
        enrolments: QuerySet[Enrolment],
        *,
        first: date | None,
        last: date | None,
        by: str = "unit",
    ) -> dict[int, int]:
        found = gains_by(by, enrolments=enrolments)
        return {key: sum(gain.points for gain in gains) for key, gains in found.items()}

    def find(
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> QuerySet[Enrolment]:
        return with_gain(enrolments)


FIGURES = (PeopleCompared(), PointsGained())
