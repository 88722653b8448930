"""Pictures that come with the content of a course."""

from pathlib import Path

from django.core.files import File
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from lms.core.text import nfc


def add_picture(*, folder: Path, name: str, alt: str) -> AbstractImage:
    """Keep the drawing `name` of this folder as a picture, ready for a block of content.

    Drawings are SVG and come from a folder on this machine only: a file that somebody uploads
    could hold a script, so forms refuse the kind. Raises OSError where the file is missing.
    """
    path = folder / f"{name}.svg"
    with path.open("rb") as file:
        picture = get_image_model()(
            title=name, description=nfc(alt)[:255], file=File(file, name=path.name)
        )
        picture.save()
    # What `ImageBlock` keeps of this use of the picture.
    picture.contextual_alt_text = nfc(alt)
    picture.decorative = False
    return picture
