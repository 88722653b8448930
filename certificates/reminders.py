"""What certificates tell: that one has been issued, or issued anew in place of another."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.enums import CertificateStatus
from certificates.models import Certificate
from lms.core.addresses import absolute_url
from lms.core.display import vi_date
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
