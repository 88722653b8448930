"""How the cells of a list of people are read and shown."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from lms.accounts.domain.identifying import normal_staff_code
from lms.accounts.domain.phones import looks_like_phone
from lms.accounts.enums import Cadre, Sex
from lms.core.templatetags.ui import phone_local
from lms.core.text import fold, nfc

EARLIEST_YEAR_OF_BIRTH = 1900
_LONGEST = {"full_name": 150, "staff_code": 32}
# What offices write for the five cadres besides our own words.
_CADRE_WORDS = {
    Cadre.DISTRICT_OFFICER: ("can bo huyen", "can bo cap huyen"),
    Cadre.COMMUNE_OFFICER: ("can bo xa", "can bo cap xa", "cong chuc xa"),
    Cadre.COLLABORATOR: ("cong tac vien", "ctv", "tinh nguyen vien", "cong tac vien thon"),
    Cadre.PARENT_GROUP: ("nhom cha me", "cha me"),
    Cadre.CORE_CHILD: ("tre em nong cot", "tre nong cot"),
}


class NameWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        name = nfc(value)
        if len(name) > _LONGEST["full_name"] or not any(char.isalpha() for char in name):
            raise ValueError(_("This is not the name of a person."))
        return name


class StaffCodeWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        code = normal_staff_code(value)
        if "@" in code or looks_like_phone(code) or len(code) > _LONGEST["staff_code"]:
            raise ValueError(_("A staff code needs a letter and no @."))
        return code


class PhoneWidget(Widget):
    """E.164 inside, as one dials it outside."""

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return phone_local(value) if value else ""


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
                _("The year of birth lies between %(earliest)s and %(latest)s.")
                % {"earliest": str(EARLIEST_YEAR_OF_BIRTH), "latest": str(latest)}
            )
        return year


class SexWidget(Widget):
    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(Sex(value).label) if value else ""


class CadreWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        words = fold(value)
        for cadre in Cadre:
            if words in (cadre.value, fold(str(cadre.label)), *_CADRE_WORDS[cadre]):
                return cadre.value
        raise ValueError(
            _("“%(text)s” is not one of the cadres: %(cadres)s.")
            % {"text": value, "cadres": ", ".join(str(cadre.label) for cadre in Cadre)}
        )

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(Cadre(value).label) if value else ""
