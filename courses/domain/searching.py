"""The words of the pages that a person may read: which pages have them, and where.

Lessons are found by the search index, which keeps texts without marks as well; modules and courses
by their titles, and lessons that were taken down by what was published: the index has the draft.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from django.db.models.functions import Coalesce
from django.utils.html import strip_tags
from wagtail.models import Page
from wagtail.search.query import Phrase, PlainText

from courses.domain.readable import published_blocks, readable_lessons, readable_titles
from courses.models import LessonPage
from courses.models.titles import TitlePair, plain_title
from lms.accounts.models import User
from lms.core.text import fold, nfc

#: Letters that a query needs; what is longer than the longest is cut.
SHORTEST_QUERY: Final = 2
LONGEST_QUERY: Final = 100
# Below the root and the list of courses.
_COURSE_DEPTH: Final = 3
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
class FoundPage:
    """A course, module or lesson. `module` is None but of a lesson; without one `snippet` is empty."""

    page: Page
    course: TitlePair
    module: TitlePair | None
    own: TitlePair
    title: list[Piece]
    snippet: list[Piece]

    @property
    def is_course(self) -> bool:
        return bool(self.page.depth == _COURSE_DEPTH)


def words_of(query: str) -> list[str]:
    """Return the words that are looked for, without marks; none when the query is too short."""
    folded = fold(query[:LONGEST_QUERY])
    return _WORD.findall(folded) if len(folded) >= SHORTEST_QUERY else []


def search_pages(*, user: User, query: str) -> list[int]:
    """Return the ids of the pages with all these words: courses and modules by their titles, then
    lessons, first those in which the words follow each other. Five queries, and two where one's
    classes ask lessons that were taken down.
    """
    # "1.2" and "267/QĐ-TTg" are one word for the index.
    text = " ".join(_ENDS.sub("", word) for word in fold(query).split())
    readable = dict(readable_lessons(user).values_list("pk", "live"))
    lessons = LessonPage.objects.filter(pk__in=[pk for pk, live in readable.items() if live])
    lessons = lessons.only("pk")
    # One after the other: neither database lets neighbours weigh more.
    found = [*lessons.search(Phrase(text)), *lessons.search(PlainText(text, operator="and"))]
    ids = [*_titled(user, query), *(lesson.pk for lesson in found)]
    ids += _taken_down([pk for pk, live in readable.items() if not live], query)
    return list(dict.fromkeys(ids))


def show_found(*, page_ids: Sequence[int], words: Sequence[str]) -> list[FoundPage]:
    """Return these pages with the words marked, and where each stands; at most five queries."""
    lessons = LessonPage.objects.in_bulk(page_ids)
    found: dict[int, Page] = {**Page.objects.in_bulk(set(page_ids) - set(lessons)), **lessons}
    pages = [found[pk] for pk in page_ids if pk in found]
    ways = {page.pk: _way_to(page) for page in pages}
    titles = _titles_at({path for way in ways.values() for path in way})
    texts = _texts_of(lessons.values())
    return [
        FoundPage(
            page=page,
            course=titles[ways[page.pk][0]],
            module=titles[ways[page.pk][1]] if page.pk in lessons else None,
            own=titles[page.path],
            title=mark_words(plain_title(titles[page.path]), words),
            snippet=snippet_of(texts[page.pk], words) if page.pk in lessons else [],
        )
        for page in pages
    ]


def _titled(user: User, query: str) -> Iterator[int]:
    """Yield the courses and modules with all the words in their titles, from above; one query."""
    words = set(words_of(query))
    folded = Coalesce("coursepage__folded_title", "modulepage__folded_title")
    for pk, title in readable_titles(user).order_by("depth", "path").values_list("pk", folded):
        if words <= set(_WORD.findall(title)):
            yield pk


def _titles_at(paths: Collection[str]) -> dict[str, TitlePair]:
    """Return the titles of the courses, modules and lessons at these tree paths; one query."""
    kinds = ("coursepage", "modulepage", "lessonpage")
    english = Coalesce(*(f"{kind}__title_en" for kind in kinds))
    rows = Page.objects.filter(path__in=paths).values_list("path", "title", english)
    return {path: TitlePair(title, title_en) for path, title, title_en in rows}


def _taken_down(lesson_ids: Collection[int], query: str) -> list[int]:
    """Return those of these lessons whose published text has all the words."""
    if not lesson_ids:
        return []
    words = set(words_of(query))
    rows = LessonPage.objects.filter(pk__in=lesson_ids)
    titles = dict(rows.values_list("pk", "folded_title"))
    texts = {pk: _plain(*stored) for pk, stored in published_blocks(lesson_ids).items()}
    said = {pk: _WORD.findall(fold(f"{titles[pk]} {texts[pk]}")) for pk in lesson_ids}
    return [pk for pk in lesson_ids if words <= set(said[pk])]


def _texts_of(lessons: Collection[LessonPage]) -> dict[int, str]:
    down = [lesson.pk for lesson in lessons if not lesson.live]
    published = published_blocks(down) if down else {}
    texts = {lesson.pk: text_of(lesson) for lesson in lessons}
    return texts | {pk: _plain(*stored) for pk, stored in published.items()}


def _way_to(page: Page) -> list[str]:
    """Return the tree paths of the course and of what lies below it, down to the page."""
    step, course = Page.steplen, _COURSE_DEPTH * Page.steplen
    return [page.path[:end] for end in range(course, len(page.path) + 1, step)]


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
    return _plain(lesson.summary, lesson.body.raw_data)


def _plain(summary: str, blocks: Iterable[Mapping[str, Any]]) -> str:
    stored = (text for block in blocks for text in _texts_in(block["value"]))
    plain = (unescape(strip_tags(text.replace("<", " <"))) for text in stored)
    return " ".join([summary, *plain])


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
