"""Pictures and documents that are sent: one true sentence each where a file is no good.

Wagtail knows a picture by its first bytes and fell over its end; of a document that is too large it
said, besides, that its name has no ending. `DocumentForm` is named in the settings.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageSequence
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField

from lms.core.file_contents import check_content
from lms.core.refusal import CatchRefusal

_check_size = WagtailImageField.check_image_pixel_size


class DocumentForm(BaseDocumentForm):
    """Takes a file only if it holds what its name says; says of one that was refused no more
    than why.
    """

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            with CatchRefusal() as asked:
                check_content(file, name=str(file.name))
            if asked.refusal:
                raise ValidationError(asked.refusal.message, code=asked.refusal.code)
        return file

    def _post_clean(self) -> None:
        refused = self.errors.get("file")
        said = list(refused.data) if refused else []
        super()._post_clean()
        if refused:
            refused.data[:] = said


def check_whole_picture(field: WagtailImageField, file: Any) -> None:
    """Check the size as Wagtail does, and that each part of the picture can be read."""
    try:
        _check_size(field, file)
        if file.image.format_name != "svg":
            _read_to_the_end(file)
    except ValidationError:
        raise
    # Pillow's readers raise what they meet: OSError, SyntaxError, ValueError, EOFError, struct.error.
    except Exception as error:
        message = _(
            "This picture cannot be read to its end: the file was cut off or is damaged. "
            "Choose it once more, or save it again first."
        )
        raise ValidationError(message, code="cut_off") from error
    finally:
        file.seek(0)


def _read_to_the_end(file: Any) -> None:
    file.seek(0)
    # Left open: the file is Django's, which stores it.
    for frame in ImageSequence.Iterator(Image.open(file)):
        frame.load()


def use_whole_pictures() -> None:
    WagtailImageField.check_image_pixel_size = check_whole_picture
