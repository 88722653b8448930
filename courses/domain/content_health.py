"""What is wrong with the text of a lesson, seen without opening it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.enums import ContentFault

# Of the 100 kB of a first visit; the frame of the page takes the rest.
LESSON_BUDGET: Final = 60_000
# What a byte of a picture as WebP at this width is worth; phones get the width of 480.
_PHONE_WIDTH: Final = 480
_BYTES_A_PIXEL: Final = 0.1
REVIEWED_WITHIN: Final = timedelta(days=365)
_LINK: Final = re.compile(r"<a\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(r'(linktype|id)="([^"]*)"')


@dataclass
class Content:
    """What a lesson refers to, as its blocks are stored."""

    size: int = 0
    images: list[int] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    lacks_alt: bool = False
    names_sources: bool = False


@dataclass(frozen=True)
class Targets:
    """What is there of all that the lessons refer to: bytes of pictures by id, and ids."""

    images: Mapping[int, int]
    documents: Collection[int]
    pages: Collection[int]


def read_content(blocks: Iterable[Mapping[str, Any]]) -> Content:
    """Read stored blocks, of a page or of a revision."""
    content = Content()
    for block in blocks:
        content.size += len(str(block["value"]).encode())
        content.names_sources |= block.get("type") == "sources"
        _read_value(block["value"], content)
    return content


def _read_value(value: Any, content: Content) -> None:
    """Read a value and what lies within it: links also stand in the parts that open."""
    if isinstance(value, str):
        _read_links(value, content)
    elif isinstance(value, dict):
        _read_struct(value, content)
    elif isinstance(value, list):
        for item in value:
            _read_value(item, content)


def _read_struct(value: Mapping[str, Any], content: Content) -> None:
    content.documents += [value[name] for name in ("document", "file") if value.get(name)]
    picture = value.get("image")
    if isinstance(picture, dict) and picture.get("image"):
        content.images.append(picture["image"])
        content.lacks_alt |= not (picture.get("alt_text") or picture.get("decorative"))
    _read_value(list(value.values()), content)


def _read_links(html: str, content: Content) -> None:
    for link in _LINK.findall(html):
        named = dict(_ATTRIBUTE.findall(link))
        aims = {"page": content.pages, "document": content.documents}.get(named.get("linktype", ""))
        if aims is not None and named.get("id", "").isdigit():
            aims.append(int(named["id"]))


def find_targets(contents: Collection[Content]) -> Targets:
    """Look up all that these lessons refer to; three queries."""
    ids = {pk for content in contents for pk in content.images}
    images = (
        get_image_model().objects.filter(pk__in=ids).only("file", "file_size", "width", "height")
    )
    documents = {pk for content in contents for pk in content.documents}
    pages = {pk for content in contents for pk in content.pages}
    return Targets(
        images={image.pk: _weight(image) for image in images},
        documents=set(
            get_document_model().objects.filter(pk__in=documents).values_list("pk", flat=True)
        ),
        pages=set(Page.objects.live().filter(pk__in=pages).values_list("pk", flat=True)),
    )


def _weight(image: Any) -> int:
    """Return about how many bytes a phone fetches for this picture."""
    if image.is_svg():
        return image.file_size or 0
    width = min(image.width, _PHONE_WIDTH)
    return int(width * width * image.height / max(image.width, 1) * _BYTES_A_PIXEL)


def lesson_faults(
    *, content: Content, targets: Targets, sources: str, reviewed_at: datetime | None, now: datetime
) -> list[ContentFault]:
    """Return what should be looked at, the worst first."""
    dead = (
        set(content.images) - set(targets.images)
        or set(content.documents) - set(targets.documents)
        or set(content.pages) - set(targets.pages)
    )
    weight = content.size + sum(targets.images.get(pk, 0) for pk in content.images)
    found = {
        ContentFault.EMPTY: content.size == 0,
        ContentFault.DEAD_LINK: bool(dead),
        ContentFault.NO_ALT: content.lacks_alt,
        ContentFault.NO_SOURCE: not (sources.strip() or content.names_sources),
        ContentFault.HEAVY: weight > LESSON_BUDGET,
        ContentFault.OLD: reviewed_at is not None and now - reviewed_at > REVIEWED_WITHIN,
    }
    return [fault for fault, is_so in found.items() if is_so]
