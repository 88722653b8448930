"""Sample data for the page that shows every component; made up, and shown to staff only."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from lms.design.pictures import Bar, Tile, draw_bar_chart, draw_tile_map

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

    name = forms.CharField(label=_("Full name"), help_text=_("As written in the personnel file."))
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
    """Return everything that `lms/styleguide.html` shows."""
    return _basics() | _messages() | _pictures() | _tables()


def _messages() -> dict[str, Any]:
    return {
        "toasts": [
            Message(constants.SUCCESS, str(_("Saved: 58 present, 2 late, 1 excused, 3 absent."))),
            Message(
                constants.ERROR,
                str(_("The end must come after the start. What you typed is still here.")),
            ),
        ],
        "remarks": [
            _("Each part of the design system in its states. All names and figures are made up.")
        ],
    }


def _tables() -> dict[str, Any]:
    """Return district rows and the table that becomes cards: short, long, done, empty."""
    long_name = "Thị trấn Nông trường Nguyễn Thị Minh Khai Thượng"
    badge = {"label": _("Status"), "badge": _("Completed"), "tone": "success", "icon": "check"}
    missing = {"label": _("What is missing"), "lines": ["4/6 giờ buổi 3", "Bài kiểm tra 2"]}
    latest = {"latest": {"label": "Xã Nguyễn Úy (12/12)", "url": "#"}}
    return {
        "district_columns": [
            {"label": _("Place")},
            {"label": _("Completed")},
            {"label": _("Share"), "num": True},
            *({"label": cell["label"], "num": True} for cell in _cells("")),
        ],
        "district_total": _cells("120"),
        "district_rows": [
            _district("Huyện Kim Bảng", 79, 368, _cells("75")) | latest,
            _district("Huyện Duy Tiên", 0, 23, _cells("0", note=_from("05/06"))) | _ahead(),
            _district("Thành phố Phủ Lý", 434, 434, _cells("101")),
            _district(long_name, 1, 12045, _cells("1.200", url="#")),
            _district("Huyện Lý Nhân", 0, 0, _cells("")),
        ],
        "people_columns": [
            {"label": _("Full name")},
            {"label": _("Staff code")},
            {"label": _("Status"), "fit": True},
            {"label": _("What is missing")},
        ],
        "people_rows": _people(badge, missing),
    }


def _people(badge: dict[str, Any], missing: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": "Nguyễn Thị Mẫu",
            "url": "#",
            "cells": [{"label": _("Staff code"), "text": "HN001", "url": "#"}, badge, missing],
        },
        {
            "label": "Công Tằng Tôn Nữ Thị Huyền Trang Mẫu",
            "cells": [
                {"label": _("Staff code"), "text": ""},
                badge | {"badge": _("Absent"), "tone": "danger", "icon": "absent"},
                {"label": _("What is missing"), "text": ""},
            ],
        },
    ]


def _ahead() -> dict[str, str]:
    """Return what a district row says of itself when everybody waits for a class."""
    return {"ahead": _("Not begun, the class begins on %(day)s") % {"day": "05/06/2026"}}


def _from(day: str) -> str:
    return _("from %(day)s") % {"day": day}


def _cells(text: str, *, url: str = "", note: str = "") -> list[dict[str, Any]]:
    labels = (_("Class to come"), _("In no class"), _("Certificates"))
    return [{"label": label, "text": text, "url": url, "note": note} for label in labels]


def _district(
    label: str, completed: int, people: int, cells: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "label": label,
        "completed": completed,
        "people": people,
        "is_done": 0 < people == completed,
        "cells": cells,
    }


def _pictures() -> dict[str, Any]:
    places = [
        Tile("Duy Tiên", 0.17, "17%", "65/392", "Duy Tiên 17%", url="#", place=(1, 0)),
        Tile("Kim Bảng", 0, "0%", "0/368", "Kim Bảng 0%", url="#", place=(0, 1)),
        Tile("Phủ Lý", 1, "100%", "434/434", "Phủ Lý 100%", url="#", place=(1, 1)),
        Tile("Lý Nhân", None, "–", "–", "Lý Nhân –", place=(2, 1)),
    ]
    loose = [
        Tile("Lương Khánh Thiện", 0.5, "50%", "9/18", "Lương Khánh Thiện 50%"),
        Tile("Ba Sao", 0.96, "96%", "23/24", "Ba Sao 96%"),
        Tile("Nông trường Minh Khai", 0.01, "1%", "1/240", "Nông trường Minh Khai 1%"),
    ]
    bars = [
        Bar("Huyện Lý Nhân", (122, 97, 76, 40, 200), "413", "Lý Nhân 122, 97, 76, 40, 200"),
        Bar("Thị trấn Nông trường Minh Khai", (3, 0, 40), "40", "Minh Khai 3, 0, 40"),
        Bar("Thành phố Phủ Lý", (434, 0, 0), "0", "Phủ Lý 434, 0, 0"),
    ]
    return {
        "tile_map": draw_tile_map(places),
        "loose_map": draw_tile_map(loose),
        "no_map": draw_tile_map([]),
        "chart": draw_bar_chart(bars),
        "no_chart": draw_bar_chart([]),
        "legend": [
            _("Completed"),
            pgettext("of a trainee", "In progress"),
            _("Class to come"),
            _("Class over, not completed"),
            _("In no class"),
        ],
    }


def _basics() -> dict[str, Any]:
    return {
        "tones": TONES,
        "icons": ICONS,
        "statuses": STATUSES,
        "day": date(2026, 6, 5),
        "form": SampleForm(),
        "wrong_form": SampleForm({"name": "Nguyễn Thị Mẫu", "phone": ""}, auto_id="wrong_%s"),
        "filter_form": SampleFilterForm(),
        "page": Paginator(range(241), 20).page(2),
        "trail": [{"label": _("Province"), "url": "#"}, {"label": "Kim Bảng", "url": "#"}],
        "actions": [{"label": _("Print"), "url": "#", "icon": "print"}],
        "contacts": [
            {"role": _("Trainer"), "name": "Trần Văn Mẫu", "phone": "+84900000000"},
            {"role": _("Coordinator"), "name": "Nguyễn Thị Mẫu", "phone": ""},
        ],
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
