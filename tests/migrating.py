"""Migrations for the tests, in a third of the time that Django takes.

Django renders anew, for each field that points somewhere, every model that is linked with it by any
number of steps: almost all there are. The tables come out the same when only the models are that
point to the changed one; a step in Python still meets all models as they are then.
`tests/test_last_release.py` migrates as Django does on PostgreSQL.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from django.apps import apps
from django.db.migrations.state import ProjectState


def _find_beside(state: ProjectState, app: str, model: str, delay: bool = False) -> set:
    """Return a model and those that point to it or are made of it."""
    # By this a step in Python knows that the others are older.
    state.is_delayed = True
    found = {(app, model)}
    try:
        known = state.apps.get_model(app, model)
    except LookupError:
        return found
    fields = known._meta.get_fields(include_parents=False, include_hidden=True)
    back = [field.related_model for field in fields if field.is_relation and field.auto_created]
    beside = [one for one in (*known.__subclasses__(), *back) if one is not None]
    return found | {(one._meta.app_label, one._meta.model_name) for one in beside}


@contextmanager
def swaps_looked_up_once() -> Iterator[None]:
    """Ask once whether a model stands for another: Django asks all models for each field that points."""
    swapped = cache(apps.get_swappable_settings_name)
    with patch.object(apps, "get_swappable_settings_name", swapped):
        yield


@contextmanager
def quick_migrations() -> Iterator[None]:
    """Render less, look up once which model stands for another, and look for no garbage."""
    gc.disable()
    try:
        with (
            patch.object(ProjectState, "_find_reload_model", _find_beside),
            swaps_looked_up_once(),
        ):
            yield
    finally:
        gc.enable()
