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
def test_page_has_the_strict_policy_and_the_other_headers(client, address):
    answer = client.get(address)

    assert policy(answer) == STRICT
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Permissions-Policy"] == (
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
    )


def test_admin_adds_a_nonce_of_each_answer_for_styles_and_pictures_not_yet_sent(as_administrator):
    nonces = set()
    for _ in range(2):
        response = as_administrator.get("/quan-tri/")
        nonce = re.search(r'admin_policy\.js" nonce="([^"]+)"', html_of(response))[1]
        nonces.add(nonce)
        assert policy(response) == {
            **STRICT,
            "style-src": f"'self' 'nonce-{nonce}'",
            "img-src": "'self' blob: data:",
        }
    assert len(nonces) == 2


def test_preview_may_be_framed_by_the_editor_and_the_page_in_it_keeps_the_rest(
    as_administrator, course
):
    """The page itself, and the notice that the form cannot be previewed yet."""
    course.save_revision()
    page, notice = (
        as_administrator.get(f"/quan-tri/pages/{course.pk}/{view}")
        for view in ("view_draft/", "edit/preview/")
    )
    assert (page.status_code, notice.status_code) == (200, 200)
    assert policy(page) == {**STRICT, "frame-ancestors": "'self'"}
    assert policy(notice)["frame-ancestors"] == "'self'"


def test_admin_writes_no_inline_script(as_administrator, course):
    for address in ("edit/", "history/", "move/", "copy/"):
        page = html_of(as_administrator.get(f"/quan-tri/pages/{course.pk}/{address}"))
        assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == [], address
    assert 'data-call="PageChooser"' in page
