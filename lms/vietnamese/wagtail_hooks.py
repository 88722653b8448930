"""Wagtail names the fields of its link dialogs by their variables: here they get words."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import (
    AnchorLinkChooserForm,
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)

LABELS = {
    AnchorLinkChooserForm: {"url": _("Name of the anchor"), "link_text": _("Link text")},
    EmailLinkChooserForm: {
        "email_address": _("Email address"),
        "link_text": _("Link text"),
        "subject": _("Subject of the mail"),
        "body": _("Text of the mail"),
    },
    ExternalLinkChooserForm: {"link_text": _("Link text")},
    PhoneLinkChooserForm: {"phone_number": _("Phone number"), "link_text": _("Link text")},
}

for form, labels in LABELS.items():
    for name, label in labels.items():
        form.base_fields[name].label = label
