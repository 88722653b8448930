"""Tests ask what the code decides: a better sentence breaks none of them."""

import re

from django.utils.translation.trans_real import translation

from tests.test_house import ROOT

# A string that ends as a sentence does; not `_("…")`, which asks the catalogue for it.
_WHOLE = re.compile(r'(?<!_\()"([^"\n]{11,}[.!?])"')
# What a person reads on the screen is what a browser test looks for.
_READS_THE_SCREEN = re.compile(r"browser|tests/e2e/")
# Here the wording itself is tested.
_ABOUT_WORDS = {"tests/lms/catalogues/test_english.py"}


def test_no_test_holds_a_whole_sentence_of_the_catalogues():
    """In its place: the code of a refusal, a state, a name, a figure, an address."""
    sentences = {_plain(text) for pair in translation("vi")._catalog.items() for text in pair}
    found = [
        (name, text)
        for path in (ROOT / "tests").rglob("*.py")
        if (name := str(path.relative_to(ROOT))) not in _ABOUT_WORDS
        and not _READS_THE_SCREEN.search(name)
        for text in _WHOLE.findall(path.read_text(encoding="utf-8"))
        if text in sentences
    ]
    assert found == []
    assert len(sentences) > 3000


def _plain(text: str | tuple[str, int]) -> str:
    """The text without its context, whichever of its plurals it is."""
    return (text[0] if isinstance(text, tuple) else text).rpartition("\x04")[2]
