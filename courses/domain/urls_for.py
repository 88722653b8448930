"""Where a page of the tree answers, and a step of a course."""

from typing import Any

from django.urls import reverse


def page_address(url_path: str) -> str:
    """Return the address of a page below the list of courses, from its tree path of slugs.

    Wagtail's `get_url` asks the database which site a page is of; here there is one, and its
    root is the list of courses.
    """
    return reverse("wagtail_serve", args=[url_path.split("/", 2)[2]])


def address_of(node: Any) -> str:
    """Return where a node of a course's tree answers: a course, module, lesson or quiz."""
    if getattr(node, "is_quiz", False):
        return reverse("courses:quiz_start", args=[node.pk])
    return page_address(node.url_path)
