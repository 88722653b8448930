"""A body that no page sends is refused before it is read."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from lms.core.middleware import LARGEST_BODY, LARGEST_BODY_OF_STRANGERS, BodyLimitMiddleware
from tests.reading import templates_of


class UnreadBody:
    def read(self, *_):
        pytest.fail("the body was read")

    readline = read


@pytest.mark.parametrize(
    ("session", "size", "passes"),
    [
        ("", LARGEST_BODY_OF_STRANGERS, True),
        ("", LARGEST_BODY_OF_STRANGERS + 1, False),
        ("some", LARGEST_BODY_OF_STRANGERS + 1, True),
        ("some", LARGEST_BODY + 1, False),
        ("some", 10**30, False),
        ("some", "", True),
    ],
)
def test_body_by_its_length(session, size, passes):
    request = RequestFactory().post("/", CONTENT_LENGTH=str(size))
    if session:
        request.COOKIES["sessionid"] = session

    answer = BodyLimitMiddleware(lambda _request: None)(request)

    assert (answer is None) is passes
    assert passes or answer.status_code == 413


def test_large_body_of_a_stranger_is_not_read():
    client = Client(enforce_csrf_checks=True)
    sent = {"CONTENT_LENGTH": str(300 * 1024**2), "wsgi.input": UnreadBody()}

    answer = client.post(reverse("account_login"), **sent)

    assert answer.status_code == 413
    assert "413.html" in templates_of(answer)
