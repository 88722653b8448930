"""Say that a rule says no, by its code."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lms.core.refusal import Refusal


@contextmanager
def raises_refusal(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What stands inside is refused for this reason; gives what pytest caught."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code


def refused(call: Callable[..., object], *args: Any, **kwargs: Any) -> str:
    """Return the code for which this call is refused."""
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.code
