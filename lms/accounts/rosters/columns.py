"""How the cells of a list of people are read and shown."""

import re
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from lms.accounts.enums import Cadre, Sex
from lms.accounts.register.domain.login_lookup import normal_staff_code
from lms.accounts.register.domain.phones import looks_like_phone
from lms.accounts.rosters.domain.names import read_name
from lms.accounts.rosters.domain.posting_changes import PostingChange
from lms.accounts.rosters.domain.titles import cadre_titled
from lms.core.display import phone_local
from lms.core.text import fold

EARLIEST_YEAR_OF_BIRTH = 1900
_LONGEST = {"full_name": 150, "staff_code": 32}


# What a list says of a post that changes.
_CHANGE_WORDS = {
    PostingChange.TRANSFER: ("chuyen", "chuyen cong tac", "dieu dong", "luan chuyen", "chuyen den"),
    PostingChange.LEAVE: (
        "nghi",
        "nghi viec",
        "thoi viec",
        "nghi huu",
        "thoi",
        "thoi giu chuc danh",
        "nghi che do",
        "nghi cong tac",
        "tu tran",
        "qua doi",
    ),
    PostingChange.RETURN: ("tro lai", "quay lai", "tro lai lam viec"),
    PostingChange.SECOND: ("kiem nhiem", "kiem", "them chuc danh"),
}


class NameWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        name = read_name(text=value).name
        if len(name) > _LONGEST["full_name"] or not any(char.isalpha() for char in name):
            raise ValueError(_("This is not a person's name."))
        return name


class StaffCodeWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        code = normal_staff_code(value)
        if "@" in code or looks_like_phone(code) or len(code) > _LONGEST["staff_code"]:
            raise ValueError(_("A staff code must contain a letter and no @."))
        return code


class PhoneWidget(Widget):
    """E.164 inside, as one dials it outside."""

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        # A number of the old plans stands as it came.
        return phone_local(value) if value and value.startswith("+") else value or ""


class EmailWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        address = value.strip().lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return address


class YearWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        year, latest = int(value), timezone.localdate().year
        if not EARLIEST_YEAR_OF_BIRTH <= year <= latest:
            raise ValueError(
                _("The year of birth must be between %(earliest)s and %(latest)s.")
                % {"earliest": str(EARLIEST_YEAR_OF_BIRTH), "latest": str(latest)}
            )
        return year


class SexWidget(Widget):
    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(Sex(value).label) if value else ""


class ChangeWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        words = _plain(value)
        for change in PostingChange:
            if words in (change.value, _plain(str(change.label)), *_CHANGE_WORDS[change]):
                return change.value
        raise ValueError(
            _("“%(text)s” is not one of these changes: %(changes)s.")
            % {"text": value, "changes": ", ".join(str(change.label) for change in PostingChange)}
        )

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(PostingChange(value).label) if value in PostingChange.values else value or ""


class ReasonWidget(Widget):
    """A reason in words of one's own: the one change that it speaks of, "" for none."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        words = _plain(value)
        told = [
            change.value
            for change, known in _CHANGE_WORDS.items()
            # A syllable alone is also part of others: “nghị quyết”, “thời gian”, “kiểm tra”.
            if any(one == words or (" " in one and f" {one} " in f" {words} ") for one in known)
        ]
        return told[0] if len(told) == 1 else ""


class CadreWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        words = _plain(value)
        if (called := _cadres(get_language()).get(words)) is not None:
            return called
        if (titled := cadre_titled(value)) is not None:
            return titled.value
        raise ValueError(
            _("“%(text)s” is not one of the cadres: %(cadres)s.")
            % {"text": value, "cadres": ", ".join(str(cadre.label) for cadre in Cadre)}
        )

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(Cadre(value).label) if value else ""


@lru_cache
def _cadres(_language: str | None) -> dict[str, str]:
    """Return the cadres by their names in the language that is in force."""
    labels = {_plain(str(cadre.label)): cadre.value for cadre in Cadre}
    return {**labels, **{value: value for value in Cadre.values}}


def _plain(text: str) -> str:
    """Return folded words without signs: “Công chức Văn hoá - Xã hội”
    is “cong chuc van hoa xa hoi”.
    """
    return " ".join(re.findall(r"[^\W_]+", fold(text)))
