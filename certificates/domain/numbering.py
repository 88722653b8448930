"""Numbers of the register book: one gap-free series for each issuer and year."""

from certificates.models import RegisterBook


def take_number(*, issuer_code: str, year: int) -> tuple[RegisterBook, int]:
    """Take the next number of a book; the book stays locked until the transaction ends.

    Must run in the transaction that writes the certificate: when that is undone, so is the
    number's taking, and the next certificate gets the same one.
    """
    locked = RegisterBook.objects.select_for_update().filter(issuer_code=issuer_code, year=year)
    book = locked.first()
    if book is None:
        RegisterBook.objects.get_or_create(issuer_code=issuer_code, year=year)
        book = locked.get()
    number = book.next_number
    book.next_number = number + 1
    book.save(update_fields=["next_number"])
    return book, number


def make_serial(*, number: int, year: int, issuer_code: str) -> str:
    """Return the number as it stands on the paper: 12/2026/GCN-SLĐTBXH."""
    return f"{number}/{year}/GCN-{issuer_code}"
