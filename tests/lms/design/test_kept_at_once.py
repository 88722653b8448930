"""Threads draw the same component at once, in a process that has drawn none of it yet."""

from django.template import engines
from django.utils import translation

from lms.design.templatetags import ui
from tests.at_once import at_once, hurried

NAME, GIVEN = "lms/components/progress.html", "value=value max=top label=label"
THREADS, ROUNDS, ROWS = 6, 10, 8


def test_each_thread_draws_what_it_is_given_in_the_language_of_its_reader():
    engine = engines["django"]
    kept = engine.from_string(f'{{% load ui %}}{{% render_kept "{NAME}" {GIVEN} %}}')
    included = engine.from_string(f'{{% include "{NAME}" with {GIVEN} only %}}')

    def told(template, reader):
        # Two languages, and rows that some of the readers share.
        with translation.override(("vi", "en")[reader % 2]):
            rows = ({"value": 1000 * row, "top": 9000, "label": reader % 3} for row in range(ROWS))
            return [template.render(row) for row in rows]

    wanted = [told(included, reader) for reader in range(THREADS)]
    assert len({tuple(one) for one in wanted}) == THREADS

    for _round in range(ROUNDS):
        ui._rendered.cache_clear()
        acts = [lambda reader=reader: told(kept, reader) for reader in range(THREADS)]
        with hurried():
            assert at_once(*acts) == wanted
