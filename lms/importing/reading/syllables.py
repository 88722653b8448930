"""Whether a word can be Vietnamese: the test by which text in a wrong code page is recognised."""

import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
# Before a final c, ch, p or t only the tones sắc and nặng are spoken.
_STOP_TONES = "\u0301\u0323"
_STOPS = ("c", "ch", "p", "t")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ONSETS = _words("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x")
# The rest of the syllable without its tone.
_RHYMES = _words(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi
    om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc ui um un ung up ut uê uêch uênh uơ uôc uôi uôm uôn uông uôt
    uy uya uych uyên uyêt uynh uyn uyt uyp uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y yêm yên yêng yêt yêu
    """
)
# Here the last letter glides away and never carries the tone.
_GLIDES = _words(
    """
    ai ao au ay âu ây eo êu ia iêu iu oai oao oay oeo oi ôi ơi ua uây ui uôi uyu
    ưa ưi ưu ươi ươu yêu
    """
)

LETTERS = frozenset(
    composed
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", *_TONES)
    if (composed := unicodedata.normalize("NFC", vowel + tone))
) | frozenset("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Return whether the word is spelled as a Vietnamese syllable is, in any case.

    A little too generous (k and c, gh and g are not told apart): what is asked is whether it
    can be Vietnamese text at all.
    """
    composed = unicodedata.normalize("NFC", word).lower()
    marks = unicodedata.normalize("NFD", composed)
    tones = [mark for mark in marks if mark in _TONES]
    if len(tones) > 1 or not LETTERS.issuperset(composed):
        return False
    toneless = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
    tone_is_last = bool(tones) and marks[-1] in _TONES
    return any(
        _fits(toneless[len(onset) :], tones, tone_is_last)
        for onset in ("", *_ONSETS)
        if toneless.startswith(onset)
    )


def _fits(rhyme: str, tones: list[str], tone_is_last: bool) -> bool:
    if rhyme not in _RHYMES:
        return False
    if rhyme in _GLIDES and tone_is_last:
        return False
    return not rhyme.endswith(_STOPS) or bool(tones and tones[0] in _STOP_TONES)
