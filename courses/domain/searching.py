"""The words of the lessons that a person may read: which lessons have them, and where.

Built on the search index of the pages, which keeps texts without marks as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Length, Substr
from django.utils.html import strip_tags
from wagtail.models import Page
from wagtail.search.query import Phrase, PlainText

from courses.enums import RunStatus
from courses.models import EditionLesson, Enrolment, LessonPage
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.text import fold, nfc

#: Letters that a query needs; what is longer than the longest is cut.
SHORTEST_QUERY: Final = 2
LONGEST_QUERY: Final = 100
_WORD: Final = re.compile(r"\w+")
_ENDS: Final = re.compile(r"^\W+|\W+$")
_WORDS_BEFORE: Final = 8
_WORDS_SHOWN: Final = 32
# Of what a block holds, what nobody reads as a sentence.
_NO_WORDS: Final = {"tone", "url", "length", "reviewed_on", "id", "type"}


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `is_found` for the words that were asked for."""

    text: str
    is_found: bool


@dataclass(frozen=True)
class FoundLesson:
    lesson: LessonPage
    course_title: str
    module_title: str
    title: list[Piece]
    snippet: list[Piece]


def words_of(query: str) -> list[str]:
    """Return the words that are looked for, without marks; none when the query is too short."""
    folded = fold(query[:LONGEST_QUERY])
    return _WORD.findall(folded) if len(folded) >= SHORTEST_QUERY else []


def search_lessons(*, user: User, query: str) -> list[int]:
    """Return the ids of the lessons with all these words: first those in which they follow each
    other. Four queries.
    """
    # "1.2" and "267/QĐ-TTg" are one word for the index.
    text = " ".join(_ENDS.sub("", word) for word in fold(query).split())
    readable = list(_readable_lessons(user).values_list("pk", flat=True))
    lessons = LessonPage.objects.filter(pk__in=readable).only("pk")
    # One after the other: neither database lets neighbours weigh more.
    found = [*lessons.search(Phrase(text)), *lessons.search(PlainText(text, operator="and"))]
    return list(dict.fromkeys(lesson.pk for lesson in found))


def show_found(*, lesson_ids: Sequence[int], words: Sequence[str]) -> list[FoundLesson]:
    """Return these lessons with the words marked, and where each stands; two queries."""
    found = LessonPage.objects.in_bulk(lesson_ids)
    lessons = [found[pk] for pk in lesson_ids if pk in found]
    paths = {lesson.path[: -level * Page.steplen] for lesson in lessons for level in (1, 2)}
    titles = dict(Page.objects.filter(path__in=paths).values_list("path", "title"))
    return [
        FoundLesson(
            lesson=lesson,
            course_title=titles[lesson.path[: -2 * Page.steplen]],
            module_title=titles[lesson.path[: -Page.steplen]],
            title=mark_words(lesson.title, words),
            snippet=snippet_of(text_of(lesson), words),
        )
        for lesson in lessons
    ]


def mark_words(text: str, words: Sequence[str]) -> list[Piece]:
    """Return the text in pieces: the words where they follow each other, else wherever they are."""
    text = nfc(text)
    places = list(_WORD.finditer(text))
    marked = _places_of([fold(place[0]) for place in places], words)
    pieces, end = [], 0
    for at in marked:
        start, stop = places[at].span()
        pieces += [Piece(text[end:start], False), Piece(text[start:stop], True)]
        end = stop
    return [piece for piece in [*pieces, Piece(text[end:], False)] if piece.text]


def snippet_of(text: str, words: Sequence[str]) -> list[Piece]:
    """Return a line of the text around the first place of the words, marked; the beginning when it
    has none of them.
    """
    text = nfc(text)
    places = list(_WORD.finditer(text))
    if not places:
        return []
    marked = _places_of([fold(place[0]) for place in places], words)
    first = max(0, marked[0] - _WORDS_BEFORE) if marked else 0
    behind = first + _WORDS_SHOWN
    before, start = ("… ", places[first].start()) if first else ("", 0)
    after, end = (" …", places[behind - 1].end()) if behind < len(places) else ("", len(text))
    return mark_words(f"{before}{text[start:end]}{after}", words)


def text_of(lesson: LessonPage) -> str:
    """Return what a lesson says, from its blocks as they are stored: no picture is looked up."""
    stored = (text for block in lesson.body.raw_data for text in _texts_in(block["value"]))
    plain = (unescape(strip_tags(text.replace("<", " <"))) for text in stored)
    return " ".join([lesson.summary, *plain])


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in _NO_WORDS:
                yield from _texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part)


def _places_of(text: Sequence[str], words: Sequence[str]) -> list[int]:
    """Return the places of the words in the text, both folded."""
    size = len(words)
    runs = [at for at in range(len(text) - size + 1) if list(text[at : at + size]) == list(words)]
    if runs:
        return sorted({at + step for at in runs for step in range(size)})
    return [at for at, word in enumerate(text) if word in words]


def _readable_lessons(user: User) -> QuerySet[LessonPage]:
    """Return the published lessons that `courses.views.access` lets this person read.

    Restricted pages are left out, and so are those that were taken down: their row may hold a draft.
    """
    lessons = LessonPage.objects.live().public()
    module, course = _above(OuterRef("path"), 1), _above(OuterRef("path"), 2)
    published = ~Exists(Page.objects.filter(Q(path=module) | Q(path=course), live=False))
    if user.scope.has_role(*Role):
        return lessons.filter(published)
    classes = Enrolment.objects.counted().filter(user=user).exclude(run__status=RunStatus.CANCELLED)
    asked = EditionLesson.objects.filter(edition__in=classes.values("run__edition"))
    # Before it opens, a class shows the course as it stands.
    planned = classes.filter(run__edition=None).values("run__course__path")
    lessons = lessons.annotate(course_path=_above(F("path"), 2))
    return lessons.filter(Q(pk__in=asked.values("lesson")) | Q(published, course_path__in=planned))


def _above(path: Combinable, levels: int) -> Substr:
    """Return the tree path so many levels further up, of pages that have as many above them."""
    # PostgreSQL may ask it of pages that a later condition leaves out.
    return Substr(path, 1, Greatest(Length(path) - levels * Page.steplen, 0))
