"""What becomes of lists that were taken in, in a pseudonymised copy: they go."""

from collections.abc import Iterator

from lms.accounts.extensions import CopyRule
from lms.importing.models import ImportBatch, ImportRow, ImportWrite, RememberedMapping


def copies_in_imports() -> Iterator[CopyRule]:
    for model in (ImportWrite, ImportRow, ImportBatch, RememberedMapping):
        yield CopyRule(model, removed=True)
