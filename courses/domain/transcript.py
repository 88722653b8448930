"""What a person has learned so far: every class, with what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.enrolment_state import enrolment_state
from courses.domain.gains import gains_by_enrolment
from courses.domain.pass_mark import QUIZZES_KEY
from courses.domain.progress import progress_of
from courses.enums import EnrolmentStatus, RunStatus
from courses.extensions import transcript_facts
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.display import NOTHING, vi_date


@dataclass(frozen=True)
class TranscriptLine:
    """A class of the person. `facts`: in the order of `Transcript.headings`."""

    enrolment: Enrolment
    outcome: str
    facts: list[str]


@dataclass(frozen=True)
class Transcript:
    """`is_whole`: whether the reader sees all classes, not only those of the own area."""

    person: User
    headings: list[str]
    lines: list[TranscriptLine]
    is_whole: bool


def people_with_transcript(reader: User) -> QuerySet[User]:
    """Return those whose transcript the reader may ask for: who is visible, or whose enrolment
    is, such as the trainees of a class that one teaches.
    """
    learning = Enrolment.objects.visible_to(reader).values("user")
    visible = User.objects.visible_to(reader).values("pk")
    return User.objects.filter(Q(pk__in=visible) | Q(pk__in=learning))


def transcript_of(*, person: User, reader: User) -> Transcript:
    """Return the classes of the person that the reader may see, the latest first; a constant
    number of queries. Those that were cancelled taught nothing and are left out.
    """
    enrolments = list(
        Enrolment.objects.visible_to(reader)
        .filter(user=person)
        .exclude(run__status=RunStatus.CANCELLED)
        .select_related("run__course", "run__unit")
        .order_by("-run__starts_on", "-pk")
    )
    columns = _columns(enrolments)
    return Transcript(
        person=person,
        headings=[heading for heading, _values in columns],
        lines=[
            TranscriptLine(
                enrolment=one,
                outcome=outcome_of(one),
                facts=[values.get(one.pk, NOTHING) for _heading, values in columns],
            )
            for one in enrolments
        ],
        is_whole=reader.pk == person.pk or reader.scope.oversees_province,
    )


def outcome_of(enrolment: Enrolment) -> str:
    """Return in words what came of the class, with the day of a completion."""
    if enrolment.status == EnrolmentStatus.COMPLETED:
        return _("Completed on %(day)s") % {"day": vi_date(enrolment.completed_at)}
    return str(enrolment_state(enrolment, today=timezone.localdate()).label)


def _columns(enrolments: Sequence[Enrolment]) -> list[tuple[str, Any]]:
    facts = sorted(transcript_facts, key=lambda fact: fact.order)
    columns: list[tuple[str, Any]] = [(_("Quizzes passed"), _quizzes_passed(enrolments))]
    gains = gains_by_enrolment(enrolment_ids=[one.pk for one in enrolments])
    if gains:
        # Most courses have no pair: a column of dashes would tell nobody anything.
        columns.append((_("Before and after"), {pk: one.in_words for pk, one in gains.items()}))
    columns += [(str(fact.label), fact.values(enrolments)) for fact in facts]
    return columns


def _quizzes_passed(enrolments: Sequence[Enrolment]) -> dict[int, str]:
    progress = progress_of(enrolment_ids=[one.pk for one in enrolments])
    return {
        pk: f"{result.achieved}/{result.required}"
        for pk, results in progress.items()
        for result in results
        if result.key == QUIZZES_KEY and result.required
    }
