"""The real suite, started once for all tests: web server, worker, beat on the embedded default.

`tests/conftest.py` hands its fixtures to every test. Nothing here touches Django in this
process: what the tests see is what a person sees. `python -m tests.running COMMAND …` starts
the suite first, so that several processes of pytest look at the same one.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lms.core.demo import read_accounts
from tests.databases import migrated_file
from tests.services import free_port, wait_for

ROOT = Path(__file__).resolve().parents[1]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
START_SECONDS = 240
# The settings of the suite that the tests look at.
LOOKED_AT = "tests.running_settings"
# Each page is open for a second: what V8 compiles anew for it takes longer than it saves. Not where
# time is measured (`tests/benchmarks`).
FOR_A_MOMENT = "--js-flags=--no-turbofan --no-maglev"
# Of a suite that runs already.
SUITE_URL, SUITE_FOLDER = "RUNNING_SUITE_URL", "RUNNING_SUITE_FOLDER"


def until(ask: Callable[[], object], *, seconds: float, what: str, every: float = 0.2) -> object:
    """The first true answer of `ask`; fails with `what` when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(every)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def once(path: Path, make: Callable[[], str]) -> str:
    """What `make` gave, kept in a file for the other processes that test the same suite."""
    with path.with_suffix(".lock").open("w") as lock:
        # Two processes may ask at once: one makes it, the other waits.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_text(make(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


@dataclass
class Suite:
    """The running suite: its address, its data folder, and the mail it has sent."""

    url: str
    folder: Path

    def mail(self) -> list[EmailMessage]:
        """Every message that the file backend has written so far."""
        return [
            message_from_bytes(part.lstrip(), policy=policy.default)
            for path in sorted((self.folder / "mail").glob("*.log"))
            for part in path.read_bytes().split(b"-" * 79 + b"\n")
            if part.strip()
        ]


@contextmanager
def running_suite(folder: Path, *, settings: str = "lms.settings.dev") -> Iterator[Suite]:
    """`make run` with its data in this empty folder, on a free port; ends what it started."""
    with starting_suite(folder, settings=settings) as (suite, process):
        until(lambda: _answers(suite, process), seconds=START_SECONDS, what="the suite answers")
        yield suite


@contextmanager
def starting_suite(
    folder: Path, *, settings: str
) -> Iterator[tuple[Suite, "subprocess.Popen[bytes]"]]:
    """The suite that does not answer yet.

    Its database is migrated already, from nothing, as the first start of all does.
    """
    shutil.copy(migrated_file(), folder / "db.sqlite3")
    port = free_port()
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "EMAIL_URL"}
    }
    url = f"http://127.0.0.1:{port}"
    environment = {
        **kept,
        "SUITE_DATA_DIR": str(folder),
        "SUITE_BASE_URL": url,
        "DJANGO_SETTINGS_MODULE": settings,
        "SUITE_SENDING_HOURS": "",
    }
    command = [sys.executable, "manage.py", "run_suite", "--port", str(port)]
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield Suite(url=url, folder=folder), process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


@pytest.fixture(scope="session")
def database_beside_the_browser() -> None:
    """Playwright's loop runs in this thread to the end, and beside a loop Django refuses to ask."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    if url := os.environ.get(SUITE_URL):
        given = Suite(url=url, folder=Path(os.environ[SUITE_FOLDER]))
        until(lambda: _answers(given), seconds=START_SECONDS, what="the given suite answers")
        yield given
        return
    with running_suite(tmp_path_factory.mktemp("suite"), settings=LOOKED_AT) as running:
        yield running


def _answers(suite: Suite, process: "subprocess.Popen[bytes] | None" = None) -> bool:
    if process and process.poll() is not None:
        log = suite.folder / "run.log"
        raise AssertionError(f"the suite stopped: {log.read_text()[-1500:]}")
    try:
        with urllib.request.urlopen(f"{suite.url}/health/ready/", timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def chromium(*more: str) -> dict[str, object]:
    """How to start the system's Chromium, without a window; `CHROMIUM` names another one."""
    args = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", *more]
    # One process draws all pages of a browser: a new one for each costs a fifth of the time.
    args.append("--renderer-process-limit=1")
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    found = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
    return {"executable_path": os.environ.get("CHROMIUM", found), "args": args}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, **chromium(FOR_A_MOMENT)}


def log_in(page: Page, login: str, password: str) -> None:
    """Through the page's own form; once more where the suite is busy and asks for that."""

    def enter() -> bool:
        page.goto("/tai-khoan/login/")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(password)
        with page.expect_navigation() as went:
            page.locator("input[name=password]").press("Enter")
        return went.value.status != HTTPStatus.SERVICE_UNAVAILABLE

    until(enter, seconds=90, what=f"{login} logs in", every=1)
    page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture
def open_as(browser: Browser, suite: Suite) -> Iterator[Callable[..., Page]]:
    """`open_as("trainee", PHONE)`: a page of a fresh browser in which that person is logged in."""
    contexts: list[BrowserContext] = []
    accounts = read_accounts()

    def open_page(role: str | None, size: dict, **options: object) -> Page:
        context = browser.new_context(viewport=size, base_url=suite.url, locale="en-US", **options)
        contexts.append(context)
        page = context.new_page()
        if role:
            log_in(page, accounts[role]["login"], accounts[role]["password"])
        return page

    yield open_page
    for context in contexts:
        context.close()


def main(command: list[str]) -> int:
    """Run a command beside the suite: pytest collects its tests while that gets ready."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="suite-") as folder,
        starting_suite(Path(folder), settings=LOOKED_AT) as (one, _process),
    ):
        environment = {**os.environ, SUITE_URL: one.url, SUITE_FOLDER: folder}
        # Importing lms has named the settings of production; pytest names its own.
        del environment["DJANGO_SETTINGS_MODULE"]
        with subprocess.Popen(command, env=environment) as process:
            return wait_for(process)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
