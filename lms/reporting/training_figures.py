"""What people knew before the training and after it, among the figures of training."""

from collections import Counter
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain.gains import gains_by_unit
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
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> dict[int, int]:
        return {unit: len(gains) for unit, gains in gains_by_unit(enrolments=enrolments).items()}


class PointsGained(TrainingFigure):
    key = "gain"
    label: str | Promise = _("Gain in points")
    definition: str | Promise = _(
        "Percent points that the first try after the training is above the one before it, on average "
        "of these places."
    )
    per = PeopleCompared.key

    def count(
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> dict[int, int]:
        points: Counter[int] = Counter()
        for unit, gains in gains_by_unit(enrolments=enrolments).items():
            points[unit] += sum(gain.points for gain in gains)
        return dict(points)


FIGURES = (PeopleCompared(), PointsGained())
