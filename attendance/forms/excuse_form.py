"""What a trainee writes who misses a session, or a trainer who takes it down on the phone."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.roll.recording import REASON_LENGTH
from courses.models import Enrolment
from courses.models.delivery import EnrolmentQuerySet
from lms.core.sent_papers import ACCEPTED, read_paper
from lms.core.show_refusal import RefusalOnForm

PAPER = "paper"


class PaperForm(forms.Form):
    """A photo or a PDF, from the camera or the files of the phone; read by its content."""

    paper = forms.FileField(
        label=gettext_lazy("Photo of the paper"),
        help_text=gettext_lazy(
            "A photo or a PDF of the invitation, leave or medical note. "
            "Only trainers of the class and those who decide can see it."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_paper(self) -> "ContentFile[bytes] | None":
        sent = self.cleaned_data[PAPER]
        if not sent:
            return None
        with RefusalOnForm(self, PAPER):
            return read_paper(sent, field=PAPER)
        return None


class ExcuseForm(PaperForm):
    """The reason, with a paper or without one."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("enrolment", "reason", PAPER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[PAPER].required = False

    def clean(self) -> dict[str, Any]:
        """Say that a browser does not send a file a second time by itself."""
        if self.errors and self.cleaned_data.get(PAPER):
            self.add_error(PAPER, _("Please choose the photo once more: it was not kept."))
        return self.cleaned_data


class NotedExcuseForm(ExcuseForm):
    """The same, taken down for somebody of the class."""

    enrolment = forms.ModelChoiceField(
        label=gettext_lazy("Trainee"), queryset=Enrolment.objects.none()
    )

    def __init__(self, *args: Any, people: EnrolmentQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["enrolment"]
        choice.queryset = people.select_related("user", "unit").in_name_order()
        choice.label_from_instance = _name_with_place


def _name_with_place(enrolment: Enrolment) -> str:
    return f"{enrolment.user.full_name} – {enrolment.unit.display_name}"
