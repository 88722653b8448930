"""What a lesson is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from courses.enums import CalloutTone
from courses.table_block import TableBlock

RICH_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class TextBlock(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "courses/blocks/text.html"


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


class CoverBlock(blocks.StreamBlock):
    """At most one picture that opens a page, with its alternative text."""

    picture = ImageBlock(label=_("Picture"))

    class Meta:
        max_num = 1
        required = False


class VideoBlock(blocks.StructBlock):
    """A video that is fetched only when the trainee taps it: data cost money."""

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

    class Meta:
        icon = "media"
        label = _("Tap-to-play video")
        template = "courses/blocks/video.html"


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


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        choices=CalloutTone.choices, label=_("Tone"), help_text=_("Decides the colour and picture.")
    )
    title = blocks.CharBlock(
        label=_("Title"), max_length=120, help_text=_("The point, in a few words.")
    )
    text = blocks.TextBlock(label=_("Text"), help_text=_("Two or three sentences."))

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "courses/blocks/callout.html"


class SelfCheckBlock(blocks.StructBlock):
    """A question to oneself, never marked; the answer opens on tap."""

    question = blocks.TextBlock(label=_("Question"), help_text=_("For reflection; never graded."))
    answer = blocks.TextBlock(label=_("Answer"), help_text=_("Opens when the trainee taps."))

    class Meta:
        icon = "help"
        label = _("Self-check question")
        template = "courses/blocks/self_check.html"


class LessonBodyBlock(blocks.StreamBlock):
    text = TextBlock(features=RICH_TEXT_FEATURES)
    figure = FigureBlock()
    video = VideoBlock()
    document = DocumentBlock()
    table = TableBlock()
    callout = CalloutBlock()
    self_check = SelfCheckBlock()
