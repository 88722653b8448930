"""Whether the register is what it claims: no gap in the numbers, no paper changed on the disk."""

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from certificates.domain.numbering import make_serial
from certificates.models import Certificate, RegisterBook

_CHUNK: Final = 500


class Fault(StrEnum):
    NUMBER_MISSING = "number missing"
    NUMBER_BEYOND_BOOK = "number beyond the book"
    SERIAL_DIFFERS = "serial differs"
    FACTS_DIFFER = "facts differ"
    FILE_MISSING = "file missing"
    FILE_CHANGED = "file changed"


class Finding(NamedTuple):
    """`serial` of the certificate that is, or should be, in the register."""

    fault: Fault
    serial: str


def audit_register() -> Iterator[Finding]:
    """Yield everything that is wrong with the numbers and files of all books.

    Certificates that still wait for their file are no fault.
    """
    for book in RegisterBook.objects.order_by("year", "issuer_code"):
        yield from _audit_numbers(book)
    for certificate in Certificate.objects.select_related("book").iterator(_CHUNK):
        yield from _audit_certificate(certificate)


def _audit_numbers(book: RegisterBook) -> Iterator[Finding]:
    taken = set(book.certificates.values_list("number", flat=True))
    given_out = set(range(1, book.next_number))
    for number in sorted(given_out - taken):
        yield Finding(Fault.NUMBER_MISSING, _serial(book, number))
    for number in sorted(taken - given_out):
        yield Finding(Fault.NUMBER_BEYOND_BOOK, _serial(book, number))


def _audit_certificate(certificate: Certificate) -> Iterator[Finding]:
    serial = certificate.serial
    if serial != _serial(certificate.book, certificate.number):
        yield Finding(Fault.SERIAL_DIFFERS, serial)
    end = certificate.valid_until and certificate.valid_until.isoformat()
    frozen = [certificate.facts.get(name) for name in ("serial", "code", "valid_until")]
    if frozen != [serial, certificate.code, end]:
        yield Finding(Fault.FACTS_DIFFER, serial)
    if not certificate.file:
        return
    try:
        with certificate.file.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        yield Finding(Fault.FILE_MISSING, serial)
        return
    if fingerprint != certificate.sha256:
        yield Finding(Fault.FILE_CHANGED, serial)


def _serial(book: RegisterBook, number: int) -> str:
    return make_serial(number=number, year=book.year, issuer_code=book.issuer_code)
