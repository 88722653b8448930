"""Photos and scans of signed sheets, as many as one likes at once."""

from typing import Any, cast

from django import forms
from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from attendance.domain.grid import session_heading
from attendance.domain.paper.scans import MOST_AT_ONCE
from attendance.models import Session
from courses.models import CourseRun
from lms.core.sent_papers import ACCEPTED


class _Pictures(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files; what is wrong with one of them is said by the rule that takes them in."""

    widget = _Pictures

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            super().clean(None, initial)
        if len(data) > MOST_AT_ONCE:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Please send at most %(most)d file at once.",
                    "Please send at most %(most)d files at once.",
                    "most",
                ),
                code="too_many_files",
                params={"most": MOST_AT_ONCE},
            )
        return [super(_FilesField, self).clean(one, initial) for one in data]


class _SessionField(ModelChoiceField[Session]):
    def label_from_instance(self, obj: Session) -> str:
        return session_heading(obj)


class PapersForm(forms.Form):
    papers = _FilesField(
        allow_empty_file=True,
        label=_("Photos or scans of the signed sheet"),
        help_text=_(
            "Pictures and PDFs, several at once. The code on each page says to which session it "
            "belongs. Only those who take the roll can see them."
        ),
        widget=_Pictures(attrs={"accept": ACCEPTED}),
    )
    session = _SessionField(
        Session.objects.none(),
        label=_("Session, where no code can be read"),
        required=False,
        empty_label=_("The code on the sheet says it"),
        help_text=_("For pages on which the code is cut off or blurred."),
    )

    def __init__(self, *args: Any, run: CourseRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = run.sessions.filter(cancelled_at=None).order_by("starts_at", "pk")
        cast("ModelChoiceField[Session]", self.fields["session"]).queryset = sessions
