"""The PDF of a certificate, made from its frozen facts alone: the same facts, the same bytes."""

import hashlib
import io
import json
import logging
import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import segno
import typst
from django.core.files.base import ContentFile
from django.db import transaction

from certificates.domain.paper import compose_paper
from certificates.models import Certificate

APP: Final = Path(__file__).resolve().parents[1]
# For the archive, and for readers who cannot see; no validator has judged the result.
STANDARDS: Final = ("a-3a", "ua-1")

logger = logging.getLogger(__name__)
# A compiler refuses a second thread; a web process has two.
_one_at_a_time = threading.Lock()


def render_pdf(*, facts: dict[str, Any]) -> bytes:
    """One page of PDF. Raises typst.TypstError when the paper cannot be set."""
    paper = {**compose_paper(facts=facts), "qr": qr_svg(facts["verify_url"])}
    options: dict[str, Any] = {
        "format": "pdf",
        "sys_inputs": {"paper": json.dumps(paper)},
        "timestamp": int(datetime.fromisoformat(facts["issued_at"]).timestamp()),
    }
    with _one_at_a_time:
        try:
            return _compile(pdf_standards=list(STANDARDS), **options)
        except typst.TypstError as error:
            # The standards forbid a letter that the fonts lack; a plain PDF shows a box for it.
            logger.warning("Certificate %s keeps to no PDF standard: %s", facts["serial"], error)
            return _compile(**options)


def render_file(*, certificate_id: int) -> Certificate:
    """Store the PDF and its fingerprint, once; a certificate with a file is left alone.

    Killed half-way, it leaves a stray file at most, which the next call replaces.
    """
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.file:
        return certificate
    pdf = render_pdf(facts=certificate.facts)
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(no_key=True).get(pk=certificate_id)
        if not locked.file:
            _store(locked, pdf)
    return locked


def qr_svg(url: str) -> str:
    """The QR code of an address, without a margin: the paper leaves one."""
    drawing = io.BytesIO()
    segno.make_qr(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False, dark="#1b2427")
    return drawing.getvalue().decode()


def _store(certificate: Certificate, pdf: bytes) -> None:
    field = certificate.file
    name = f"{certificate.issued_at:%Y}/{certificate.key}.pdf"
    stray = field.field.generate_filename(certificate, name)
    # One name for one certificate, so that nothing unknown is left behind; the row is locked.
    field.storage.delete(stray)
    field.save(name, ContentFile(pdf), save=False)
    certificate.sha256 = hashlib.sha256(pdf).hexdigest()
    certificate.save(update_fields=["file", "sha256"])


def _compile(**options: Any) -> bytes:
    return cast("bytes", _compiler().compile(**options))


@cache
def _compiler() -> typst.Compiler:
    """One for each process, made on first use: it keeps the fonts and the ornament read."""
    folder = APP / "typst"
    return typst.Compiler(
        input=str(folder / "certificate.typ"),
        root=str(folder),
        font_paths=[str(APP / "fonts")],
        ignore_system_fonts=True,
    )
