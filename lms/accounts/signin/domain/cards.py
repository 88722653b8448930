"""The A4 sheet of invitations: ten cards a page, to be cut apart. Always Vietnamese."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.utils.translation import override

from lms.accounts.signin.domain.invitations import Card
from lms.core.codes import group_code
from lms.core.display import vi_date
from lms.core.models import suite_name
from lms.core.pdf import printable, qr_svg, set_pdf

SOURCE: Final = Path(__file__).resolve().parents[1] / "typst" / "cards.typ"
# The code in the address of the QR code.
CODE_PARAMETER: Final = "ma"


def render_cards(*, cards: Iterable[Card], places: Mapping[int, str], address: str) -> bytes:
    """Render the PDF of these cards. `places`: where each person works, by id;
    `address`: of the log-in.
    """
    return set_pdf(source=SOURCE, paper=compose_cards(cards=cards, places=places, address=address))


def compose_cards(
    *, cards: Iterable[Card], places: Mapping[int, str], address: str
) -> dict[str, Any]:
    """Compose the texts that `typst/cards.typ` lays out."""
    parts = urlsplit(address)
    with override("vi"):
        suite = suite_name()
    return {
        "suite": suite,
        "address": parts.netloc + parts.path.rstrip("/"),
        "cards": [_card(card, places.get(card.person.pk, ""), address) for card in cards],
    }


def _card(card: Card, place: str, address: str) -> dict[str, str]:
    return {
        "name": printable(card.person.full_name),
        "staff_code": printable(card.person.staff_code),
        "place": printable(place),
        "code": group_code(card.code),
        "until": vi_date(card.expires_at),
        "qr": qr_svg(f"{address}?{urlencode({CODE_PARAMETER: card.code})}"),
        "sample": "NGƯỜI GIẢ ĐỊNH" if card.person.is_sample else "",
    }
