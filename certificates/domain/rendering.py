"""The PDF of a certificate, made from its frozen facts alone: the same facts, the same bytes."""

import hashlib
import logging
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.core.files.base import ContentFile
from django.db import transaction

from certificates.domain.layout import compose_paper
from certificates.models import Certificate
from lms.core.pdf import qr_svg, set_pdf

SOURCE: Final = Path(__file__).resolve().parents[1] / "typst" / "certificate.typ"
# For the archive, and for readers who cannot see; no validator has judged the result.
STANDARDS: Final = ("a-3a", "ua-1")

logger = logging.getLogger(__name__)


def render_pdf(*, facts: dict[str, Any]) -> bytes:
    """Return one page of PDF. Raises typst.TypstError when the paper cannot be set."""
    paper = {**compose_paper(facts=facts), "qr": qr_svg(facts["verify_url"])}
    stamp = int(datetime.fromisoformat(facts["issued_at"]).timestamp())
    try:
        return set_pdf(source=SOURCE, paper=paper, timestamp=stamp, pdf_standards=list(STANDARDS))
    except typst.TypstError as error:
        # The standards forbid a letter that the fonts lack; a plain PDF shows a box for it.
        logger.warning("Certificate %s keeps to no PDF standard: %s", facts["serial"], error)
        return set_pdf(source=SOURCE, paper=paper, timestamp=stamp)


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


def _store(certificate: Certificate, pdf: bytes) -> None:
    field = certificate.file
    name = f"{certificate.issued_at:%Y}/{certificate.key}.pdf"
    stray = field.field.generate_filename(certificate, name)
    # One name for one certificate, so that nothing unknown is left behind; the row is locked.
    field.storage.delete(stray)
    field.save(name, ContentFile(pdf), save=False)
    certificate.sha256 = hashlib.sha256(pdf).hexdigest()
    certificate.save(update_fields=["file", "sha256"])
