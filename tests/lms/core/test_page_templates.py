"""Templates are compiled when a web process starts."""

from django.template import engines

from lms.core.page_templates import compile_templates


def test_templates_of_the_suite_are_compiled_and_those_of_packages_are_not():
    (loader,) = engines["django"].engine.template_loaders
    loader.reset()

    assert compile_templates() == len(loader.get_template_cache)
    assert "reporting/completion.html" in loader.get_template_cache
    assert "django_filters/rest_framework/form.html" not in loader.get_template_cache
