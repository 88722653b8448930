"""What somebody writes to others, and when it goes."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.announcements.enums import SUBJECT_LENGTH, TEXT_LENGTH


class AnnouncementForm(forms.Form):
    """Lengths are the rule's to refuse, so that what was written is not cut off unseen."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=None,
        widget=forms.TextInput(attrs={"maxlength": SUBJECT_LENGTH, "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Message text"),
        required=False,
        help_text=_("At most 1,000 characters. Short and clear: an SMS holds the beginning alone."),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": TEXT_LENGTH}),
    )
    send_at = forms.DateTimeField(
        label=_("Time of sending"),
        required=False,
        help_text=_("Empty: at once."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_send_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["send_at"]
        return at if at is None or timezone.is_aware(at) else timezone.make_aware(at)
