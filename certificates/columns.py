"""What certificates add to reports."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from certificates.domain.pending import awaiting_certificate
from certificates.enums import ENDING_EVENTS, LIVE_STATUSES
from certificates.models import Certificate, CertificateEvent
from courses.models import Enrolment, Programme
from lms.reporting.extensions import WHERE_ENROLLED, Place, ReportColumn, TallySource

# Which of those who completed stand in which part, in the order of these.
_NONE: Final = Q(is_held=False, is_awaited=False)
_PARTS: Final = {
    "held": Q(is_held=True),
    "awaited": Q(is_held=False, is_awaited=True),
    "refused": _NONE & Q(user__is_minimal=False),
    "unnamed": _NONE & Q(user__is_minimal=True),
}


class CertificatesIssued(ReportColumn):
    """Certificates in force or under review, where their enrolment counts.

    The parts count people, so that they add up to those who completed: somebody with two
    certificates has one.
    """

    key = "certificates.issued"
    label = _("Certificates")
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
        return self._by_part(_told(people, place).values_list("place", *_PARTS))

    def count_all(
        self,
        enrolments: QuerySet[Enrolment],
        people: QuerySet[Enrolment],
        place: Place = WHERE_ENROLLED,
    ) -> tuple[dict[int, int], dict[str, dict[int, int]]]:
        nobody = {part: Value(0) for part in _PARTS}
        whole = _issued(enrolments, place).annotate(is_whole=Value(1), **nobody)
        parts = _told(people, place).annotate(is_whole=Value(0), issued=Value(0))
        told = ("place", "issued", "is_whole", *_PARTS)
        rows = list(whole.values_list(*told).union(parts.values_list(*told), all=True))
        issued = {unit: figure for unit, figure, is_whole, *_parts in rows if is_whole}
        return issued, self._by_part(
            (unit, *counts) for unit, _figure, is_whole, *counts in rows if not is_whole
        )

    def _by_part(self, rows: Iterable[Sequence[int]]) -> dict[str, dict[int, int]]:
        told = list(rows)
        return {
            part: {row[0]: row[place] for row in told}
            for place, part in enumerate(self.parts, start=1)
        }

    def find(self, enrolments: QuerySet[Enrolment], part: str = "") -> QuerySet[Enrolment]:
        if not part:
            live = Certificate.objects.live().filter(enrolment=OuterRef("pk"))
            return enrolments.filter(Exists(live))
        return _marked(enrolments).filter(_PARTS[part])

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
    """Return how many people of each `place` belong to each part."""
    counts = {part: Count("pk", filter=rule) for part, rule in _PARTS.items()}
    grouped = _marked(people).annotate(place=place).values("place")
    return grouped.annotate(**counts).order_by()


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
