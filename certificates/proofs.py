"""What must come back unchanged with a backup: each certificate, and the numbers of each book."""

from collections.abc import Iterator
from typing import Any

from certificates.models import Certificate, RegisterBook
from lms.ops.proofs import Proof


def _certificates(alias: str) -> Iterator[tuple[Any, ...]]:
    rows = Certificate.objects.using(alias).order_by("pk")
    return rows.values_list("serial", "code", "status", "sha256", "facts").iterator()


def _register(alias: str) -> Iterator[tuple[Any, ...]]:
    books = RegisterBook.objects.using(alias).order_by("issuer_code", "year")
    yield from books.values_list("issuer_code", "year", "next_number")
    numbers = Certificate.objects.using(alias).order_by("book", "number")
    yield from numbers.values_list("book", "number").iterator()


PROOFS = (Proof("certificates", _certificates), Proof("register", _register))
