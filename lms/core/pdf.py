"""Papers set by typst from a template and plain data, with the suite's own fonts."""

import io
import json
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import segno
import typst

FONTS: Final = Path(__file__).resolve().parent / "fonts"
INK: Final = "#1b2427"
# A compiler refuses a second thread; a web process has two.
_one_at_a_time = threading.Lock()


def set_pdf(*, source: Path, paper: dict[str, Any], **options: Any) -> bytes:
    """Render the PDF of this template. `paper` is handed over as data
    and never read as markup.

    Raises typst.TypstError when it cannot be set.
    """
    inputs = {"paper": json.dumps(paper)}
    with _one_at_a_time:
        done = compiler(source).compile(format="pdf", sys_inputs=inputs, **options)
    return cast("bytes", done)


@cache
def compiler(source: Path) -> typst.Compiler:
    """Return one compiler a template and process, made on first use:
    it keeps fonts and pictures read.
    """
    return typst.Compiler(
        input=str(source),
        root=str(source.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


def printable(text: str) -> str:
    """Leave out control characters, which no font can show; an old import may have left one."""
    return "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Co"})


def qr_svg(text: str) -> str:
    """Draw the QR code of an address, without a margin: the paper leaves one."""
    drawing = io.BytesIO()
    segno.make_qr(text, error="m").save(drawing, kind="svg", border=0, xmldecl=False, dark=INK)
    return drawing.getvalue().decode()
