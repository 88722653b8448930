"""Migrations from nothing for the tests, in two thirds of the time that Django takes.

Django renders anew, for each field that points somewhere, every model that is linked with it by any
number of steps: almost all there are. The tables come out the same when only those beside it are;
a step in Python still meets all models as they are then. `tests/test_last_release.py` migrates as
Django does on PostgreSQL.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.db.migrations.state import ProjectState

_find = ProjectState._find_reload_model


def _find_beside(state: ProjectState, app: str, model: str, delay: bool = False) -> Any:
    """Return a model and those beside it; the state knows by this that the others are older."""
    return _find(state, app, model, delay=True)


@contextmanager
def quick_migrations() -> Iterator[None]:
    """Render less, look up once which model stands for another, and look for no garbage."""
    swapped = cache(apps.get_swappable_settings_name)
    gc.disable()
    try:
        with (
            patch.object(ProjectState, "_find_reload_model", _find_beside),
            patch.object(apps, "get_swappable_settings_name", swapped),
        ):
            yield
    finally:
        gc.enable()
