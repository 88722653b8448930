"""Templates are compiled when a web process starts."""

import pytest
from django.template import engines

from lms.core.page_templates import compile_templates


def test_templates_of_the_suite_are_compiled_and_those_of_packages_are_not():
    (loader,) = engines["django"].engine.template_loaders
    loader.reset()

    assert compile_templates() == len(loader.get_template_cache)
    assert "reporting/completion.html" in loader.get_template_cache
    assert "django_filters/rest_framework/form.html" not in loader.get_template_cache


@pytest.mark.parametrize("broken", [b"{% if %}", b"\xff\xfe no UTF-8"])
def test_template_with_an_error_is_logged_and_stops_no_site(tmp_path, settings, caplog, broken):
    (tmp_path / "broken.html").write_bytes(broken)
    (tmp_path / "whole.html").write_text("whole", encoding="utf-8")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]

    compile_templates()

    (loader,) = engines["django"].engine.template_loaders
    assert "broken.html" in caplog.text
    assert "whole.html" in loader.get_template_cache
