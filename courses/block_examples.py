"""What the window of blocks shows of each, before it is chosen."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from wagtail.documents import get_document_model


def callout() -> dict[str, Any]:
    return {
        "tone": "law",
        "title": _("Whoever sees it reports it"),
        "text": _("Everybody who sees that a child is abused has the duty to tell."),
    }


def self_check() -> dict[str, Any]:
    return {
        "question": _("Whom do you tell first?"),
        "answer": _("The police, the commune or the line 111: any one of them."),
    }


def steps() -> dict[str, Any]:
    return {
        "title": _("When a child tells you something"),
        "steps": [
            {"title": _("Listen"), "text": _("Do not ask for details.")},
            {"title": _("Report"), "text": _("On the same day.")},
        ],
    }


def case() -> dict[str, Any]:
    return {
        "title": _("A child who no longer comes to school"),
        "story": _("H. is nine and has been absent for a week. A neighbour hears crying."),
        "question": _("What do you do today?"),
        "answer": _("Tell the commune and go there together."),
    }


def accordion() -> dict[str, Any]:
    return {
        "items": [{"heading": _("Who pays?"), "text": "<p>" + _("The course is free.") + "</p>"}]
    }


def contact() -> dict[str, Any]:
    return {
        "name": _("National child protection line"),
        "phone": "111",
        "note": _("Day and night, free of charge"),
    }


def sources() -> dict[str, Any]:
    return {
        "sources": [{"title": _("Law on Children 102/2016/QH13, article 51"), "url": ""}],
        "reviewed_on": date(2026, 11, 1),
        "reviewed_by": _("the trainer"),
    }


def text() -> str:
    return (
        "<h2>"
        + _("What you see")
        + "</h2><p>"
        + _("A child is <b>often alone</b>.")
        + "</p><ul><li>"
        + _("Listen")
        + "</li><li>"
        + _("Report")
        + "</li></ul>"
    )


def document() -> dict[str, Any]:
    return {
        "document": _file("phieu-bao-tin.pdf", _("Form for a report")),
        "description": _("To fill in at once"),
    }


def video() -> dict[str, Any]:
    return {
        "file": _file("bai-giang.mp4", _("How to listen")),
        "title": _("How to listen to a child"),
        "length": _("3 minutes, 8 MB"),
        "transcript": _("Sit down beside the child. Do not ask for details."),
        "captions": None,
        "poster": None,
    }


def audio() -> dict[str, Any]:
    return {
        "file": _file("cuoc-goi.mp3", _("A call")),
        "title": _("A made-up call to the line 111"),
        "length": _("3 minutes, 2 MB"),
        "transcript": _("Hello, this is the line 111."),
    }


def _file(name: str, title: str) -> Any:
    """Return a file that exists nowhere: none of these blocks fetches it before a tap."""
    return get_document_model()(pk=0, title=title, file=name, file_size=48_000)
