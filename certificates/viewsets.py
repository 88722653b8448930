"""Certificates and their templates in the Wagtail admin."""

from typing import ClassVar

from django import forms
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, StatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from certificates.enums import DECIDING_ROLES, CertificateStatus
from certificates.models import Certificate, CertificateTemplate
from certificates.views import register, templates
from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.scoped_admin.columns import DayColumn
from lms.scoped_admin.permissions import RolePermissionPolicy
from lms.scoped_admin.viewsets import ScopedModelViewSet


class CertificateViewSet(ScopedModelViewSet):
    """Read only: certificates are issued by rule and decided on one by one."""

    model = Certificate
    name = "certificate_register"
    url_prefix = "certificates"
    icon = "lms-certificate"
    menu_name = "certificates"
    menu_label = _("Certificates")
    menu_order = 250
    add_to_admin_menu = True
    view_roles = (*OVERSIGHT_ROLES, Role.TRAINER)
    pages: ClassVar = {"decide": ("<int:pk>/<slug:decision>/", register.DecisionView)}
    index_view_class = register.CertificateIndexView
    inspect_view_class = register.CertificateInspectView
    filterset_class = register.CertificateFilterSet
    folded_search_fields = ("search_text",)
    # The register book, its last page first.
    ordering = ("-book__year", "book__issuer_code", "-number")
    list_display = (
        "serial",
        Column("holder_name", label=_("Full name")),
        Column("unit", label=_("Unit"), accessor="facts.unit"),
        Column("course", label=_("Course"), accessor="facts.course"),
        StatusTagColumn(
            "status",
            label=_("Status"),
            accessor=register.status_word,
            primary=lambda certificate: certificate.status == CertificateStatus.FLAGGED,
        ),
        DayColumn("issued_at", label=_("Issued on"), sort_key="issued_at"),
        DayColumn("valid_until", label=_("Valid through"), sort_key="valid_until"),
    )
    export_filename = "so-cap-giay-chung-nhan"


class CertificateTemplateViewSet(SnippetViewSet):
    """The wording; a template that has been used is taken out of use, never deleted."""

    model = CertificateTemplate
    common_rows = "A wording holds for the whole province and names no trainee."
    admin_url_namespace = "certificate_templates"
    icon = "doc-full-inverse"
    menu_name = "certificate-templates"
    menu_label = _("Certificate templates")
    menu_order = 60
    add_to_settings_menu = True
    list_display = (
        "name",
        Column("course", label=_("Course")),
        Column("issuer_name", label=_("Issuer")),
        BooleanColumn("is_active", label=_("In use")),
    )
    index_view_class = templates.TemplateIndexView
    export_filename = "mau-giay-chung-nhan"
    add_view_class = templates.TemplateCreateView
    edit_view_class = templates.TemplateEditView
    panels: ClassVar = [
        FieldPanel("name", help_text=_("For this list only; it is not printed.")),
        FieldPanel("course"),
        FieldPanel(
            "is_active", help_text=_("Untick to stop issuing certificates with this template.")
        ),
        MultiFieldPanel(
            [
                FieldPanel("issuer_parent", help_text=_("The first line, top left.")),
                FieldPanel("issuer_name", help_text=_("The second line, in bold.")),
                FieldPanel("issuer_code"),
                FieldPanel("place", help_text=_("Before the date: the place where the office is.")),
            ],
            heading=_("Issuer"),
        ),
        FieldPanel(
            "title",
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("The large words in the middle."),
        ),
        FieldPanel("valid_months"),
        MultiFieldPanel(
            [
                FieldPanel("signer_position", widget=forms.Textarea(attrs={"rows": 2})),
                FieldPanel("signer_name", help_text=_("Without academic titles.")),
            ],
            heading=_("Signer"),
        ),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("preview/<str:pk>/", templates.preview, name="preview"),
        ]

    def register_permissions(self) -> None:
        """Register none: roles decide, so the form of a group offers no tick;
        see `template_policy`.
        """


def template_policy() -> RolePermissionPolicy:
    """Let administrators and monitors write templates, and nobody delete one."""
    roles = dict.fromkeys(("view", "add", "change"), DECIDING_ROLES)
    return RolePermissionPolicy(CertificateTemplate, roles)
