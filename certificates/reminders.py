"""What certificates tell: that one was issued, also in place of another, and that one will end."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.enums import CertificateStatus
from certificates.models import Certificate
from lms.core.addresses import absolute_url
from lms.core.display import vi_date
from lms.core.local_time import local_moment
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    Subject,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

# Later than this nobody is told any more: the page of the certificates says it.
STILL_NEWS: Final = timedelta(days=7)
# The hour of the last day from which the lead time is counted back.
MORNING: Final = time(8)


class CertificateReady(ReminderKind):
    """Once for each certificate; moot when it is valid no more. Comes switched off."""

    key = "certificates.issued"
    label = gettext_lazy("Certificate issued or replaced")
    default_lead_minutes = 0
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("run", "day", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        lead = timedelta(minutes=rule.lead_minutes)
        rows = _valid().filter(issued_at__gt=now - lead - STILL_NEWS)
        for one in rows.order_by("pk").iterator(chunk_size=1000):
            run = one.enrolment.run
            yield PlannedReminder(
                unique_key=f"{self.key}:{one.pk}",
                user_id=one.enrolment.user_id,
                due_at=one.issued_at + lead,
                expires_at=one.issued_at + lead + STILL_NEWS,
                payload={"certificate": one.pk},
                subject=Subject(run_id=run.pk, run=run.title, place=run.place),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        before = Certificate.objects.filter(
            enrolment=OuterRef("enrolment"), status=CertificateStatus.REPLACED
        )
        found = _valid().annotate(is_anew=Exists(before))
        certificates = found.in_bulk([row.payload["certificate"] for row in reminders])
        return {
            row.pk: _message(certificates[row.payload["certificate"]])
            for row in reminders
            if row.payload["certificate"] in certificates
        }


class CertificateExpires(ReminderKind):
    """Before the end of each certificate that has one, also where another paper has taken its place
    meanwhile; moot when none is valid, or when the person has one of the same course that holds
    longer. Comes switched off.
    """

    key = "certificates.expiring"
    label = gettext_lazy("Certificate about to expire")
    default_lead_minutes = 30 * 24 * 60
    further_leads = MappingProxyType({"week": 7 * 24 * 60})
    starts_enabled = False
    placeholders = placeholder_labels("run", "day", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        lead = timedelta(minutes=rule.lead_minutes)
        days = (timezone.localdate(now), timezone.localdate(now + lead + ahead))
        rows = _not_renewed().filter(valid_until__range=days)
        for one in rows.order_by("pk").iterator(chunk_size=1000):
            run, end = one.enrolment.run, one.valid_until.isoformat()
            yield PlannedReminder(
                unique_key=f"{self.key}:{one.enrolment_id}:{end}",
                user_id=one.enrolment.user_id,
                due_at=local_moment(one.valid_until, MORNING) - lead,
                expires_at=local_moment(one.valid_until + timedelta(days=1)),
                payload={"enrolment": one.enrolment_id, "end": end},
                subject=Subject(run_id=run.pk, run=run.title, place=run.place),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        rows = _not_renewed().filter(
            valid_until__gte=timezone.localdate(now),
            enrolment__in=[row.payload["enrolment"] for row in reminders],
        )
        certificates = {(one.enrolment_id, one.valid_until.isoformat()): one for one in rows}
        return {
            row.pk: _ending_message(certificates[key])
            for row in reminders
            if (key := (row.payload["enrolment"], row.payload["end"])) in certificates
        }


def _not_renewed() -> QuerySet[Any]:
    """Return the valid ones with an end whose person has none of the same course that holds longer."""
    longer = Certificate.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
        status=CertificateStatus.VALID,
        enrolment__user=OuterRef("enrolment__user"),
        enrolment__run__course=OuterRef("enrolment__run__course"),
    )
    return _valid().filter(~Exists(longer), valid_until__isnull=False)


def _ending_message(certificate: Any) -> Message:
    values = {
        "run": certificate.enrolment.run.title,
        "day": vi_date(certificate.valid_until),
        "url": absolute_url(reverse("certificates:mine")),
    }
    paragraphs = (
        _(
            "Your certificate of the class “%(run)s” is valid until %(day)s. That you completed the "
            "class stays on record. If you need a valid certificate after that day, ask for the next "
            "class of this course."
        ),
        _("Your certificates: %(url)s"),
    )
    return Message(
        subject=_("Certificate valid until %(day)s: %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _valid() -> QuerySet[Any]:
    rows = Certificate.objects.filter(status=CertificateStatus.VALID)
    return rows.select_related("enrolment__run")


def _message(certificate: Any) -> Message:
    values = {
        "run": certificate.enrolment.run.title,
        "day": vi_date(certificate.issued_at),
        "url": absolute_url(reverse("certificates:mine")),
    }
    if certificate.is_anew:
        subject = _("Certificate replaced: %(run)s")
        news = _(
            "Your certificate of the class “%(run)s” was issued anew on %(day)s. The former one is "
            "valid no more."
        )
    else:
        subject = _("Certificate issued: %(run)s")
        news = _("Your certificate of the class “%(run)s” was issued on %(day)s.")
    return Message(
        subject=subject % values,
        body="\n\n".join((news % values, _("Download it here: %(url)s") % values)),
        values=values,
    )


CERTIFICATE_REMINDERS: Final = (CertificateReady(), CertificateExpires())
