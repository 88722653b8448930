"""The register of people in the Wagtail admin."""

from typing import Any

import django_filters
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button

from lms.accounts.enums import Cadre
from lms.accounts.extensions import person_pages
from lms.accounts.models import Posting, RoleAssignment, User
from lms.accounts.register.domain.login_lookup import search_people
from lms.accounts.register.domain.unit_choices import usual_districts
from lms.accounts.register.views.consents import consent_lines
from lms.core.display import NOTHING, phone_local, vi_date
from lms.core.readers import SignedInRequest
from lms.geography.domain.areas import area_q
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.views import (
    ScopedCreateView,
    ScopedFilterSet,
    ScopedIndexView,
    ScopedInspectView,
)


def posts_today(person: Any) -> str:
    """Return the posts held today, as `PersonIndexView` has fetched them."""
    return "; ".join(str(posting) for posting in person.posts_today)


def districts_of(request: SignedInRequest) -> models.QuerySet:
    return usual_districts(by=request.user, on=timezone.localdate()).select_related("edition")


class DistrictFilter(django_filters.ModelChoiceFilter):
    """People with a post held today in the district or below it."""

    def filter(self, qs: models.QuerySet, value: AdministrativeUnit | None) -> models.QuerySet:
        if value is None:
            return qs
        here = area_q(unit=value, unit_field="unit")
        posts = Posting.objects.on(timezone.localdate()).filter(here)
        return qs.filter(pk__in=posts.values("user"))


class CadreFilter(django_filters.ChoiceFilter):
    """People with a post of this cadre held today."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        if not value:
            return qs
        posts = Posting.objects.on(timezone.localdate()).filter(cadre=value)
        return qs.filter(pk__in=posts.values("user"))


class PersonFilterSet(ScopedFilterSet):
    district = DistrictFilter(
        label=_("District"),
        queryset=districts_of,
    )
    cadre = CadreFilter(label=_("Cadre"), choices=Cadre.choices)

    class Meta:
        model = User
        fields = ("is_active", "is_minimal")


class PersonIndexView(ScopedIndexView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if not self.permission_policy.user_has_permission(self.request.user, "change"):
            return buttons
        url = reverse("wagtailusers_users:invitations")
        return [*buttons, Button(_("Print invitations"), url=url, icon_name="key", priority=30)]

    def get_base_queryset(self) -> models.QuerySet:
        # What somebody does elsewhere by now is the other district's business.
        posts = Posting.objects.visible_to(self.request.user).on(timezone.localdate())
        return (
            super()
            .get_base_queryset()
            .prefetch_related(
                models.Prefetch("postings", posts.select_related("unit"), to_attr="posts_today")
            )
        )

    def order_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        if self.ordering in ("full_name", "-full_name"):
            sign = self.ordering.removesuffix("full_name")
            return queryset.order_by(f"{sign}sort_key", "staff_code")
        return super().order_queryset(queryset)

    def search_queryset(self, queryset: Any) -> models.QuerySet:
        return search_people(people=queryset, text=self.search_query)


class PersonCreateView(ScopedCreateView):
    def get_initial(self) -> dict[str, Any]:
        # Another page that sends the reader here knows the name already.
        return {**super().get_initial(), "full_name": self.request.GET.get("full_name", "")}

    def get_success_buttons(self) -> list[Any]:
        if self.object.is_minimal:
            return super().get_success_buttons()
        code_url = reverse("wagtailusers_users:code", args=(self.object.pk,))
        return [
            *super().get_success_buttons(),
            messages.button(code_url, _("Give a log-in code")),
        ]


# What a minimal record never has, and what only other records are told to be.
_NOT_OF_MINIMAL = ("phone", "phone_raw", "email", "sex", "last_login", "role_assignments")


class PersonInspectView(ScopedInspectView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        offered = [page for page in person_pages if page.is_open_to(self.request.user)]
        return [
            *super().header_more_buttons,
            *(
                Button(page.label, url=page.url(self.object), icon_name=page.icon, priority=70)
                for page in offered
                if not self.object.is_minimal
            ),
        ]

    def get_fields_context(self) -> list[dict[str, Any]]:
        left_out = _NOT_OF_MINIMAL if self.object.is_minimal else ("is_minimal",)
        names = [name for name in self.get_fields() if name not in left_out]
        return [self.get_context_for_field(name) for name in names]

    def get_field_label(self, field_name: str, field: Any) -> str:
        labels = {
            "postings": _("Posts"),
            "role_assignments": _("Roles"),
            "consents": _("Consents"),
        }
        if self.object.is_minimal:
            labels["is_active"] = _("In use")
        return str(labels.get(field_name) or super().get_field_label(field_name, field))

    def get_phone_display_value(self) -> str:
        return phone_local(self.object.phone)

    def get_postings_display_value(self) -> SafeString | str:
        """Return the history, as far as it is the reader's business."""
        seen = Posting.objects.visible_to(self.request.user).filter(user=self.object)
        lines = ((posting, _period(posting)) for posting in seen.select_related("unit"))
        return format_html_join("", "<p>{} ({})</p>", lines) or NOTHING

    def get_consents_display_value(self) -> SafeString | str:
        may_change = self.user_has_permission_for_instance("change", self.object)
        return consent_lines(person=self.object, may_change=may_change) or NOTHING

    def get_last_login_display_value(self) -> str:
        return vi_date(self.object.last_login, "time")

    def get_role_assignments_display_value(self) -> SafeString | str:
        """Return those on units in the reader's sight: who does what elsewhere is not told."""
        seen = RoleAssignment.objects.visible_to(self.request.user).filter(user=self.object)
        roles = seen.select_related("unit")
        return format_html_join("", "<p>{}</p>", ((role,) for role in roles)) or NOTHING


def _period(posting: Posting) -> str:
    days = {"from": vi_date(posting.valid_from), "to": vi_date(posting.valid_to)}
    if posting.valid_to is None:
        return gettext("since %(from)s") % days
    return gettext("%(from)s to %(to)s") % days
