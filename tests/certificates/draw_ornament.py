"""Write the certificate's ornament anew from its source: `python -m tests.certificates.draw_ornament`."""

import json
from pathlib import Path

import typst

FOLDER = Path(__file__).resolve().parents[2] / "certificates" / "typst"
TARGET = FOLDER / "ornament.svg"


def draw() -> str:
    """The drawing as `ornament.typ` describes it."""
    found = typst.query(str(FOLDER / "ornament.typ"), "<drawing>", field="value", one=True)
    return json.loads(found) + "\n"


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
