"""Titles of courses, modules, lessons and quizzes: English where one is written and spoken."""

from typing import NamedTuple, Protocol

from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from lms.core.display import content, speaks_content


class Titled(Protocol):
    @property
    def title(self) -> str: ...

    @property
    def title_en(self) -> str: ...


class TitlePair(NamedTuple):
    """A title apart from its page."""

    title: str
    title_en: str


def plain_title(thing: Titled) -> str:
    """Return the title in the language of the interface where it is written in that, else the
    Vietnamese one: for places that hold no element, such as the name of a browser's tab or a cell.
    """
    return thing.title if speaks_content() or not thing.title_en else thing.title_en


def shown_title(thing: Titled) -> str:
    """Return the title as a page shows it: a Vietnamese one among English is marked as such."""
    title = plain_title(thing)
    return content(title) if title == thing.title else title


def title_column(prefix: str = "") -> models.F | Coalesce:
    """Return `plain_title` for the database; `prefix` as in `course__`."""
    title = models.F(f"{prefix}title")
    if speaks_content():
        return title
    return Coalesce(NullIf(models.F(f"{prefix}title_en"), models.Value("")), title)


class EnglishTitleMixin(models.Model):
    """The English title of what has a Vietnamese one, whatever carries it."""

    title_en = models.CharField(
        _("English title"),
        max_length=255,
        blank=True,
        help_text=_(
            "Shown to those who read the suite in English. Without it they see the Vietnamese title."
        ),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return plain_title(self)  # type: ignore[arg-type]
