"""What a process does before its first page."""

import gc

import pytest
from django.template import Engine, engines
from django.urls import get_resolver

from lms.core import first_page, pages_read_first
from lms.core.first_page import prepare_first_page
from lms.core.registry import Registry


@pytest.fixture(autouse=True)
def _same_garbage():
    """What a web process changes for itself would slow the other tests."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_process_is_prepared_without_the_database(monkeypatch, caplog):
    """A test that is not marked may not open it: a step that asks it would be logged as failed."""
    monkeypatch.setattr(pages_read_first, "first_pages", Registry("no pages"))
    (loader,) = engines["django"].engine.template_loaders
    loader.reset()
    Engine.get_default().__dict__.pop("template_context_processors", None)
    get_resolver()._reverse_dict.clear()

    prepare_first_page()

    assert {"vi", "en"} <= get_resolver()._reverse_dict.keys()
    assert "template_context_processors" in Engine.get_default().__dict__
    assert "lms/base.html" in loader.get_template_cache
    assert not caplog.records
    assert gc.get_threshold()[0] == first_page._OF_ONE_PAGE


def test_step_that_fails_is_logged_and_keeps_no_process_from_starting(monkeypatch, caplog):
    done = []

    def broken():
        raise OSError

    monkeypatch.setattr(first_page, "_STEPS", (broken, lambda: done.append("whole")))

    prepare_first_page()

    assert done == ["whole"]
    assert [one.exc_info[0] for one in caplog.records] == [OSError]
