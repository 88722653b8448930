"""Read what a page or a panel answers."""

import io
import re
from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory
from pypdf import PdfReader

from lms.accounts.models import User


def html_of(response: HttpResponse) -> str:
    return response.content.decode()


def numbers(sentence: str) -> list[int]:
    """The numbers that a sentence tells, in its order."""
    return [int(number) for number in re.findall(r"\d+", sentence)]


def levels_of(response: Any) -> list[str]:
    """How grave each of the messages on a page is, such as "success"."""
    return [message.level_tag for message in response.context["messages"]]


def templates_of(response: Any) -> set[str | None]:
    """The names of all templates that a page was put together from."""
    return {template.name for template in response.templates}


def panel_html(panel: Any, user: User) -> str:
    """What a panel of the admin's front page shows this person, with spaces made one."""
    request = RequestFactory().get("/")
    request.user = user
    return " ".join(panel().render_html({"request": request}).split())


def listed_names(response: Any) -> list[str]:
    """The full names in the list of people that a page shows, in its order."""
    return [person.full_name for person in response.context["object_list"]]


def is_logged_in(client: Any) -> bool:
    return "_auth_user_id" in client.session


def error_codes(form: Any) -> dict[str, list[str]]:
    """Why a form was not taken, by field; `__all__` stands for the form as a whole."""
    return {
        name: [error.code for error in errors] for name, errors in form.errors.as_data().items()
    }


def read_pdf(pdf: bytes) -> str:
    """The text of all pages, with spaces made one."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def faces_of(pdf: bytes) -> set[str]:
    """The names of the fonts that its letters are set in."""
    fonts = [
        font.get_object()
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    # A font that is cut to the letters used has six letters before its name.
    return {font["/BaseFont"].removeprefix("/").partition("+")[2] for font in fonts}
