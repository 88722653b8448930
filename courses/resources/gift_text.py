"""A question in GIFT while it is read, and its texts without Moodle's format."""

import html
import re
from dataclasses import dataclass
from typing import Final

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from lms.importing.extensions import TextRow

_SIGNS: Final = "~=#{}:\\"
# Code points that Unicode keeps out of every text, one for each sign.
_HIDDEN: Final = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
_SHOWN: Final = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items()})
_ESCAPED = re.compile(r"\\([~=#{}:\\])")
FORMAT: Final = re.compile(r"\s*\[(html|moodle|plain|markdown|auto)\]", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(p|br|div|li|ul|ol|h\d)\b[^>]*>", re.IGNORECASE)
_PICTURE = re.compile(r"<(img|audio|video|object|iframe)\b", re.IGNORECASE)


@dataclass
class GiftQuestion(TextRow):
    #: How the texts are written where none says so: html, plain and so on.
    form: str = ""

    def remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)


def hide_signs(block: str) -> str:
    """Return a text in which signs that stand for themselves are out of sight."""
    return _ESCAPED.sub(lambda sign: _HIDDEN[sign[1]], block)


def plain(written: str, question: GiftQuestion, *, may_name_format: bool = True) -> str:
    """Return a text without its format, with the signs that stood for themselves."""
    form = FORMAT.match(written) if may_name_format else None
    text = written[form.end() :] if form else written
    text = text.replace("\\n", "\n")
    text = text.translate(_SHOWN)
    if (form[1].lower() if form else question.form) in {"html", "moodle"}:
        if _PICTURE.search(text):
            question.remark(_("A picture or a recording in this question is left out."))
        text = html.unescape(strip_tags(_BLOCK_TAG.sub("\n", text)))
    return text.strip()
