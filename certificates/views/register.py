"""The register of certificates in the Wagtail admin: the list, one certificate, and decisions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from certificates.domain import decisions as deciding
from certificates.enums import LIVE_STATUSES, CertificateStatus
from certificates.forms import DecisionForm
from certificates.models import Certificate, RegisterBook
from certificates.tasks import issue_certificate
from lms.accounts.register.domain.unit_choices import usual_districts
from lms.core.show_refusal import RefusalOnForm
from lms.geography.domain.areas import area_q
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.views import ScopedFilterSet, ScopedIndexView, ScopedInspectView, ScopedMixin

INSPECT_URL = "certificate_register:inspect"
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
        explanation=_("The certificate remains valid, and its public page says so again."),
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


def districts_of(request: HttpRequest) -> models.QuerySet:
    return usual_districts(by=request.user, on=timezone.localdate()).order_by("code")


class CertificateFilterSet(ScopedFilterSet):
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=CertificateStatus.choices, empty_label=_("All")
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

    class Meta:
        model = Certificate
        fields = ("status", "district", "issued_at", "book")

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


class DecisionView(ScopedMixin, WagtailAdminTemplateMixin, FormView):
    """Asks for the reason, then lets the rule decide; a refusal keeps what was typed."""

    model = Certificate
    form_class = DecisionForm
    template_name = "certificates/admin/decide.html"
    header_icon = "lms-certificate"

    @cached_property
    def certificate(self) -> Certificate:
        found = self.scoped_object()
        assert isinstance(found, Certificate)  # noqa: S101 (for the type checker)
        return found

    @cached_property
    def decision(self) -> Decision:
        try:
            return DECISIONS[self.kwargs["decision"]]
        except KeyError:
            raise Http404 from None

    def get_page_title(self) -> str:
        return str(self.decision.label)

    def get_page_subtitle(self) -> str:
        return self.certificate.serial

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        inspect_url = reverse(INSPECT_URL, args=[self.certificate.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("certificate_register:index"), "label": _("Certificates")},
            {"url": inspect_url, "label": self.certificate.serial},
            {"url": "", "label": self.decision.label},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            certificate=self.certificate,
            decision=self.decision,
            cancel_url=reverse(INSPECT_URL, args=[self.certificate.pk]),
            **kwargs,
        )

    def form_valid(self, form: DecisionForm) -> HttpResponse:
        with RefusalOnForm(form):
            decided = self.decision.rule(
                certificate=self.certificate,
                by=self.request.user,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
            return self._decided(decided)
        return self.form_invalid(form)

    def _decided(self, decided: Certificate) -> HttpResponse:
        if not decided.file:
            transaction.on_commit(
                lambda: issue_certificate.delay(decided.enrolment_id), robust=True
            )
        messages.success(self.request, self.decision.done % {"serial": decided.serial})
        return redirect(INSPECT_URL, decided.pk)
