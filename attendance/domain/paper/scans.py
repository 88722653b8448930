"""Photos and scans of signed sheets: each page goes to the session whose code stands on it."""

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import uuid4

import zxingcpp
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from attendance.domain.paper.pdf_pages import draw_pages
from attendance.domain.paper.sheet_codes import read_sheet_code, read_sheet_page
from attendance.domain.roll.recording import lock_session
from attendance.models import Session, SignedPaper
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.core.sent_papers import read_paper
from lms.core.stored_files import forget_file

MOST_AT_ONCE: Final = 30
MOST_PAGES: Final = 60
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass
class Attached:
    """What became of the files: pages, and by name of file and page why one was not taken."""

    papers: list[SignedPaper] = field(default_factory=list)
    #: Those of them of which another picture of the same page of the sheet is in use already.
    doubles: list[SignedPaper] = field(default_factory=list)
    refused: list[tuple[str, Refusal]] = field(default_factory=list)


def attach_papers(
    *, run: CourseRun, files: Sequence[Any], session: Session | None, by: User, at: datetime
) -> Attached:
    """Attach each page to the session whose code is read on it, else to `session`, else to that of
    the page before in the same file.

    What is refused leaves the others attached: `paper_kind`, `paper_damaged` and
    `paper_too_large` of `read_paper`, `no_code`, `several_sheets`, `other_class`, `attached_before`,
    `too_many_pages`.
    """
    done = Attached()
    for file in files:
        try:
            pages = _pages_of(read_paper(file, field="papers"))
        except Refusal as refusal:
            done.refused.append((str(file.name), refusal))
            continue
        meant = session
        for number, page in enumerate(pages, start=1):
            try:
                meant, place = _read_page(page, run=run, chosen=session, before=meant)
                paper = _attach(page, session=meant, place=place, by=by, at=at)
            except Refusal as refusal:
                name = str(file.name)
                if len(pages) > 1:
                    name = _("%(file)s, page %(page)d") % {"file": name, "page": number}
                done.refused.append((name, refusal))
                continue
            done.papers.append(paper)
            if SignedPaper.objects.doubles_of(paper).exists():
                done.doubles.append(paper)
    return done


@transaction.atomic
def set_paper_aside(*, paper: SignedPaper, by: User, at: datetime) -> None:
    """Take a page out of use and keep it on record; a repeat changes nothing."""
    rows = SignedPaper.objects.in_use().filter(pk=paper.pk)
    rows.update(set_aside_by=by, set_aside_at=at)


@transaction.atomic
def keep_paper(*, paper: SignedPaper, by: User, at: datetime) -> None:
    """Let this picture stand for its page of the sheet: others of that page are set aside.

    A repeat changes nothing. Raises Refusal `paper_set_aside` where somebody has set this one aside
    meanwhile: of two who choose at once, the first one does.
    """
    held = lock_session(paper.session)
    kept = held.papers.in_use().filter(pk=paper.pk).first()
    if kept is None:
        raise Refusal("paper_set_aside", _("Somebody has set this page aside in the meantime."))
    SignedPaper.objects.doubles_of(kept).update(set_aside_by=by, set_aside_at=at)
    wanted = kept.sheet_page
    if wanted is not None and not held.papers.in_use().filter(page=wanted).exists():
        kept.page = wanted
        kept.save(update_fields=["page"])


def forget_papers(papers: Iterable[SignedPaper]) -> int:
    """Delete pages for good, with their files; how many. The caller holds the transaction."""
    rows = list(papers)
    for paper in rows:
        transaction.on_commit(partial(forget_file, paper.file.storage, str(paper.file.name)))
        paper.delete()
    return len(rows)


def read_codes(picture: bytes) -> list[str]:
    """Return what the QR codes on a picture say."""
    opened = Image.open(io.BytesIO(picture)).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(opened, formats=_QR)]


def _pages_of(content: "ContentFile[bytes]") -> "list[ContentFile[bytes]]":
    """Return the pages of a file as pictures: nothing else of a PDF is kept."""
    if not str(content.name).endswith(".pdf"):
        return [content]
    return [ContentFile(page, name=f"{uuid4()}.jpg") for page in draw_pages(content.read())]


def _read_page(
    content: "ContentFile[bytes]",
    *,
    run: CourseRun,
    chosen: Session | None,
    before: Session | None,
) -> tuple[Session, int | None]:
    """Return session and page that the paper says; a code counts more than what was chosen."""
    codes = read_codes(content.read())
    content.seek(0)
    read = {(read_sheet_code(text), read_sheet_page(text)) for text in codes}
    sheets = [(session_id, place) for session_id, place in read if session_id is not None]
    if len(sheets) > 1:
        raise Refusal(
            "several_sheets",
            _("It shows the codes of several pages: please photograph each page alone."),
        )
    for session_id, place in sheets:
        session = run.sessions.filter(pk=session_id).first()
        if session is None:
            raise Refusal("other_class", _("The code on it is that of a sheet of another class."))
        return session, place
    known = chosen or before
    if known is None:
        raise Refusal(
            "no_code",
            _("No code of a sheet can be read on it: please choose the session."),
            field="session",
        )
    return known, None


@transaction.atomic
def _attach(
    content: "ContentFile[bytes]",
    *,
    session: Session,
    place: int | None,
    by: User,
    at: datetime,
) -> SignedPaper:
    """`place`: the page that its code names; the next free one where that is taken or unknown."""
    held = lock_session(session)
    digest = hashlib.sha256(content.read()).hexdigest()
    content.seek(0)
    pages = dict(held.papers.in_use().values_list("page", "digest"))
    if digest in pages.values():
        raise Refusal("attached_before", _("This page has been attached already."))
    wanted = [place] if place in range(1, MOST_PAGES + 1) else []
    free = next((page for page in [*wanted, *range(1, MOST_PAGES + 1)] if page not in pages), None)
    if free is None:
        raise Refusal(
            "too_many_pages",
            _("A session has at most %(most)d pages.") % {"most": MOST_PAGES},
        )
    paper = SignedPaper(
        session=held,
        page=free,
        sheet_page=wanted[0] if wanted else None,
        digest=digest,
        attached_by=by,
        attached_at=at,
    )
    paper.file.save(str(content.name), content, save=False)
    try:
        paper.save()
    except BaseException:
        forget_file(paper.file.storage, str(paper.file.name))
        raise
    return paper
