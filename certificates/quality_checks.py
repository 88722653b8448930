"""What certificates offer to the page of data quality: completions without a certificate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.domain.pending import awaiting_certificate, without_template
from certificates.enums import DECIDING_ROLES
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.quality import QualityAct, QualityLine, RowCheck


class CompletedWithoutCertificate(RowCheck):
    key = "no-certificate"
    label = gettext_lazy("Completed without a certificate")
    explanation = gettext_lazy(
        "People who are entitled to a certificate and have none. Where no template is in use for the "
        "course, put one into use; the others are issued within minutes."
    )
    order = 110

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Any]:
        waiting = awaiting_certificate(at=at).filter(reader.scope.units_q("unit"))
        return waiting.select_related("user", "unit", "run").order_by(
            "completed_at", "user__sort_key", "user__staff_code"
        )

    def lines(self, subjects: Sequence[Any], *, reader: User, at: datetime) -> list[QualityLine]:
        unserved = without_template(Enrolment.objects.filter(pk__in=[one.pk for one in subjects]))
        lacking = set(unserved.order_by().values_list("pk", flat=True))
        return [
            QualityLine(
                label=one.user.full_name,
                code=one.user.staff_code,
                place=str(one.unit),
                note=_note(one, is_served=one.pk not in lacking),
                url=reverse("courses:transcript", args=(one.user_id,)),
            )
            for one in subjects
        ]

    def act(self, reader: User) -> QualityAct | None:
        if not reader.scope.has_role(*DECIDING_ROLES):
            return None
        return QualityAct(
            gettext_lazy("Certificate templates"), reverse("certificate_templates:list")
        )


def _note(enrolment: Any, *, is_served: bool) -> str:
    values = {"class": enrolment.run.title, "day": vi_date(enrolment.completed_at)}
    if is_served:
        return _("%(class)s, completed on %(day)s") % values
    return _("%(class)s, completed on %(day)s; no template in use") % values


CHECKS = (CompletedWithoutCertificate(),)
