"""Wagtail names the fields of some dialogs by their variables: here they get words."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import (
    AnchorLinkChooserForm,
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm

LABELS = {
    AnchorLinkChooserForm: {"url": _("Name of the anchor"), "link_text": _("Link text")},
    EmailLinkChooserForm: {
        "email_address": _("Email address"),
        "link_text": _("Link text"),
        "subject": _("Subject of the mail"),
        "body": _("Text of the mail"),
    },
    ExternalLinkChooserForm: {"link_text": _("Link text")},
    DefaultPageForm: {"include_descendants": _("With all pages below them")},
    PhoneLinkChooserForm: {"phone_number": _("Phone number"), "link_text": _("Link text")},
}

for form, labels in LABELS.items():
    for name, label in labels.items():
        form.base_fields[name].label = label
