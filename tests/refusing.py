"""Say that a rule says no, by its code."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lms.core.refusal import Refusal


@contextmanager
def raises_refusal(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What stands inside is refused for this reason; gives what pytest caught."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code
