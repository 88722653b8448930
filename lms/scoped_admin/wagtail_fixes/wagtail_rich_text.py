"""Texts made ready for the editor by several threads: Wagtail 8.0 has one parser for all of them.

The blocks of a page live as long as the process, their editor with them, and in it a parser that keeps what it
has read. Two who opened lessons at the same moment got an error, or one the words of the other, which the
next automatic save would have kept.
"""

import copy

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

_convert = ContentstateConverter.from_database_format


def convert_apart(converter: ContentstateConverter, html: str) -> str:
    """Return the text as the editor takes it, read by a parser of its own."""
    apart = copy.copy(converter)
    # It begins by forgetting what it has read; what it shares with the other are its rules.
    apart.html_to_contentstate_handler = copy.copy(converter.html_to_contentstate_handler)
    converted: str = _convert(apart, html)
    return converted


def read_texts_apart() -> None:
    ContentstateConverter.from_database_format = convert_apart
