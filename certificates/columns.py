"""What certificates add to reports."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db.models import BooleanField, Count, Exists, OuterRef, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from certificates.domain.pending import awaiting_certificate
from certificates.enums import ENDING_EVENTS, LIVE_STATUSES
from certificates.models import Certificate, CertificateEvent
from courses.models import Enrolment, Programme
from lms.reporting.extensions import WHERE_ENROLLED, Place, ReportColumn, TallySource

# Which of those who completed stand in which part: what `_marked` says of them, and what their account does.
_NONE: Final = {"is_held": False, "is_awaited": False}
_PARTS: Final[Mapping[str, Mapping[str, bool]]] = {
    "held": {"is_held": True},
    "awaited": {"is_held": False, "is_awaited": True},
    "refused": {**_NONE, "user__is_minimal": False},
    "unnamed": {**_NONE, "user__is_minimal": True},
}
_MARKS: Final = ("is_held", "is_awaited", "user__is_minimal")


class CertificatesIssued(ReportColumn):
    """Certificates in force or under review, where their enrolment counts.

    The parts count people, so that they add up to those who completed: somebody with two
    certificates has one.
    """

    key = "certificates.issued"
    label = _("Certificates")
    definition = _(
        "Certificates that were issued and neither revoked nor replaced, those whose end has passed as "
        "well; somebody with two is counted twice."
    )
    # What is revoked is an event besides, in the transaction that changes the certificate.
    sources = (
        TallySource(
            "certificates_certificate",
            "enrolment_id",
            ("enrolment_id", "status"),
            "SELECT user_id FROM courses_enrolment WHERE id IN ({})",
        ),
        TallySource("accounts_consent", "user_id", ("user_id", "purpose", "withdrawn_on")),
    )
    parts: ClassVar = {
        "held": _("%(count)s with a certificate"),
        "awaited": _("%(count)s waiting for a certificate"),
        "refused": _("%(count)s whose certificate was revoked"),
        "unnamed": _(
            "%(count)s without a certificate, as no consent to the name on it is on record"
        ),
    }
    opens_names = True

    def count(
        self, enrolments: QuerySet[Enrolment], place: Place = WHERE_ENROLLED
    ) -> dict[int, int]:
        return dict(_issued(enrolments, place).values_list("place", "issued"))

    def count_parts(
        self, people: QuerySet[Enrolment], place: Place = WHERE_ENROLLED
    ) -> dict[str, dict[int, int]]:
        return _by_part(_told(people, place).values_list("place", "number", *_MARKS))

    def count_all(
        self,
        enrolments: QuerySet[Enrolment],
        people: QuerySet[Enrolment],
        place: Place = WHERE_ENROLLED,
    ) -> tuple[dict[int, int], dict[str, dict[int, int]]]:
        nobody = {mark: Value(None, BooleanField()) for mark in _MARKS}
        whole = _issued(enrolments, place).annotate(**nobody)
        told = list(
            whole.values_list("place", "issued", *nobody).union(
                _told(people, place).values_list("place", "number", *_MARKS), all=True
            )
        )
        issued = {unit: figure for unit, figure, *marks in told if marks[0] is None}
        return issued, _by_part(row for row in told if row[2] is not None)

    def find(self, enrolments: QuerySet[Enrolment], part: str = "") -> QuerySet[Enrolment]:
        if not part:
            live = Certificate.objects.live().filter(enrolment=OuterRef("pk"))
            return enrolments.filter(Exists(live))
        return _marked(enrolments).filter(**_PARTS[part])

    def count_before(
        self, *, programme: Programme, before: datetime, users: Collection[int] | None = None
    ) -> Mapping[int, int]:
        ended = CertificateEvent.objects.filter(
            certificate=OuterRef("pk"), kind__in=ENDING_EVENTS, at__lt=before
        )
        live = Certificate.objects.filter(
            ~Exists(ended), enrolment__run__programme=programme, issued_at__lt=before
        )
        if users is not None:
            live = live.filter(enrolment__user__among=users)
        counted = live.order_by().values_list("enrolment").annotate(issued=Count("pk"))
        return dict(counted)


def _issued(enrolments: QuerySet[Enrolment], place: Place) -> QuerySet[Any]:
    """Return how many certificates are `issued` in each `place`."""
    live = enrolments.filter(certificates__status__in=LIVE_STATUSES)
    grouped = live.annotate(place=place).values("place")
    return grouped.annotate(issued=Count("certificates")).order_by()


def _told(people: QuerySet[Enrolment], place: Place) -> QuerySet[Any]:
    """Return the `number` of people in each `place` of whom the same is said by `_MARKS`."""
    grouped = _marked(people).annotate(place=place).values("place", *_MARKS)
    return grouped.annotate(number=Count("pk")).order_by()


def _by_part(rows: Iterable[Sequence[Any]]) -> dict[str, dict[int, int]]:
    """Return how many people of each place, the first of a row, belong to each part."""
    found: dict[str, Counter[int]] = {part: Counter() for part in _PARTS}
    for place, number, *said in rows:
        marks = dict(zip(_MARKS, map(bool, said), strict=True))
        for part, rule in _PARTS.items():
            # Nobody is told as well: 0 of a part.
            found[part][place] += number if rule.items() <= marks.items() else 0
    return {part: dict(counted) for part, counted in found.items()}


def _marked(people: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Return these people with whether they hold a certificate of the programme, or wait for one."""
    mine = {"user": OuterRef("user"), "run__programme": OuterRef("run__programme")}
    live = Certificate.objects.live().filter(
        enrolment__user=OuterRef("user"),
        enrolment__run__programme=OuterRef("run__programme"),
    )
    return people.annotate(
        is_held=Exists(live), is_awaited=Exists(awaiting_certificate().filter(**mine))
    )
