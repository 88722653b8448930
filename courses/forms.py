"""The forms of the Wagtail admin, for classes, questions and what a class asks; a note on a lesson."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.widgets import AdminDateInput

from courses.domain.notes import LONGEST_NOTE
from courses.domain.question_options import check_options, family_of, written
from courses.domain.questions import (
    alternative_text,
    check_published,
    defaults_of_lesson,
    step_of_case,
)
from courses.domain.quiz_draws import check_pools, pools_meant
from courses.domain.quiz_pairs import check_purpose
from courses.domain.runs import announce_change, check_period, check_plan, create_run
from courses.enums import CHOICE_KINDS, QuizPurpose
from courses.extensions import CompletionCriterion, completion_criteria
from courses.models import CourseRun, Question, Quiz
from courses.models.quizzes import may_write_quiz
from courses.permissions import host_units, trainers_for
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.core.display import speaks_content, vi_number
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalOnForm
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.forms import ScopedModelForm

DAY_FORMAT = "%d/%m/%Y"


class DayField(forms.DateField):
    """A day as it is written in Việt Nam; ISO is understood, too."""

    widget = AdminDateInput(format=DAY_FORMAT)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[DAY_FORMAT, "%d-%m-%Y", "%Y-%m-%d"], **kwargs)


class CourseRunForm(ScopedModelForm):
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))

    # Limited below, since a trainer oversees no unit and sees no colleague otherwise.
    open_fields = ("unit", "trainers")

    def __init__(
        self, *args: Any, known: Mapping[str, str] = MappingProxyType({}), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer_programmes()
        units = self.fields["unit"]
        units.queryset = host_units(self.for_user).filter(edition__programmes__isnull=False)
        units.queryset = units.queryset.distinct().order_by("path")
        trainers = self.fields["trainers"]
        trainers.widget = CheckboxSelectMultiple()
        near = trainers_for(self.for_user)
        if self.instance.pk:
            # Whoever teaches the class already stays in it.
            teaching = self.instance.trainers.values("pk")
            near = User.objects.filter(Q(pk__in=near.values("pk")) | Q(pk__in=teaching))
        trainers.queryset = near.order_by("sort_key", "staff_code")
        self._fill_in(known)

    def _fill_in(self, known: Mapping[str, str]) -> None:
        """Fill in what is known of the class already, as far as it is on offer."""
        for name in ("programme", "course", "unit"):
            number = read_number(known.get(name, ""))
            if number and self.fields[name].queryset.filter(pk=number).exists():
                self.initial[name] = number

    def _offer_programmes(self) -> None:
        """Offer them as radio buttons, since their names are long;
        what there is one of is filled in.
        """
        programmes = self.fields["programme"]
        programmes.empty_label = None
        programmes.widget = RadioSelect(choices=programmes.choices)
        if self.instance.pk:
            return
        for name in ("programme", "course"):
            only = list(self.fields[name].queryset.all()[:2])
            if len(only) == 1:
                self.initial.setdefault(name, only[0].pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        plan: dict[str, Any] = {
            name: cleaned.get(name) for name in ("starts_on", "ends_on", "unit", "programme")
        }
        if all(plan.values()):
            with RefusalOnForm(self):
                check_plan(**plan)
        return cleaned

    def save(self, commit: bool = True) -> CourseRun:
        if self.instance.pk:
            saved: CourseRun = super().save(commit)
            before = {name: self.initial.get(name) for name in self.changed_data}
            announce_change(run=saved, before=before, by=self.for_user, at=timezone.now())
            return saved
        run = super().save(commit=False)
        return create_run(run=run, trainers=self.cleaned_data["trainers"], by=self.for_user)


class ProgrammeForm(ScopedModelForm):
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        period: dict[str, Any] = {name: cleaned.get(name) for name in ("starts_on", "ends_on")}
        if all(period.values()):
            with RefusalOnForm(self):
                check_period(**period)
        return cleaned


class QuizForm(ScopedModelForm):
    """A quiz with the questions that everybody gets, and with what is drawn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].error_messages["unique"] = _(
            "This module has its quiz already: change that one. A quiz before or after the "
            "training can have a module of its own."
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("purpose") == QuizPurpose.PRE_TEST:
            # As the field says; whoever marks a quiz need not find the other field.
            cleaned["max_attempts"] = 1
        module = cleaned.get("module")
        if module and not may_write_quiz(self.for_user, module):
            self.add_error("module", _("This is outside the area you look after."))
        if "module" in cleaned and "purpose" in cleaned:
            with RefusalOnForm(self):
                check_purpose(
                    quiz=Quiz(
                        pk=self.instance.pk, module=cleaned["module"], purpose=cleaned["purpose"]
                    )
                )
        draws, fixed = self.formsets["draws"], self.formsets["quiz_questions"]
        if "module" in cleaned and draws.is_valid() and fixed.is_valid():
            chosen = [form.cleaned_data["question"] for form in _kept(fixed)]
            asked = {question.pk for question in chosen}
            with RefusalOnForm(self):
                check_published(questions=chosen)
            quiz = Quiz(module=cleaned["module"])
            pools = pools_meant(
                quiz=quiz, draws=[form.instance for form in _kept(draws)], asked=asked
            )
            with RefusalOnForm(self):
                check_pools(title=cleaned.get("title", ""), pools=pools)
        return cleaned


def _kept(formset: Any) -> list[Any]:
    return [form for form in formset.ordered_forms if form.cleaned_data]


class QuestionForm(ScopedModelForm):
    """A question with its answers; source and date may be those of the lesson that is named."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "as_of"):
            self.fields[name].required = False
        # Other kinds have other fields.
        self.fields["kind"].choices = [
            (kind.value, kind.label) for kind in family_of(self.instance.kind)
        ]

    def _add_what_the_lesson_says(self, cleaned: dict[str, Any]) -> None:
        lesson = cleaned.get("lesson")
        defaults = defaults_of_lesson(lesson=lesson) if lesson else {}
        for name in ("source", "as_of"):
            cleaned[name] = cleaned.get(name) or defaults.get(name, "")
            if not cleaned[name] and name not in self.errors and not self.is_deferred_validation:
                required = self.fields[name].error_messages["required"]
                self.add_error(name, ValidationError(required, code="required"))

    def clean(self) -> dict[str, Any]:
        """A draft may lack what is asked for when it is published."""
        cleaned: dict[str, Any] = super().clean()
        self._add_what_the_lesson_says(cleaned)
        if "picture_alt" in cleaned:
            with RefusalOnForm(self):
                cleaned["picture_alt"] = alternative_text(
                    picture=cleaned.get("picture"), typed=cleaned["picture_alt"]
                )
        if "case_step" in cleaned:
            cleaned["case_step"] = step_of_case(
                case=cleaned.get("case"), typed=cleaned["case_step"], pk=self.instance.pk
            )
        options = self.formsets["options"]
        if "kind" in cleaned and options.is_valid():
            self._check_options(cleaned["kind"], options)
        return cleaned

    def _check_options(self, kind: str, options: Any) -> None:
        kept = _kept(options)
        if kind not in CHOICE_KINDS:
            # Nothing wrong is on offer, so there is nothing to tick.
            for form in kept:
                form.instance.is_correct = True
        if self.is_deferred_validation:
            return
        with RefusalOnForm(self):
            check_options(kind=kind, options=[written(form.instance) for form in kept])


class QuestionSearchForm(SearchFilterMixin, BaseFilterForm):
    """Of the window in which the questions of a quiz are chosen."""

    def filter(self, objects: QuerySet[Question]) -> QuerySet[Question]:
        self.search_query = self.cleaned_data.get("q") or ""
        self.is_searching = bool(self.search_query)
        return objects.search(self.search_query)  # type: ignore[attr-defined]


class EnrolByAreaForm(forms.Form):
    """All people of some cadres who hold a post in a unit or below it."""

    unit = forms.ModelChoiceField(
        AdministrativeUnit.objects.none(),
        label=_("District or commune"),
        help_text=_("A district includes all its communes."),
        empty_label=_("Choose a unit"),
    )
    cadres = forms.MultipleChoiceField(
        label=_("Cadres"),
        choices=Cadre.choices,
        widget=CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one cadre.")},
    )

    def __init__(self, *args: Any, run: CourseRun, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = host_units(user).filter(edition=run.programme.edition_id)
        self.fields["unit"].queryset = units.order_by("path")  # type: ignore[attr-defined]


class PeopleField(forms.ModelMultipleChoiceField):
    """Ticked people; whatever is no number of theirs is one refusal, never a message of Django's."""

    def clean(self, value: Any) -> Any:
        # A number longer than those of the database would be an error of its driver.
        if all(read_number(str(one)) for one in value or ()):
            return super().clean(value)
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


class EnrolByNameForm(forms.Form):
    """Those ticked among people who may join."""

    people = PeopleField(
        User.objects.none(),
        error_messages={
            "required": _("Tick at least one person."),
            "invalid_choice": _(
                "Somebody you ticked can no longer be enrolled in this class, so nobody has been "
                "enrolled. Check the list and tick again."
            ),
        },
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[str]:
        """What was ticked, as it came."""
        return set(self["people"].data or [])


class CancelRunForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the class does not take place"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Trainees and trainers read it, too."),
    )
    instead: "forms.ModelChoiceField[CourseRun]" = forms.ModelChoiceField(
        CourseRun.objects.none(),
        label=_("What comes instead"),
        required=False,
        empty_label=_("Nothing yet"),
        help_text=_("Nobody is enrolled in it by this: do that on the page of that class."),
    )

    def __init__(self, *args: Any, choices: QuerySet[CourseRun], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[CourseRun]", self.fields["instead"]).queryset = choices


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept in the history of the class list."),
        error_messages={"required": _("Please say why this person is leaving the class.")},
    )


class RequirementsForm:
    """What a class asks: for each installed criterion whether it is asked, and its parameters.

    The parameters of a criterion that is not ticked are not looked at.
    """

    def __init__(self, data: Any = None, *, asked: Mapping[str, dict[str, Any]]) -> None:
        self.lines = [
            RequirementLine(data, criterion=criterion, current=asked)
            for criterion in completion_criteria
        ]
        self.error = ""

    def is_valid(self) -> bool:
        valid = all(line.is_valid() for line in self.lines)
        if valid and not self.requirements:
            self.error = str(_("A class must have at least one requirement."))
        return valid and not self.error

    def add_error(self, field: str | None, error: ValidationError) -> None:
        """Keep what a rule refuses: it is about the requirements as a whole."""
        self.error = error.messages[0]

    @property
    def fields(self) -> tuple[str, ...]:
        """No field that a refusal could be about."""
        return ()

    @property
    def requirements(self) -> dict[str, dict[str, Any]]:
        """Parameters by the key of the criterion; only after `is_valid`."""
        return {
            line.criterion.key: line.params.cleaned_data for line in self.lines if line.is_asked
        }

    def __iter__(self) -> Iterator["RequirementLine"]:
        return iter(self.lines)


class RequirementLine:
    """One criterion on the page: a tick and a form."""

    def __init__(
        self, data: Any, *, criterion: CompletionCriterion, current: Mapping[str, dict[str, Any]]
    ) -> None:
        self.criterion = criterion
        self.tick_name = f"ask-{criterion.key}"
        self.is_asked = self.tick_name in data if data else criterion.key in current
        # What a class has not said keeps its plain meaning: the defaults are for what is new.
        known = current.get(criterion.key) or criterion.default_params()
        self.params = criterion.params_form(
            data if self.is_asked else None, prefix=criterion.key, initial=known
        )

    def is_valid(self) -> bool:
        return not self.is_asked or self.params.is_valid()


class NoteForm(forms.Form):
    """A note of one's own; `courses.domain.notes.save_note` holds its length."""

    text = forms.CharField(label=_("My note on this lesson"), required=False, strip=False)
    # The sign of the text that the page showed.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft_key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "Only you can read it. At most %(most)s characters; an empty note is deleted."
        ) % {"most": vi_number(LONGEST_NOTE)}
        # suite.js keeps under this key what has not been saved.
        attrs: dict[str, Any] = {"rows": 5, "maxlength": LONGEST_NOTE, "data-draft": draft_key}
        if not speaks_content():
            attrs["lang"] = settings.LANGUAGE_CODE
        self.fields["text"].widget = forms.Textarea(attrs=attrs)
