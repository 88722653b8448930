"""A transcript on paper. Always Vietnamese, whatever the reader's language."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import override

from courses.domain.transcript import TranscriptLine, transcript_of
from courses.models.titles import plain_title
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.models import site_details, suite_name
from lms.core.pdf import printable, set_pdf

SOURCE: Final = Path(__file__).resolve().parents[1] / "typst" / "transcript.typ"


def render_transcript(*, person: User, reader: User, at: datetime) -> tuple[bytes, int]:
    """Return the PDF of what the reader may see of the person's classes, and how many these are."""
    with override("vi"):
        paper = compose_transcript(person=person, reader=reader, at=at)
    return set_pdf(source=SOURCE, paper=paper), len(paper["lines"])


def compose_transcript(*, person: User, reader: User, at: datetime) -> dict[str, Any]:
    """Compose the texts that `typst/transcript.typ` lays out, in the language of the moment."""
    transcript = transcript_of(person=person, reader=reader)
    return {
        "suite": suite_name(),
        "unit": site_details().unit,
        "name": printable(person.full_name),
        "staff_code": printable(person.staff_code),
        "printed_on": vi_date(at),
        "headings": transcript.headings,
        "lines": [_line(line) for line in transcript.lines],
        "is_whole": transcript.is_whole,
        "sample": "NGƯỜI GIẢ ĐỊNH" if person.is_sample else "",
    }


def _line(line: TranscriptLine) -> dict[str, Any]:
    run = line.enrolment.run
    days = [vi_date(run.starts_on)]
    if run.ends_on != run.starts_on:
        days.append(vi_date(run.ends_on))
    return {
        "course": printable(plain_title(run.course)),
        "run": printable(f"{run.title} ({run.code})"),
        "place": printable(run.place),
        "days": " – ".join(days),
        "facts": [printable(fact) for fact in line.facts],
        "outcome": line.outcome,
    }
