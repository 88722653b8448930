"""Sample data for the page that shows every component; made up, and shown to staff only."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

TONES = ("neutral", "brand", "success", "warning", "danger", "info")
ICONS = [
    "check",
    "clock",
    "calendar",
    "map-pin",
    "book",
    "quiz",
    "certificate",
    "users",
    "user",
    "chart",
    "bell",
    "download",
    "upload",
    "search",
    "arrow-right",
    "arrow-left",
    "chevron",
    "chevron-down",
    "warning",
    "info",
    "logout",
    "menu",
    "print",
    "home",
    "qr",
    "excuse",
    "present",
    "absent",
    "globe",
    "play",
    "file",
    "edit",
    "plus",
    "undo",
    "lock",
    "phone",
    "send",
]
STATUSES = (
    ("present", _("Present")),
    ("late", _("Late")),
    ("excused", _("Excused")),
    ("absent", _("Absent")),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Full name"), help_text=_("As it stands in the personnel file."))
    phone = forms.CharField(label=_("Phone number"))
    district = forms.ChoiceField(
        label=_("District"), choices=[("350", "Kim Bảng"), ("353", "Lý Nhân")]
    )
    period = forms.ChoiceField(
        label=_("Time of day"),
        widget=forms.RadioSelect,
        choices=[("am", _("Morning")), ("pm", _("Afternoon"))],
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=_("I have checked the list"))


class SampleFilterForm(forms.Form):
    """The filters of a report, in short."""

    district = forms.ChoiceField(
        label=_("District"), required=False, choices=[("", _("All")), ("350", "Kim Bảng")]
    )
    as_of = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def styleguide_context() -> dict[str, Any]:
    """Everything that `lms/styleguide.html` shows."""
    return {
        "tones": TONES,
        "icons": ICONS,
        "statuses": STATUSES,
        "day": date(2026, 6, 5),
        "form": SampleForm(),
        "wrong_form": SampleForm({"name": "Nguyễn Thị Mẫu", "phone": ""}),
        "filter_form": SampleFilterForm(),
        "page": Paginator(range(241), 20).page(2),
        "trail": [{"label": "Hà Nam", "url": "#"}, {"label": "Kim Bảng", "url": "#"}],
        "actions": [{"label": _("Print"), "url": "#", "icon": "print"}],
        "facts": [
            {"label": _("Place"), "value": "Nhà văn hoá mẫu"},
            {"label": _("Trainer"), "value": "Trần Văn Mẫu"},
            {"label": _("Session"), "value": "2/4"},
        ],
        "steps": [
            {"label": _("Lessons"), "text": "12/12", "state": "done"},
            {"label": _("Hours attended"), "text": "4/6", "state": "current", "url": "#"},
            {"label": _("Final test"), "state": "todo"},
        ],
        "tabs": [
            {"label": _("Today"), "url": "#", "active": True, "count": 2},
            {"label": _("Completed"), "url": "#", "count": 14},
        ],
        "meta": [
            {"icon": "clock", "label": "08:00 – 11:30"},
            {"icon": "map-pin", "label": "Nhà văn hoá mẫu, Kim Bảng"},
        ],
        "districts": [
            {"name": "Kim Bảng", "done": 1204, "target": 1600},
            {"name": "Lý Nhân", "done": 320, "target": 410},
        ],
    }
