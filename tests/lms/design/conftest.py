from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


def component(part: str, /, **context: object) -> str:
    return render_to_string(f"lms/components/{part}.html", context)
