"""The three processes of the suite and what the person at the terminal is told about them."""

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from django.conf import settings
from django.urls import reverse

from lms.core.demo import demo_accounts
from lms.core.supervision.children import ChildSpec

# More web processes than cores make each request slower.
MOST_WEB_WORKERS: Final = 4
POOL_PROCESSES: Final = 2
READY_PATH: Final = "/health/ready/"


def child_specs(*, host: str, port: int, log_folder: Path) -> list[ChildSpec]:
    """Web, worker and beat, in the order in which they start."""
    log_folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "SUITE_BASE_URL": f"http://localhost:{port}",
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        # The system checks belong to `make test`; at each start they only cost seconds.
        "CELERY_SKIP_CHECKS": "1",
    }
    celery = (sys.executable, "-m", "celery", "-A", "lms")
    commands = {
        "web": (
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", host, "--port", str(port)),
            *("--workers", str(min(os.cpu_count() or 1, MOST_WEB_WORKERS))),
            *("--blocking-threads", "2", "--respawn-failed-workers", "--no-ws"),
            *("--workers-kill-timeout", "5"),
            "lms.wsgi:application",
        ),
        "worker": (
            *celery,
            *("worker", "--loglevel", "INFO", "--concurrency", str(POOL_PROCESSES)),
            # They talk between several workers, through files that nobody would clear away.
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        "beat": (*celery, "beat", "--loglevel", "INFO"),
    }
    return [
        ChildSpec(
            name=name,
            command=command,
            environment=environment,
            log_path=_fresh_log(log_folder, name),
        )
        for name, command in commands.items()
    ]


def _fresh_log(folder: Path, name: str) -> Path:
    """Start a new log file; the one of the run before stays beside it."""
    path = folder / f"{name}.log"
    if path.exists():
        path.replace(folder / f"{name}.log.1")
    return path


def answers_ready(*, port: int) -> bool:
    """Whether the web server says that it and its database are ready."""
    named = [name for name in settings.ALLOWED_HOSTS if not name.startswith(("*", "."))]
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{READY_PATH}", headers={"Host": named[0] if named else "localhost"}
    )
    try:
        with urllib.request.urlopen(request, timeout=2):  # noqa: S310 - a fixed http address
            return True
    except (urllib.error.URLError, OSError):
        return False


def welcome(*, port: int, data_folder: Path) -> list[str]:
    """The lines that say where to click and with which account."""
    site = f"http://localhost:{port}/"
    return [
        "",
        "The training suite is running.",
        f"  Site   {site}",
        f"  Admin  {site}{reverse('wagtailadmin_home').lstrip('/')}",
        f"  Mail   {data_folder / 'mail'} (kept as files, nothing is sent)",
        f"  Logs   {data_folder / 'log'}",
        *_account_lines(),
        "",
        "Stop it with Ctrl-C; the data stays.",
    ]


def _account_lines() -> list[str]:
    accounts = demo_accounts()
    if not accounts:
        return []
    columns = [[account[field] for field in ("label", "login", "password")] for account in accounts]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    rows = [
        "  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
        for row in columns
    ]
    return ["", "Demo accounts (made-up people): log-in, password", *(f"  {row}" for row in rows)]
