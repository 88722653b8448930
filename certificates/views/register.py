"""The register of certificates in the Wagtail admin: the list, one certificate, and decisions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import django_filters
from django.db import models, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.widgets.button import HeaderButton

from certificates.domain import decisions as deciding
from certificates.domain.validity import expired_q, status_told
from certificates.enums import LIVE_STATUSES, CertificateStatus, VerificationStatus
from certificates.forms import DecisionForm
from certificates.models import Certificate, RegisterBook
from certificates.tasks import issue_certificate
from lms.accounts.register.domain.unit_choices import usual_districts
from lms.core.readers import SignedInRequest
from lms.geography.domain.areas import area_q
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.pages import FormPage
from lms.scoped_admin.views import ScopedFilterSet, ScopedIndexView, ScopedInspectView

_STATUSES = [one for one in VerificationStatus.choices if one[0] != VerificationStatus.UNKNOWN]
DECIDE_URL = "certificate_register:decide"


@dataclass(frozen=True)
class Decision:
    """Something that a person may decide about a certificate, and how it is put."""

    rule: Callable[..., Certificate]
    statuses: tuple[CertificateStatus, ...]
    label: str | Promise
    explanation: str | Promise
    done: str | Promise
    icon: str
    is_serious: bool = False


DECISIONS = {
    "confirm": Decision(
        rule=deciding.confirm_certificate,
        statuses=(CertificateStatus.FLAGGED,),
        label=_("Confirm"),
        explanation=_(
            "The certificate stands, and its public page no longer says that it is under review."
        ),
        done=_("Certificate %(serial)s has been confirmed."),
        icon="check",
    ),
    "replace": Decision(
        rule=deciding.replace_certificate,
        statuses=LIVE_STATUSES,
        label=_("Reissue"),
        explanation=_(
            "A new certificate with a new number is issued from today's records; the public page "
            "of this one will say that it has been replaced."
        ),
        done=_(
            "Certificate %(serial)s has been issued. Its file will be ready in a minute or two."
        ),
        icon="copy",
    ),
    "revoke": Decision(
        rule=deciding.revoke_certificate,
        statuses=LIVE_STATUSES,
        label=_("Revoke"),
        explanation=_(
            "The certificate is no longer valid, and its public page says so. It stays in the "
            "register."
        ),
        done=_("Certificate %(serial)s has been revoked."),
        icon="cross",
        is_serious=True,
    ),
}


def districts_of(request: SignedInRequest) -> models.QuerySet:
    return usual_districts(by=request.user, on=timezone.localdate()).order_by("code")


def status_word(certificate: Certificate) -> str:
    """Return the state of a certificate today in a word."""
    return str(status_told(certificate=certificate, on=timezone.localdate()).label)


class CertificateFilterSet(ScopedFilterSet):
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=_STATUSES, empty_label=_("All"), method="with_status"
    )
    district = django_filters.ModelChoiceFilter(
        label=_("District"),
        queryset=districts_of,
        method="in_district",
    )
    book = django_filters.ModelChoiceFilter(
        label=_("Register book"), queryset=RegisterBook.objects.order_by("-year", "issuer_code")
    )

    issued_at = django_filters.DateFromToRangeFilter(
        label=_("Issued on"), widget=DateRangePickerWidget
    )
    valid_until = django_filters.DateFromToRangeFilter(
        label=_("Valid through"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Certificate
        fields = ("status", "district", "issued_at", "valid_until", "book")

    def with_status(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        ended = expired_q(on=timezone.localdate())
        if value == VerificationStatus.EXPIRED:
            return queryset.filter(ended)
        return queryset.filter(status=value).exclude(ended)

    def in_district(
        self, queryset: models.QuerySet, name: str, value: AdministrativeUnit
    ) -> models.QuerySet:
        return queryset.filter(area_q(unit=value, unit_field="enrolment__unit"))


class CertificateIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("book")


class CertificateInspectView(ScopedInspectView):
    """The facts, everything that happened, and what the person may decide."""

    page_title = _("Certificate")
    template_name = "certificates/admin/inspect.html"

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(
                label=_("Download (PDF)"),
                url=reverse("certificates:download", args=[self.object.key]),
                icon_name="download",
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            certificate=self.object,
            events=self.object.events.select_related("by"),
            decisions=self._open_decisions(),
            **kwargs,
        )

    def _open_decisions(self) -> list[dict[str, Any]]:
        mine = Certificate.objects.decidable_by(self.request.user).filter(pk=self.object.pk)
        if not mine.exists():
            return []
        return [
            {"decision": decision, "url": reverse(DECIDE_URL, args=[self.object.pk, key])}
            for key, decision in DECISIONS.items()
            if self.object.status in decision.statuses
        ]


class DecisionView(FormPage):
    """Asks for the reason, then lets the rule decide; a refusal keeps what was typed."""

    # Narrower than what one may see: else everybody who looks would decide.
    scope_method = "decidable_by"
    permission_required = "view"
    row_name = "certificate"
    form_class = DecisionForm
    template_name = "certificates/admin/decide.html"

    @cached_property
    def decision(self) -> Decision:
        try:
            return DECISIONS[self.kwargs["decision"]]
        except KeyError:
            raise Http404 from None

    def get_page_title(self) -> str:
        return str(self.decision.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(decision=self.decision, **kwargs)

    def perform(self) -> str:
        self.decided = self.decision.rule(
            certificate=self.row,
            by=self.request.user,
            reason=self.form.cleaned_data["reason"],
            at=timezone.now(),
        )
        if not self.decided.file:
            issue = partial(issue_certificate.delay, self.decided.enrolment_id)
            transaction.on_commit(issue, robust=True)
        return str(self.decision.done % {"serial": self.decided.serial})

    def get_success_url(self) -> str:
        return reverse("certificate_register:inspect", args=[self.decided.pk])
