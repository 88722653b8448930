"""What a lesson is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from courses.enums import CalloutTone

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
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "courses/blocks/figure.html"


class VideoBlock(blocks.StructBlock):
    """A video that is fetched only when the trainee taps it: data cost money."""

    file = DocumentChooserBlock(label=_("Video file"))
    title = blocks.CharBlock(label=_("What it shows"), max_length=150)
    length = blocks.CharBlock(
        label=_("Length and size"), max_length=50, help_text=_("For instance: 3 minutes, 8 MB")
    )
    transcript = blocks.TextBlock(label=_("What is said in it"), required=False)

    class Meta:
        icon = "media"
        label = _("Video on tap")
        template = "courses/blocks/video.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    description = blocks.CharBlock(label=_("What it is for"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "courses/blocks/document.html"


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(choices=CalloutTone.choices, label=_("Tone"))
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Call-out")
        template = "courses/blocks/callout.html"


class SelfCheckBlock(blocks.StructBlock):
    """A question to oneself, never marked; the answer opens on tap."""

    question = blocks.TextBlock(label=_("Question"))
    answer = blocks.TextBlock(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Self-check question")
        template = "courses/blocks/self_check.html"


class LessonBodyBlock(blocks.StreamBlock):
    text = TextBlock(features=RICH_TEXT_FEATURES)
    figure = FigureBlock()
    video = VideoBlock()
    document = DocumentBlock()
    callout = CalloutBlock()
    self_check = SelfCheckBlock()
