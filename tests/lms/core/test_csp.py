"""The headers that tell a browser what a page may do."""

import re

import pytest

from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.courses import make_course
from tests.reading import html_of
from tests.shared import shared

STRICT = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(response):
    parts = response.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@shared
def course(edition):
    return make_course()


@pytest.fixture(autouse=True)
def _groups_of_roles(course):
    ensure_role_groups(course_root=course.get_parent())


@pytest.mark.parametrize("address", ["/", "/tai-khoan/login/", "/xac-minh/", "/khong-co/"])
def test_page_has_the_strict_policy(client, address):
    assert policy(client.get(address)) == STRICT


def test_admin_adds_a_nonce_for_styles_and_pictures_not_yet_sent(as_administrator):
    response = as_administrator.get("/quan-tri/")
    nonce = re.search(r'admin_policy\.js" nonce="([^"]+)"', html_of(response))[1]

    assert policy(response) == {
        **STRICT,
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self' blob: data:",
    }


def test_nonce_is_another_for_each_answer(as_administrator):
    first, second = (policy(as_administrator.get("/quan-tri/")) for _ in range(2))

    assert first["style-src"] != second["style-src"]


@pytest.mark.parametrize("view", ["view_draft/", "edit/preview/"])
def test_preview_may_be_framed_by_the_editor(as_administrator, course, view):
    """The page itself, and the notice that the form cannot be previewed yet."""
    course.save_revision()
    response = as_administrator.get(f"/quan-tri/pages/{course.pk}/{view}")

    assert response.status_code == 200
    assert policy(response)["frame-ancestors"] == "'self'"


def test_page_being_previewed_keeps_the_strict_policy(as_administrator, course):
    course.save_revision()
    response = as_administrator.get(f"/quan-tri/pages/{course.pk}/view_draft/")

    assert policy(response) == {**STRICT, "frame-ancestors": "'self'"}


def test_answer_has_the_other_headers(client):
    headers = client.get("/").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Permissions-Policy"] == (
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
    )


def test_admin_writes_no_inline_script(as_administrator, course):
    for address in ("edit/", "history/", "move/", "copy/"):
        page = html_of(as_administrator.get(f"/quan-tri/pages/{course.pk}/{address}"))
        assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == [], address
    assert 'data-call="PageChooser"' in page
