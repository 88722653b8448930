"""The sign-in sheet of a session on paper. Always Vietnamese, whatever the reader's language."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from attendance.domain.paper.half_days import half_days_of
from attendance.domain.paper.sheet_codes import sheet_code, sheet_url
from attendance.domain.roll.queries import roll_of
from attendance.domain.session_trainers import trainers_of
from attendance.domain.wording import describe_hours
from attendance.models import Session, UnmatchedWalkIn
from lms.accounts.models import User
from lms.core.codes import group_code
from lms.core.display import phone_local, vi_date
from lms.core.models import site_details, suite_name
from lms.core.pdf import printable, qr_svg, set_pdf

SOURCE: Final = Path(__file__).resolve().parents[2] / "typst" / "sign_in_sheet.typ"

ROWS_A_PAGE: Final = 25
#: Below so many rows there is room for the signatures that end the last page.
ROWS_ABOVE_SIGNATURES: Final = 20
#: Empty lines for people who come without being on the list.
WALK_IN_LINES: Final = 5
#: So few will do where the list leaves no room for more.
FEWEST_WALK_IN_LINES: Final = 3


@dataclass(frozen=True)
class SheetPage:
    """The rows of a page: people from `first` up to but without `last`, then `blank` lines."""

    first: int
    last: int
    blank: int = 0


def lay_out(count: int) -> list[SheetPage]:
    """Return the pages for so many people; the last one has room for the signatures.

    Where the list leaves no room for them, they go with the empty lines on a page of their own.
    A list of nobody is all empty lines.
    """
    if not count:
        return [SheetPage(0, 0, ROWS_ABOVE_SIGNATURES)]
    starts = range(0, count, ROWS_A_PAGE)
    pages = [SheetPage(first, min(first + ROWS_A_PAGE, count)) for first in starts]
    tail = pages[-1]
    room = ROWS_ABOVE_SIGNATURES - (tail.last - tail.first)
    if room < FEWEST_WALK_IN_LINES:
        return [*pages, SheetPage(count, count, WALK_IN_LINES)]
    return [*pages[:-1], SheetPage(tail.first, tail.last, min(room, WALK_IN_LINES))]


def render_sign_in_sheet(*, session: Session, reader: User, at: datetime) -> tuple[bytes, int]:
    """Return the PDF with the people whom the reader may see, and how many these are."""
    with override("vi"):
        paper = compose_sign_in_sheet(session=session, reader=reader, at=at)
    people = sum(not row["is_blank"] for page in paper["pages"] for row in page)
    return set_pdf(source=SOURCE, paper=paper), people


def compose_sign_in_sheet(*, session: Session, reader: User, at: datetime) -> dict[str, Any]:
    """Compose the texts that `typst/sign_in_sheet.typ` lays out, in the language of the moment."""
    roll = roll_of(session=session, reader=reader)
    people = [_person(one, is_guest=one.run_id != session.run_id) for one in roll]
    run, half_days = session.run, half_days_of(starts_at=session.starts_at, ends_at=session.ends_at)
    pages = lay_out(len(people))
    several_days = len({one.day for one in half_days}) > 1
    return {
        "suite": suite_name(),
        "unit": printable(site_details().unit or run.unit.display_name),
        "class": printable(f"{run.title} ({run.code})"),
        "session": printable(session.title),
        "day": vi_date(session.starts_at, "weekday"),
        "hours": describe_hours(session.starts_at, session.ends_at),
        "place": printable(session.venue),
        "room": printable(session.room),
        "trainers": printable(", ".join(str(one) for one in trainers_of(session=session))),
        "half_days": [
            {"part": one.part, "day": vi_date(one.day, "short") if several_days else ""}
            for one in half_days
        ],
        "pages": [_rows(page, people) for page in pages],
        "total": len(people),
        "unmatched": UnmatchedWalkIn.objects.waiting().filter(session=session).count(),
        "printed_at": vi_date(at, "time"),
        "code": group_code(sheet_code(session_id=session.pk)),
        "qrs": [
            qr_svg(sheet_url(session_id=session.pk, page=number))
            for number in range(1, len(pages) + 1)
        ],
    }


def _person(enrolment: Any, *, is_guest: bool) -> dict[str, Any]:
    """Return one line; a guest makes up. Of parents and core children no phone is on record."""
    name = printable(enrolment.user.full_name)
    return {
        "is_blank": False,
        "name": _("%(name)s (makes up)") % {"name": name} if is_guest else name,
        "unit": printable(enrolment.unit.display_name),
        "cadre": enrolment.get_cadre_display(),
        "phone": phone_local(enrolment.user.phone),
    }


def _rows(page: SheetPage, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of a page with their numbers, which go on over the empty ones."""
    blank = [{"is_blank": True, "name": "", "unit": "", "cadre": "", "phone": ""}] * page.blank
    rows = [*people[page.first : page.last], *blank]
    return [{**row, "number": number} for number, row in enumerate(rows, start=page.first + 1)]
