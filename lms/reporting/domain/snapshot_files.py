"""The files of an approved report: made once, stored, and given out byte for byte."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import typst
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.accounts.enums import Cadre
from lms.core.display import vi_date
from lms.core.pdf import set_pdf
from lms.core.refusal import Refusal
from lms.reporting.domain.snapshot_paper import cells_of, compose_paper, headings
from lms.reporting.domain.snapshot_sums import TABLES
from lms.reporting.enums import PersonState, SnapshotFileKind
from lms.reporting.models import ReportSnapshot, SnapshotFile
from lms.spreadsheets.tables import Spreadsheet, stream_csv

SOURCE: Final = Path(__file__).resolve().parents[1] / "typst" / "report.typ"
# For the archive; a letter that the fonts lack forbids it.
_STANDARDS: Final = ("a-3a",)


def stored_kinds() -> Iterator[SnapshotFileKind]:
    """Yield the kinds of files that a report with a number is stored as."""
    yield from _WRITERS


def render_pdf(*, snapshot: ReportSnapshot) -> bytes:
    """Return the paper of a report, marked as a draft while it is one."""
    paper = compose_paper(snapshot=snapshot)
    at = snapshot.approved_at or snapshot.prepared_at
    options: dict[str, Any] = {"timestamp": int(at.timestamp())}
    try:
        return set_pdf(source=SOURCE, paper=paper, pdf_standards=list(_STANDARDS), **options)
    except typst.TypstError:
        return set_pdf(source=SOURCE, paper=paper, **options)


def stored_file(*, snapshot: ReportSnapshot, kind: SnapshotFileKind) -> SnapshotFile:
    """Return the stored file of a report that has a number, made when it is first asked for.

    From the frozen facts alone, so that it matters to nobody when. Killed half-way, it leaves a stray
    file at most. Raises Refusal `not_numbered` for a draft.
    """
    if not snapshot.has_number:
        raise Refusal("not_numbered", _("A draft has no files: it can be looked at only."))
    found = snapshot.files.filter(kind=kind).first()
    if found is not None:
        return found
    content = _WRITERS[kind](snapshot)
    with transaction.atomic():
        # Holding the report keeps a second download from storing another file.
        ReportSnapshot.objects.select_for_update(no_key=True).get(pk=snapshot.pk)
        found = snapshot.files.filter(kind=kind).first()
        if found is None:
            found = SnapshotFile(
                snapshot=snapshot, kind=kind, sha256=hashlib.sha256(content).hexdigest()
            )
            found.file.save(kind.value, ContentFile(content), save=False)
            found.save()
    return found


def _docx(snapshot: ReportSnapshot) -> bytes:
    # Here and not above: what it writes with takes a fiftieth of the start of every process.
    from lms.reporting.domain.snapshot_docx import write_docx  # noqa: PLC0415

    at = snapshot.approved_at or snapshot.prepared_at
    return write_docx(paper=compose_paper(snapshot=snapshot), at=at)


def _csv(snapshot: ReportSnapshot) -> bytes:
    """Return the figures as others get them: small groups hidden."""
    with override("vi"):
        facts = snapshot.facts
        sheet = Spreadsheet(
            title=facts["title"],
            headings=[_("Place"), _("District"), *headings()],
            rows=[*_csv_rows(facts)],
            head=[facts["title"], snapshot.serial, ""],
        )
        return b"".join(stream_csv(sheet))


def _csv_rows(facts: dict[str, Any]) -> Iterator[list[str]]:
    for name in TABLES:
        for row in facts[name]:
            yield [row["label"], row.get("district", ""), *cells_of(facts, name, row)]
    yield [_("Total"), "", *cells_of(facts, "total", facts["total"])]


def names_sheet(*, snapshot: ReportSnapshot) -> Spreadsheet:
    """Return the people behind the figures, for those who oversee the whole unit; never stored: whoever
    is no longer named by the register is not named here.
    """
    people = snapshot.people.select_related("user", "unit").order_by(
        "unit__path", "user__sort_key", "user__staff_code"
    )
    return Spreadsheet(
        title=_("People counted here"),
        headings=[_("Full name"), _("Staff code"), _("Place"), _("Cadre"), _("Status")],
        rows=(
            [
                one.user.full_name,
                one.user.staff_code,
                str(one.unit),
                str(Cadre(one.cadre).label),
                str(PersonState(one.state).label),
            ]
            for one in people.iterator()
        ),
        head=[snapshot.facts["title"], f"{snapshot.serial}, {vi_date(snapshot.ends_on)}", ""],
    )


def _pdf(snapshot: ReportSnapshot) -> bytes:
    return render_pdf(snapshot=snapshot)


#: The kinds that are stored; names are written anew each time (`names_sheet`).
_WRITERS: Final[dict[SnapshotFileKind, Callable[[ReportSnapshot], bytes]]] = {
    SnapshotFileKind.PDF: _pdf,
    SnapshotFileKind.DOCX: _docx,
    SnapshotFileKind.CSV: _csv,
}
