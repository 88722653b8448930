"""A paper that somebody sends from a phone, as a photo or a PDF: read by its content, fit to be kept.

A photo tells where and when it was taken and with which phone. What is kept is drawn anew from its
points alone, upright and no larger than is needed to read it.
"""

import io
from typing import Any, Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from lms.core.file_contents import is_whole_pdf
from lms.core.refusal import Refusal

#: What an input of a form offers on a phone: its camera, its pictures, its files.
ACCEPTED: Final = "image/*,application/pdf"
MAX_BYTES: Final = 15 * 1024 * 1024
# A small file may claim a picture that fills the memory.
MAX_POINTS: Final = 60_000_000
LONGEST_SIDE: Final = 2000
QUALITY: Final = 80
_PDF: Final = b"%PDF-"


def private_storage() -> Storage:
    """Return where papers lie: never below the public media, handed out by views alone."""
    return storages["private"]


def read_paper(file: Any, *, field: str) -> "ContentFile[bytes]":
    """Return the paper as it is to be kept, under a name that tells nothing.

    A picture becomes a JPEG without what the camera wrote into it; a PDF stays as it is. Raises
    Refusal about `field`: `paper_too_large`, `paper_damaged`, and `paper_kind` for anything else.
    """
    if file.size > MAX_BYTES:
        raise Refusal(
            "paper_too_large",
            _("This file is too large: %(size)s; the limit is %(limit)s.")
            % {"size": filesizeformat(file.size), "limit": filesizeformat(MAX_BYTES)},
            field=field,
        )
    data = file.read()
    if data.startswith(_PDF):
        if not is_whole_pdf(data):
            raise _damaged(field)
        return ContentFile(data, name=f"{uuid4()}.pdf")
    return ContentFile(_drawn_anew(data, field), name=f"{uuid4()}.jpg")


def _drawn_anew(data: bytes, field: str) -> bytes:
    try:
        picture = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise _too_many_points(field) from error
    # Pillow's readers raise what they meet, and know a file by its content.
    except Exception as error:
        raise Refusal(
            "paper_kind",
            _("This is neither a picture nor a PDF. Take a photo of the paper, or send a PDF."),
            field=field,
        ) from error
    if picture.width * picture.height > MAX_POINTS:
        raise _too_many_points(field)
    try:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Exception as error:
        raise _damaged(field) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    drawn = io.BytesIO()
    upright.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _too_many_points(field: str) -> Refusal:
    return Refusal(
        "paper_too_large",
        _("This picture has too many points. Take the photo with the usual setting."),
        field=field,
    )


def _damaged(field: str) -> Refusal:
    return Refusal(
        "paper_damaged",
        _("This file cannot be read to its end: it was cut off or is damaged. Send it once more."),
        field=field,
    )
