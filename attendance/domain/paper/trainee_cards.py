"""Cards of the trainees of a class, ten a page, to be cut apart. Always Vietnamese.

The code on a card means one person in one class and says nothing about either. Its check needs the
key of the site: unlike the code of a sheet it stands for somebody, so nobody may make one up.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from attendance.domain.paper.numbered_codes import code_of, number_in
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.core.addresses import absolute_url
from lms.core.codes import group_code
from lms.core.display import vi_date
from lms.core.models import suite_name
from lms.core.pdf import printable, qr_svg, set_pdf

SOURCE: Final = Path(__file__).resolve().parents[2] / "typst" / "trainee_cards.typ"


def card_code(*, enrolment_id: int) -> str:
    """Return the code of the card of a trainee in a class: the same on each print."""
    return code_of(enrolment_id, check=_check)


def read_card_code(text: str) -> int | None:
    """Return the id of the enrolment of a code that was typed or scanned, None when it is none."""
    return number_in(text, check=_check)


def render_trainee_cards(*, run: CourseRun, reader: User) -> tuple[bytes, int]:
    """Return the PDF with the people whom the reader may see, and how many these are."""
    people = Enrolment.objects.visible_to(reader).filter(run=run).counted().in_name_order()
    with override("vi"):
        paper = compose_trainee_cards(run=run, people=people.select_related("user", "unit"))
    return set_pdf(source=SOURCE, paper=paper), len(paper["cards"])


def compose_trainee_cards(*, run: CourseRun, people: Iterable[Enrolment]) -> dict[str, Any]:
    """Compose the texts that `typst/trainee_cards.typ` lays out."""
    return {
        "suite": suite_name(),
        "class": printable(run.title),
        "run_code": printable(run.code),
        "days": f"{vi_date(run.starts_on)} – {vi_date(run.ends_on)}"
        if run.starts_on != run.ends_on
        else vi_date(run.starts_on),
        "cards": [_card(enrolment) for enrolment in people],
    }


def _card(enrolment: Enrolment) -> dict[str, str]:
    code = card_code(enrolment_id=enrolment.pk)
    url = absolute_url(reverse("attendance:card", args=[code]))
    return {
        "name": printable(enrolment.user.full_name),
        "staff_code": printable(enrolment.user.staff_code),
        "place": printable(enrolment.unit.display_name),
        "code": group_code(code),
        "qr": qr_svg(url),
        "sample": "NGƯỜI GIẢ ĐỊNH" if enrolment.user.is_sample else "",
    }


def _check(enrolment_id: int) -> bytes:
    return salted_hmac("attendance.card", str(enrolment_id), algorithm="sha256").digest()
