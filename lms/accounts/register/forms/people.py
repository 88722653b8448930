"""What the register asks about people and their roles."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from lms.accounts.enums import Cadre, Role
from lms.accounts.models import Posting, RoleAssignment, User
from lms.accounts.register.domain.account_state import record_account_state
from lms.accounts.register.domain.field_parsers import (
    read_email,
    read_full_name,
    read_phone,
    read_year_of_birth,
)
from lms.accounts.register.domain.login_lookup import (
    LOGIN_MAX_LENGTH,
    find_login,
    normal_staff_code,
)
from lms.accounts.register.domain.phones import looks_like_phone
from lms.accounts.register.domain.postings import post, transfer
from lms.accounts.register.domain.roles import assign_role
from lms.accounts.register.domain.unit_choices import usual_units
from lms.accounts.register.forms.minimal import MinimalRecordMixin
from lms.core.display import phone_local
from lms.core.refusal import Refusal
from lms.core.text import nfc
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.forms import ScopedModelForm

Value = TypeVar("Value")


def _read(reader: Callable[..., Value], text: str) -> Value:
    """Return what the rule makes of the text; raise its refusal as that of a form."""
    try:
        return reader(text=text)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


class UnitChoiceField(forms.ModelChoiceField):
    """A unit by its name; names repeat from one edition to the next, so that is said too."""

    def label_from_instance(self, obj: AdministrativeUnit) -> str:
        return f"{obj.display_name} ({obj.edition.valid_from:%Y})"


def choose_usual_units(*, field: Any, by: User, keep: int | None = None) -> None:
    """Let the field offer the units of the edition in use, and the one that is held."""
    today = timezone.localdate()
    field.queryset = usual_units(by=by, on=today, units=field.queryset, keep=keep)


class PersonForm(MinimalRecordMixin, ScopedModelForm):
    """A person of the register with the post held now.

    A new person gets no password that works; an invitation lets in and asks for one.
    """

    unit = UnitChoiceField(
        label=_("Unit"),
        queryset=AdministrativeUnit.objects.select_related("edition"),
        required=False,
        help_text=_("Only the people you look after are listed below."),
    )
    cadre = forms.ChoiceField(label=_("Cadre"), choices=[("", "–"), *Cadre.choices], required=False)
    since = forms.DateField(
        label=_("In this post since"),
        required=False,
        initial=timezone.localdate,
        widget=AdminDateInput,
        help_text=_("If the unit or the cadre changes: the first day in the new post."),
    )

    class Meta:
        model = User
        fields = (
            "full_name",
            "staff_code",
            "phone",
            "email",
            "sex",
            "year_of_birth",
            "is_active",
        )
        help_texts: ClassVar = {
            "full_name": _("Family name, middle name, given name, with all diacritics."),
            "staff_code": _("Letters and digits, such as HN00864; it can be used to log in."),
            "email": _("Reminders go there; leave empty when there is none."),
            "is_active": _(
                "Untick when the person leaves: the account is closed and everything is kept."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A number is typed with spaces and dots; the column holds none of them.
        self.fields["phone"] = forms.CharField(
            label=_("Phone number"),
            required=False,
            max_length=30,
            help_text=_("As dialled: 0912 345 678. It can be used to log in."),
        )
        if self.initial.get("phone"):
            self.initial["phone"] = phone_local(self.initial["phone"])
        self.current = self._current_posting()
        choose_usual_units(
            field=self.fields["unit"],
            by=self.for_user,
            keep=self.current.unit_id if self.current else None,
        )
        if self.current:
            self.initial |= {
                "unit": self.current.unit_id,
                "cadre": self.current.cadre,
                "since": self.current.valid_from,
            }
        self.fit_to_kind()

    def clean_full_name(self) -> str:
        typed = self.cleaned_data["full_name"]
        return _read(read_full_name, typed) if typed else ""

    def clean_staff_code(self) -> str:
        code = normal_staff_code(self.cleaned_data["staff_code"])
        if "@" in code or looks_like_phone(code):
            # The one log-in box must know which of the three was typed.
            raise forms.ValidationError(
                _("A staff code must contain a letter and no @."), code="staff_code"
            )
        return code

    def clean_phone(self) -> str | None:
        raw = self.cleaned_data["phone"]
        return _read(read_phone, raw) if nfc(raw) else None

    def clean_year_of_birth(self) -> int | None:
        year: int | None = self.cleaned_data["year_of_birth"]
        return None if year is None else _read(read_year_of_birth, str(year))

    def clean_email(self) -> str | None:
        raw = self.cleaned_data["email"]
        return _read(read_email, raw) if raw else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        # Asked before an error takes the cadre out.
        cadre = cleaned.get("cadre") or ""
        if bool(cleaned.get("unit")) != bool(cadre):
            self.add_error("cadre", _("A post needs both a unit and a cadre."))
        if cleaned.get("unit") and not cleaned.get("since"):
            self.add_error("since", _("Please give the start date."))
        self.clean_kind(cleaned, cadre)
        return cleaned

    def save(self, commit: bool = True) -> User:
        is_new = self.instance.pk is None
        if is_new:
            self.instance.set_unusable_password()
        user: User = super().save(commit=commit)
        if is_new and user.is_minimal:
            self.save_consent(user)
        if not is_new and "is_active" in self.changed_data:
            record_account_state(user=user, by=self.for_user)
        unit, cadre = self.cleaned_data["unit"], self.cleaned_data["cadre"]
        on = self.cleaned_data["since"]
        if self.current and unit and {"unit", "cadre"} & set(self.changed_data):
            transfer(
                user=user,
                from_unit=self.current.unit,
                to_unit=unit,
                cadre=Cadre(cadre),
                on=on,
                by=self.for_user,
            )
        elif unit and not self.current:
            post(user=user, unit=unit, cadre=Cadre(cadre), on=on, by=self.for_user)
        return user

    def _current_posting(self) -> Posting | None:
        if self.instance.pk is None:
            return None
        seen = Posting.objects.visible_to(self.for_user).filter(user=self.instance, valid_to=None)
        return seen.select_related("unit").first()


class RoleForm(ScopedModelForm):
    """A role for a person who is typed as on the log-in page: a choice of thousands is none."""

    person = forms.CharField(
        label=_("Phone number, staff code or e-mail"),
        max_length=LOGIN_MAX_LENGTH,
        help_text=_("Of the person who is given the role; they must be on the register."),
    )
    unit = UnitChoiceField(
        label=_("Unit"),
        queryset=AdministrativeUnit.objects.select_related("edition"),
        help_text=_("The role applies to this unit and all units below it."),
    )

    class Meta:
        model = RoleAssignment
        fields = ("role",)

    field_order = ("person", "role", "unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_usual_units(field=self.fields["unit"], by=self.for_user)

    def clean_person(self) -> User:
        found = find_login(text=self.cleaned_data["person"])
        if found is None or not User.objects.visible_to(self.for_user).filter(pk=found.pk).exists():
            raise forms.ValidationError(
                _("Nobody in your area has this phone number, staff code or e-mail."),
                code="person",
            )
        return found

    def save(self, commit: bool = True) -> RoleAssignment:
        self.instance = assign_role(
            user=self.cleaned_data["person"],
            role=Role(self.cleaned_data["role"]),
            unit=self.cleaned_data["unit"],
            by=self.for_user,
        )
        return self.instance
