"""What people knew before the training and what they know after it: a pair of quizzes compared.

Compared are the first tries, in percent; why is told in decision 0032.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext as _

from courses.enums import QuizPurpose
from courses.models import CourseRun, EditionQuiz, Enrolment, QuizAttempt
from lms.accounts.models import User


class FirstTry(NamedTuple):
    """`percent` is None until it is handed in. Later tries have higher ids."""

    pk: int
    percent: int | None


_Tries = Mapping[str, FirstTry]


@dataclass(frozen=True)
class Gain:
    """Of one person: both in percent of the questions of their own quiz."""

    before: int
    after: int

    @property
    def points(self) -> int:
        """Percent points; below 0 for who had less right afterwards."""
        return self.after - self.before

    @property
    def in_words(self) -> str:
        if self.points > 0:
            text = _("Before %(before)d%%, after %(after)d%%: %(points)d points more")
        elif self.points < 0:
            text = _("Before %(before)d%%, after %(after)d%%: %(points)d points less")
        else:
            text = _("Before %(before)d%%, after %(after)d%%: the same")
        return text % {"before": self.before, "after": self.after, "points": abs(self.points)}


@dataclass(frozen=True)
class ClassGain:
    """Of a class: how many took what; of those who took both, half stand at or below the median.

    The medians are None while nobody took both.
    """

    both: int
    only_before: int
    only_after: int
    neither: int
    before: float | None
    after: float | None
    points: float | None
    more: int
    same: int
    less: int

    @property
    def everybody(self) -> int:
        return self.both + self.only_before + self.only_after + self.neither


@dataclass(frozen=True)
class PersonGain:
    """The first results of one person, as far as there are any; `gain` once they can be compared."""

    enrolment: Enrolment
    before: int | None
    after: int | None
    gain: Gain | None


def gain_between(before: FirstTry | None, after: FirstTry | None) -> Gain | None:
    """Return what came of two first tries; None unless both are handed in, the pre-test begun first.

    What somebody answers who has taken the post-test tells nothing about the time before.
    """
    if before is None or after is None or before.percent is None or after.percent is None:
        return None
    return Gain(before.percent, after.percent) if before.pk < after.pk else None


def annotate_pair(runs: QuerySet[CourseRun]) -> QuerySet[Any]:
    """Add `has_pair`: whether the edition of the class asks a pre-test and a post-test."""
    asked = EditionQuiz.objects.filter(edition=OuterRef("edition"))
    both = [Q(Exists(asked.filter(purpose=purpose))) for purpose in QuizPurpose]
    return runs.annotate(has_pair=ExpressionWrapper(both[0] & both[1], BooleanField()))


def gains_by_enrolment(*, enrolment_ids: Iterable[int]) -> dict[int, Gain]:
    """Return the gain of each of these who has one, whatever their classes; one query."""
    tries = _first_tries(Enrolment.objects.filter(pk__in=list(enrolment_ids)))
    gains = {pk: _gain(found) for pk, found in tries.items()}
    return {pk: gain for pk, gain in gains.items() if gain}


def gains_by(column: str, *, enrolments: QuerySet[Enrolment]) -> dict[int, list[Gain]]:
    """Return the gains by what a column of the enrolment holds, its `unit` or its own `pk`; two queries.

    Whoever has withdrawn is not counted.
    """
    compared = with_gain(enrolments)
    gains = {pk: gain for pk, found in _first_tries(compared).items() if (gain := _gain(found))}
    found: dict[int, list[Gain]] = {}
    for pk, value in compared.order_by().values_list("pk", column):
        found.setdefault(value, []).append(gains[pk])
    return found


def with_gain(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return those of whom `gain_between` tells a gain and who have not withdrawn, as a query."""
    before, after = (
        _handed_in(purpose) for purpose in (QuizPurpose.PRE_TEST, QuizPurpose.POST_TEST)
    )
    counted = enrolments.filter(pk__in=Enrolment.objects.counted().order_by().values("pk"))
    return counted.alias(before=before, after=after).filter(before__lt=F("after"))


def _handed_in(purpose: QuizPurpose) -> Subquery:
    """Return the id of the first try of an enrolment at the quiz that its edition asks for this."""
    tries = QuizAttempt.objects.filter(
        enrolment=OuterRef("pk"),
        number=1,
        percent__isnull=False,
        # One call: of the same row of the edition.
        quiz__in_editions__edition=OuterRef("run__edition"),
        quiz__in_editions__purpose=purpose,
    )
    return Subquery(tries.order_by().values("pk")[:1])


def people_gains(*, enrolments: QuerySet[Enrolment]) -> list[PersonGain]:
    """Return how each of these did, in their order; two queries."""
    tries = _first_tries(enrolments)
    return [_of_person(one, tries.get(one.pk, {})) for one in enrolments]


def class_gain(*, run: Any, reader: User) -> ClassGain | None:
    """Return how the class did, as far as the reader sees its people; None without a pair.

    `run` with what `annotate_pair` adds. Two queries, none without a pair.
    Whoever has withdrawn is not counted.
    """
    if not run.has_pair:
        return None
    shown = Enrolment.objects.visible_to(reader).counted().filter(run=run)
    tries = _first_tries(shown).values()
    results = [
        {purpose for purpose, one in found.items() if one.percent is not None} for found in tries
    ]
    gains = [gain for gain in map(_gain, tries) if gain]
    points = [gain.points for gain in gains]
    only_before = results.count({QuizPurpose.PRE_TEST})
    # Whoever took the pre-test too late has no "before".
    only_after = sum(QuizPurpose.POST_TEST in one for one in results) - len(gains)
    return ClassGain(
        both=len(gains),
        only_before=only_before,
        only_after=only_after,
        neither=shown.count() - len(gains) - only_before - only_after,
        before=_median([gain.before for gain in gains]),
        after=_median([gain.after for gain in gains]),
        points=_median(points),
        more=sum(one > 0 for one in points),
        same=points.count(0),
        less=sum(one < 0 for one in points),
    )


def _first_tries(enrolments: QuerySet[Enrolment]) -> dict[int, dict[str, FirstTry]]:
    """Return first tries by enrolment and purpose, as the edition of each class asks; one query."""
    tries = QuizAttempt.objects.filter(
        number=1,
        enrolment__in=enrolments.order_by().values("pk"),
        # One call: of the same row of the edition.
        quiz__in_editions__edition=F("enrolment__run__edition"),
        quiz__in_editions__purpose__in=QuizPurpose.values,
    )
    rows = tries.values_list("enrolment", "quiz__in_editions__purpose", "pk", "percent")
    found: dict[int, dict[str, FirstTry]] = defaultdict(dict)
    for enrolment_id, purpose, pk, percent in rows:
        found[enrolment_id][purpose] = FirstTry(pk, percent)
    return found


def _gain(tries: _Tries) -> Gain | None:
    return gain_between(tries.get(QuizPurpose.PRE_TEST), tries.get(QuizPurpose.POST_TEST))


def _of_person(enrolment: Enrolment, tries: _Tries) -> PersonGain:
    percents = {purpose: one.percent for purpose, one in tries.items()}
    return PersonGain(
        enrolment=enrolment,
        before=percents.get(QuizPurpose.PRE_TEST),
        after=percents.get(QuizPurpose.POST_TEST),
        gain=_gain(tries),
    )


def _median(values: list[int]) -> float | None:
    return median(values) if values else None
