"""A source is shown as a link where its last word is an address."""

import pytest

from courses.templatetags.sources import linked_source


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Luật Trẻ em, Điều 10", "Luật Trẻ em, Điều 10"),
        (
            "Luật Trẻ em https://vbpl.vn/a?b=1&c=2",
            '<a href="https://vbpl.vn/a?b=1&amp;c=2" rel="noopener noreferrer">Luật Trẻ em</a>',
        ),
        ("https://vbpl.vn/", "https://vbpl.vn/"),
        ("Luật javascript:alert(1)", "Luật javascript:alert(1)"),
    ],
)
def test_linked_source(line, shown):
    assert linked_source(line) == shown


def test_linked_source_escapes_the_text():
    assert "<b>" not in linked_source("<b>Luật</b> https://vbpl.vn/")
