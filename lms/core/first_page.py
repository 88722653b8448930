"""What the first page of a process would wait for, done before anybody asks for one.

Python, Django and its packages put off much until it is wanted: the tree of addresses, words and forms of
numbers in each language, templates, what a model is read by. A process that has just started does
all of it for its first visitor, who waits three times as long as the next one.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from django.apps import apps
from django.conf import settings
from django.forms import widgets
from django.forms.renderers import get_default_renderer
from django.template import Engine
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import formats, timezone, translation

from lms.core.display import phone_local, vi_date, vi_number
from lms.core.page_templates import compile_templates
from lms.core.pages_read_first import read_first_pages

logger = logging.getLogger(__name__)

#: A number that nobody has, of the country whose numbers are written out on most pages.
_PHONE: Final = "+84900000000"
#: So many new objects are looked through at once, in a process that answers people.
_OF_ONE_PAGE: Final = 10_000


def prepare_first_page() -> None:
    """Do what a first page would wait for, then read the first pages themselves; one to three seconds.

    Each process calls it when it starts, once its addresses are imported. Whatever fails is logged, and
    left to the page that needs it: nothing here keeps a process from starting.
    """
    for step in _STEPS:
        try:
            step()
        except Exception:  # what is not prepared is slow, and no more
            logger.exception("Not prepared for the first page: %s", step.__name__)
    # What is there by now stays: nobody looks for garbage among it.
    gc.freeze()
    # A page leaves some thousand objects behind. A tenth of the pages paid 30 ms for what fifty thousand of
    # them left (`CoreConfig`); looked through more often, each pays for its own.
    gc.set_threshold(_OF_ONE_PAGE, *gc.get_threshold()[1:])


def _read_addresses() -> None:
    """Write each address that needs nothing more: what it is checked by is compiled when it is first written.

    The tree of addresses is laid out for each language.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name in _names_of(get_resolver()):
                with suppress(NoReverseMatch):
                    reverse(name)


def _names_of(resolver: URLResolver, inside: str = "") -> Iterator[str]:
    """Yield the names of the site's own addresses; those of Wagtail's admin are more than Python keeps compiled."""
    yield from (f"{inside}{name}" for name in resolver.reverse_dict if isinstance(name, str))
    for namespace, (_path, below) in resolver.namespace_dict.items():
        if not namespace.startswith("wagtail"):
            yield from _names_of(below, f"{inside}{namespace}:")


def _read_languages() -> None:
    """Read the words, and the forms of dates and numbers, of each language."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            vi_number(1000)
            vi_date(timezone.now(), "weekday")
            formats.sanitize_separators("1")
    phone_local(_PHONE)


def _find_widgets() -> None:
    """Compile the templates of Django's own fields."""
    renderer = get_default_renderer()
    for widget in vars(widgets).values():
        if name := getattr(widget, "template_name", None):
            renderer.get_template(name)


def _find_context() -> None:
    """Import what every template is given."""
    _ = Engine.get_default().template_context_processors


def _describe_models() -> None:
    """Have each model find out what it is read by: it is put into SQL, and nobody is asked."""
    for model in apps.get_models():
        str(model._base_manager.all().query)


_STEPS: Final[tuple[Callable[[], object], ...]] = (
    compile_templates,
    _read_addresses,
    _read_languages,
    _find_widgets,
    _find_context,
    _describe_models,
    # Last: it finds prepared what it would wait for.
    read_first_pages,
)
