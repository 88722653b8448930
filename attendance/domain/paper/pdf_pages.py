"""The pages of a scanned PDF as pictures: all that is kept of it."""

import io
from threading import Lock
from typing import Final

import pypdfium2
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.sent_papers import LONGEST_SIDE, QUALITY

#: A scanner takes whole piles; more than that in one file is something else.
MOST_PAGES_A_FILE: Final = 40

# PDFium keeps state of its own: one thread at a time.
_ALONE: Final = Lock()


def draw_pages(pdf: bytes) -> list[bytes]:
    """Return each page as a JPEG, no larger than is needed to read it.

    Raises Refusal `paper_damaged`, also for a PDF that asks for a password, and `too_many_pages`.
    """
    try:
        with _ALONE, pypdfium2.PdfDocument(pdf) as document:
            if len(document) > MOST_PAGES_A_FILE:
                raise Refusal(
                    "too_many_pages",
                    _("This PDF has more than %(most)d pages: please send it in parts.")
                    % {"most": MOST_PAGES_A_FILE},
                )
            return [_draw(document[number]) for number in range(len(document))]
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        raise Refusal(
            "paper_damaged",
            _("This PDF cannot be read: it is damaged, or asks for a password."),
        ) from error


def _draw(page: pypdfium2.PdfPage) -> bytes:
    # By its own size: a page as large as a house is drawn as small as any.
    scale = LONGEST_SIDE / max(page.get_size())
    drawn = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(drawn, "JPEG", quality=QUALITY)
    page.close()
    return drawn.getvalue()
