"""The suite with a page that fails, in a process of its own: `python -m …`; prints how long it took."""

import logging
import time

from django.http import HttpRequest, HttpResponse
from django.urls import path

# Of nobody; each must stay in this process.
NAME, PHONE, STAFF_CODE, MAIL = "Nguyễn Thị Hương", "0912345678", "QT0077", "huong@example.vn"
PERSONAL = (NAME, "Hương", PHONE, STAFF_CODE, MAIL, "203.0.113.9", "s3cret-session")


class Person:
    pk = 7
    is_authenticated = True
    username = STAFF_CODE
    email = MAIL

    def __str__(self) -> str:
        return NAME


def fail(request: HttpRequest, code: str) -> HttpResponse:
    person = Person()
    request.user = person  # type: ignore[assignment]
    logging.getLogger("lms.accounts").error("%s of %s could not be sent.", NAME, PHONE)
    logging.getLogger("somebody.else").error(f"sent nothing to {MAIL}")  # noqa: G004
    raise ValueError(f"{person} ({PHONE}) has no posting")


def main() -> None:
    import django
    from django.test import Client

    django.setup()
    from lms.urls import urlpatterns

    urlpatterns.insert(0, path("can-bo/<str:code>/", fail, name="fail"))
    begun = time.perf_counter()
    Client(raise_request_exception=False).post(
        f"/can-bo/{STAFF_CODE}/?q={NAME}",
        {"phone": PHONE, "name": NAME},
        headers={"Cookie": "other=s3cret-session", "X-Request-ID": "3f2a9c1d-page"},
        REMOTE_ADDR="203.0.113.9",
    )
    print(time.perf_counter() - begun)  # noqa: T201


if __name__ == "__main__":
    main()
