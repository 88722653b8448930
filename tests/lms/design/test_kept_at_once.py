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
        ui._kept.cache_clear()
        acts = [lambda reader=reader: told(kept, reader) for reader in range(THREADS)]
        with hurried():
            assert at_once(*acts) == wanted


def test_renderings_of_one_component_push_out_none_of_another(monkeypatch):
    monkeypatch.setattr(ui, "_MOST", 2)
    ui._kept.cache_clear()
    drawn, find = [], ui.get_template
    monkeypatch.setattr(ui, "get_template", lambda name: drawn.append(name) or find(name))
    for label in ("one", "two", "three"):
        ui.render_kept("lms/components/badge.html", label="stays")
        ui.render_kept("lms/components/page_head.html", title=label)
    ui._kept.cache_clear()

    assert drawn.count("lms/components/badge.html") == 1
    assert drawn.count("lms/components/page_head.html") == 3
