"""Titles of courses, modules, lessons and quizzes: English where one is written and spoken."""

from typing import Protocol

from lms.core.display import content, speaks_content


class Titled(Protocol):
    @property
    def title(self) -> str: ...

    @property
    def title_en(self) -> str: ...


def plain_title(thing: Titled) -> str:
    """Return the title in the language of the interface where it is written in that, else the
    Vietnamese one: for places that hold no element, such as the name of a browser's tab.
    """
    return thing.title if speaks_content() or not thing.title_en else thing.title_en


def shown_title(thing: Titled) -> str:
    """Return the title as a page shows it: a Vietnamese one among English is marked as such."""
    title = plain_title(thing)
    return content(title) if title == thing.title else title
