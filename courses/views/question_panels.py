"""The form of a question: what its kind needs, with an example of each kind."""

from functools import cache
from typing import Any, Final

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel

from courses.domain.question_options import FEWEST_OPTIONS, MOST_OPTIONS
from courses.enums import CHOICE_KINDS, QuestionKind
from courses.forms import QuestionForm
from courses.models import Question
from lms.core.readers import SignedInRequest

_CHOICE_HELP: Final = _("At least two; tick the correct ones.")
_FEEDBACK: Final = FieldPanel(
    "feedback", help_text=_("Shown with the result to those who gave this answer. May stay empty.")
)
_EXAMPLES: Final = {
    QuestionKind.MATCHING: _(
        "For example: “See a child hit in the street” belongs to “Report at once”, “Hear that a "
        "child was absent for a day” belongs to “Ask first”. Two rows may have the same answer. "
        "Trainees see the right texts mixed."
    ),
    QuestionKind.ORDERING: _(
        "For example the steps of a home visit. Write them in the right order, at least three; "
        "trainees see them mixed."
    ),
    QuestionKind.NUMBER: _(
        "For example 16, or 1,5. With a tolerance of 0,5 everything from 1 to 2 is right. Say in the "
        "question which unit is meant."
    ),
    QuestionKind.SHORT_TEXT: _(
        "For example “sao nhãng”, and “bỏ mặc” if that is right as well. Capital letters do not "
        "matter; an answer without any Vietnamese marks is accepted and shown in full afterwards."
    ),
}
_HEADINGS: Final = {
    QuestionKind.MATCHING: (_("Pairs"), _("Pair")),
    QuestionKind.ORDERING: (_("Items in the right order"), _("Item")),
    QuestionKind.NUMBER: (_("Right numbers"), _("Right number")),
    QuestionKind.SHORT_TEXT: (_("Accepted answers"), _("Accepted answer")),
}


def question_panels(kind: QuestionKind) -> list[Panel]:
    """Return the panels of the form for questions of this kind."""
    return [
        # A draft needs these two; what else is missing is asked for when it is published.
        FieldPanel(
            "key", help_text=_("Short and unique, for example M01-Q01."), required_on_save=True
        ),
        FieldPanel("kind", help_text=_("What trainees do: tick, match, put in order or write.")),
        FieldPanel(
            "text",
            help_text=_("One fact in one short sentence: it will be read on a phone."),
            required_on_save=True,
        ),
        _options_panel(kind),
        _picture_panel(),
        _case_panel(),
        _draw_panel(),
        _source_panel(),
    ]


def _draw_panel() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldPanel("difficulty"),
            FieldPanel("tags", help_text=_("Parted by commas. Quizzes draw by them.")),
        ],
        heading=_("To draw it by"),
    )


def _picture_panel() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldPanel("picture", help_text=_("Small on a phone: one thing, large.")),
            FieldPanel(
                "picture_alt",
                help_text=_(
                    "One sentence for those who cannot see it; if empty, the description of "
                    "the picture."
                ),
            ),
        ],
        heading=_("Picture"),
    )


def _case_panel() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldPanel(
                "case",
                help_text=_(
                    "For a made-up case that is asked in steps: what happens stands above each "
                    "of them. Write the case first, below “Cases”."
                ),
            ),
            FieldPanel("case_step", help_text=_("1 comes first; if empty, after the last.")),
        ],
        heading=_("Step of a case"),
    )


def _source_panel() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldPanel(
                "explanation",
                help_text=_(
                    "Shown with the result, also before the quiz is passed: tell why, and do "
                    "not name the answer."
                ),
            ),
            FieldPanel("lesson", help_text=_("Where the fact is taught, to look it up.")),
            FieldPanel(
                "source",
                help_text=_("The document that states the fact; if empty, that of the lesson."),
            ),
            FieldPanel(
                "as_of",
                help_text=_(
                    "The year whose law and plan it describes; if empty, that of the lesson."
                ),
            ),
        ],
        heading=_("Where the fact comes from"),
    )


def _options_panel(kind: QuestionKind) -> InlinePanel:
    heading, label = _HEADINGS.get(kind, (_("Answers"), _("Answer")))
    return InlinePanel(
        "options",
        heading=heading,
        label=label,
        help_text=_EXAMPLES.get(kind, _CHOICE_HELP),
        panels=_option_fields(kind),
        min_num=FEWEST_OPTIONS[kind],
        max_num=MOST_OPTIONS,
    )


def _option_fields(kind: QuestionKind) -> list[Panel]:
    if kind == QuestionKind.MATCHING:
        left = FieldPanel("text", heading=_("Left"), help_text=_("What stands in the row."))
        right = FieldPanel(
            "match", heading=_("Belongs to"), help_text=_("What one chooses for it.")
        )
        return [left, right, _FEEDBACK]
    if kind == QuestionKind.ORDERING:
        return [FieldPanel("text", heading=_("Item"))]
    if kind == QuestionKind.NUMBER:
        number = FieldPanel("text", heading=_("Number"), help_text=_("Figures alone, such as 1,5."))
        near = FieldPanel(
            "tolerance", help_text=_("How far from it is still right; empty: exactly.")
        )
        return [number, near, _FEEDBACK]
    if kind == QuestionKind.SHORT_TEXT:
        text = FieldPanel("text", heading=_("Accepted answer"), help_text=_("With all its marks."))
        return [text, _FEEDBACK]
    return [
        FieldPanel(
            "text", help_text=_("About as long as the others, or its length gives it away.")
        ),
        FieldPanel("is_correct", help_text=_("Tick if this answer is correct.")),
        _FEEDBACK,
    ]


@cache
def panels_of(kind: QuestionKind) -> Any:
    """Return the bound panels of the form for this kind; kinds of choices share one."""
    kind = QuestionKind.SINGLE if kind in CHOICE_KINDS else kind
    panels = ObjectList(question_panels(kind), base_form_class=QuestionForm)
    return panels.bind_to_model(Question)


def known_kind(word: str) -> QuestionKind:
    """Return the kind of this name; the most usual one for any other word."""
    return QuestionKind(word) if word in QuestionKind else QuestionKind.SINGLE


class KindPanelMixin:
    """Shows the form of the kind of the question; `asked_kind` says which, else its own."""

    request: SignedInRequest
    object: Any

    def asked_kind(self) -> QuestionKind:
        return QuestionKind(self.object.kind)

    @cached_property
    def _panels(self) -> Any:
        return panels_of(self.asked_kind())

    def get_form_class(self) -> Any:
        return self._panels.get_form_class()

    def get_bound_panel(self, form: Any) -> Any:
        return self._panels.get_bound_panel(request=self.request, instance=form.instance, form=form)
