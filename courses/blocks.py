"""What a lesson is made of."""

import re
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from courses import block_examples as examples
from courses.enums import CalloutTone
from courses.table_block import TableBlock

PHONE = r"^\+?[0-9](?:[ .-]?[0-9]){2,14}$"
RICH_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


#: The colour and the icon of each tone.
CALLOUT_LOOKS: Final = {
    CalloutTone.INFO: ("info", "info"),
    CalloutTone.WARNING: ("warning", "warning"),
    CalloutTone.REMEMBER: ("success", "check"),
    CalloutTone.LAW: ("info", "book"),
    CalloutTone.TIP: ("success", "info"),
}


class TextBlock(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "courses/blocks/text.html"
        description = _("Paragraphs, headings, lists and links.")
        preview_value = staticmethod(examples.text)


class FigureBlock(blocks.StructBlock):
    """A picture with its alternative text (`ImageBlock` asks for it) and a caption."""

    image = ImageBlock(label=_("Picture"))
    # Wagtail names this part by its variable, in English.
    image.child_blocks["image"].label = _("Picture")
    caption = blocks.CharBlock(
        label=_("Caption"), required=False, max_length=250, help_text=_("Shown below the picture.")
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "courses/blocks/figure.html"
        description = _("One picture with its alternative text and a caption.")
        preview_template = "courses/blocks/figure_preview.html"


class CoverBlock(blocks.StreamBlock):
    """At most one picture that opens a page, with its alternative text."""

    picture = ImageBlock(label=_("Picture"))

    class Meta:
        max_num = 1
        required = False


def _require_endings(value: Any, *, told: Any, **endings: tuple[str, ...]) -> Any:
    """Return the parts of a block; a file in it that ends otherwise is refused with what is `told`."""
    wrong = {
        name: ValidationError(told % {"name": value[name].filename}, code="file_kind")
        for name, allowed in endings.items()
        if value.get(name) and value[name].file_extension.lower() not in allowed
    }
    if wrong:
        raise blocks.StructBlockValidationError(block_errors=wrong)
    return value


class VideoBlock(blocks.StructBlock):
    """A video that is fetched only when the trainee taps it: data cost money."""

    def clean(self, value: Any) -> Any:
        told = _("“%(name)s” cannot be played here: a video is MP4 or WebM, its captions are VTT.")
        endings = {"file": ("mp4", "webm"), "captions": ("vtt",)}
        return _require_endings(super().clean(value), told=told, **endings)

    file = DocumentChooserBlock(
        label=_("Video file"),
        help_text=_("MP4 or WebM, up to 10 MB. Trainees pay for mobile data."),
    )
    title = blocks.CharBlock(
        label=_("What it shows"), max_length=150, help_text=_("Shown before the video is played.")
    )
    length = blocks.CharBlock(
        label=_("Length and size"), max_length=50, help_text=_("For instance: 3 minutes, 8 MB")
    )
    transcript = blocks.TextBlock(
        label=_("Transcript"),
        required=False,
        help_text=_("For people who cannot hear it or have run out of data."),
    )
    captions = DocumentChooserBlock(
        label=_("Captions"), required=False, help_text=_("A file of the kind VTT.")
    )
    poster = ImageChooserBlock(
        label=_("Still picture"), required=False, help_text=_("Shown until the video is played.")
    )

    class Meta:
        icon = "media"
        label = _("Tap-to-play video")
        template = "courses/blocks/video.html"
        description = _("Fetched when tapped; with captions, a still picture and what is said.")
        preview_value = staticmethod(examples.video)


class AudioBlock(blocks.StructBlock):
    """A recording, fetched when tapped; whoever cannot hear it reads it."""

    def clean(self, value: Any) -> Any:
        told = _("“%(name)s” cannot be played here: a recording is MP3 or M4A.")
        return _require_endings(super().clean(value), told=told, file=("mp3", "m4a"))

    file = DocumentChooserBlock(label=_("Recording"), help_text=_("MP3 or M4A, up to 10 MB."))
    title = blocks.CharBlock(label=_("What one hears"), max_length=150)
    length = blocks.CharBlock(
        label=_("Length and size"), max_length=50, help_text=_("For instance: 3 minutes, 2 MB")
    )
    transcript = blocks.TextBlock(
        label=_("Transcript"), help_text=_("Word for word: for people who cannot hear it.")
    )

    class Meta:
        icon = "media"
        label = _("Recording")
        template = "courses/blocks/audio.html"
        description = _("A voice to listen to, with every word of it to read.")
        preview_value = staticmethod(examples.audio)


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(
        label=_("Document"), help_text=_("PDF where possible: every phone opens it.")
    )
    description = blocks.CharBlock(
        label=_("What it is for"),
        required=False,
        max_length=200,
        help_text=_("Shown before the document is downloaded."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "courses/blocks/document.html"
        description = _("A form or an official document to keep.")
        preview_value = staticmethod(examples.document)


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        choices=CalloutTone.choices, label=_("Tone"), help_text=_("Decides the colour and picture.")
    )
    title = blocks.CharBlock(
        label=_("Title"), max_length=120, help_text=_("The point, in a few words.")
    )
    text = blocks.TextBlock(label=_("Text"), help_text=_("Two or three sentences."))

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        tone, icon = CALLOUT_LOOKS[value["tone"]]
        return context | {"look": {"tone": tone, "icon": icon}}

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "courses/blocks/callout.html"
        description = _("What the law says, a tip, a warning: one thing in a box.")
        preview_value = staticmethod(examples.callout)


class SelfCheckBlock(blocks.StructBlock):
    """A question to oneself, never marked; the answer opens on tap."""

    question = blocks.TextBlock(label=_("Question"), help_text=_("For reflection; never graded."))
    answer = blocks.TextBlock(label=_("Answer"), help_text=_("Opens when the trainee taps."))

    class Meta:
        icon = "help"
        label = _("Self-check question")
        template = "courses/blocks/self_check.html"
        description = _("A question to oneself; the answer opens on tap, nothing is graded.")
        preview_value = staticmethod(examples.self_check)


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("What to do"), max_length=120)),
                ("text", blocks.TextBlock(label=_("How"), required=False)),
            ],
            label=_("Step"),
        ),
        label=_("Steps"),
        min_num=2,
        max_num=9,
    )

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "courses/blocks/steps.html"
        description = _("What to do, one after the other.")
        preview_value = staticmethod(examples.steps)


class CaseBlock(blocks.StructBlock):
    """A made-up case, which says that it is."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    story = blocks.TextBlock(
        label=_("What happens"), help_text=_("No name and no place of a real child.")
    )
    question = blocks.TextBlock(label=_("Question"), required=False)
    answer = blocks.TextBlock(
        label=_("Answer"), required=False, help_text=_("Opens when the trainee taps.")
    )

    class Meta:
        icon = "user"
        label = _("Case")
        template = "courses/blocks/case.html"
        description = _("A made-up situation and what to do in it.")
        preview_value = staticmethod(examples.case)


class AccordionBlock(blocks.StructBlock):
    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("heading", blocks.CharBlock(label=_("Heading"), max_length=150)),
                ("text", blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES[2:])),
            ],
            label=_("Section"),
        ),
        label=_("Sections"),
        min_num=1,
        max_num=20,
    )

    class Meta:
        icon = "list-ul"
        label = _("Parts that open")
        template = "courses/blocks/accordion.html"
        description = _("Questions and answers, or details that not everybody needs.")
        preview_value = staticmethod(examples.accordion)


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Who"), max_length=120)
    phone = blocks.RegexBlock(
        regex=PHONE,
        label=_("Phone number"),
        error_messages={"invalid": _("A phone number is 3 to 15 digits; spaces and + may stand.")},
    )
    note = blocks.CharBlock(
        label=_("When to call"),
        required=False,
        max_length=200,
        help_text=_("For instance: day and night, free of charge"),
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"call_url": "tel:" + re.sub(r"[^0-9+]", "", value["phone"])}

    class Meta:
        icon = "mobile-alt"
        label = _("Number to call")
        template = "courses/blocks/contact.html"
        description = _("A phone number that one taps to call.")
        preview_value = staticmethod(examples.contact)


class SourcesBlock(blocks.StructBlock):
    sources = blocks.ListBlock(
        blocks.StructBlock(
            [
                (
                    "title",
                    blocks.CharBlock(
                        label=_("Document"),
                        max_length=300,
                        help_text=_("Kind, number, date and article."),
                    ),
                ),
                ("url", blocks.URLBlock(label=_("Address"), required=False)),
            ],
            label=_("Source"),
        ),
        label=_("Sources"),
        min_num=1,
    )
    reviewed_on = blocks.DateBlock(label=_("Reviewed on"))
    reviewed_by = blocks.CharBlock(label=_("Reviewed by"), max_length=120)

    class Meta:
        icon = "link-external"
        label = _("Sources")
        template = "courses/blocks/sources.html"
        description = _("Where the facts come from, and who looked last whether they still hold.")
        preview_value = staticmethod(examples.sources)


class LessonBodyBlock(blocks.StreamBlock):
    text = TextBlock(features=RICH_TEXT_FEATURES)
    figure = FigureBlock()
    audio = AudioBlock()
    video = VideoBlock()
    document = DocumentBlock()
    table = TableBlock()
    steps = StepsBlock()
    callout = CalloutBlock()
    case = CaseBlock()
    accordion = AccordionBlock()
    self_check = SelfCheckBlock()
    contact = ContactBlock()
    sources = SourcesBlock()
