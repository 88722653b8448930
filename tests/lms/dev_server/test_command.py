"""Which programs make the suite, when they are started, and what the person is told."""

import os
import signal
import socket
from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lms.core.databases import WEB_LOCK_SECONDS
from lms.core.views import health
from lms.core.views.health import MigrationsPendingError
from lms.dev_server.management.commands import run_suite
from lms.dev_server.management.commands.run_suite import answers_ready, list_programs, welcome
from tests.services import free_port
from tests.workers import Installation

ACCOUNTS = """
[[accounts]]
role = "trainer"
label = "Giảng viên"
login = "GV001"
password = "mot-hai-ba"

[[accounts]]
role = "trainee"
label = "Học viên"
login = "0900000001"
password = "mot-hai-ba"
"""


@pytest.fixture
def accounts(settings, tmp_path):
    settings.SUITE_DEMO = True
    settings.FIXTURES_DIR = tmp_path
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "accounts.toml").write_text(ACCOUNTS, encoding="utf-8")


@pytest.fixture
def command(monkeypatch, settings, tmp_path):
    """The command without its programs and without anything to prepare."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(run_suite, "missing_steps", list)
    monkeypatch.setattr(run_suite, "process_group", lambda *_: pytest.fail("programs were started"))
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.getsignal(number) for number in numbers}
    yield run_suite.Command()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_taken_port_is_named_with_a_way_out(command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as caught:
            call_command(command, port=port)

    assert str(caught.value) == (
        f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}"
    )


def test_port_that_is_taken_during_the_preparation_is_refused(command, monkeypatch):
    port = free_port()
    with socket.socket() as other:
        monkeypatch.setattr(
            run_suite, "missing_steps", lambda: other.bind(("127.0.0.1", port)) or []
        )
        with pytest.raises(CommandError, match=f"Port {port} is taken by another program"):
            call_command(command, port=port)


def test_port_out_of_range(command):
    with pytest.raises(CommandError, match="PORT is a number from 1 to 65535, not 80000"):
        call_command(command, port=80000)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_while_preparing(command, monkeypatch, number):
    monkeypatch.setattr(run_suite, "missing_steps", lambda: signal.raise_signal(number))

    with pytest.raises(CommandError, match="Stopped while preparing"):
        call_command(command, port=free_port())


def test_vanished_terminal_stops_the_suite(command, monkeypatch):
    answers = iter([True, True, True, False])
    monkeypatch.setattr("sys.stdin.isatty", lambda: next(answers))
    monkeypatch.setattr(run_suite, "process_group", lambda *_: nullcontext({}))
    monkeypatch.setattr(run_suite, "answers_ready", lambda *_: True)

    said = StringIO()
    call_command(command, port=free_port(), stdout=said)

    assert said.getvalue().endswith("Stop it with Ctrl-C; the data stays.\nStopped.\n")
    assert list(answers) == []


def test_address_is_known_before_demo_data_is_made(command, monkeypatch, settings):
    monkeypatch.delenv("SUITE_BASE_URL", raising=False)
    known = []

    def steps():
        known.append(settings.WAGTAILADMIN_BASE_URL)
        raise KeyboardInterrupt

    monkeypatch.setattr(run_suite, "missing_steps", steps)
    port = free_port()

    with pytest.raises(CommandError):
        call_command(command, port=port)

    assert known == [f"http://localhost:{port}"]


def test_programs_in_the_order_of_their_start():
    programs = list_programs("127.0.0.1", 8123)

    assert list(programs) == ["web", "worker", "reminders", "imports", "bulk", "beat"]
    web = programs["web"]
    assert web[web.index("--port") + 1] == "8123"
    assert web[-1] == "lms.wsgi:application"


WAITS = """
from importlib import import_module
from django.db import connection
for name in {names}:
    import_module(name)
    with connection.cursor() as cursor:
        print(*cursor.execute("PRAGMA busy_timeout").fetchone())
    connection.close()
"""


@pytest.mark.process
def test_web_alone_gives_up_after_a_few_seconds(tmp_path):
    code = WAITS.format(names=[*run_suite.LOADED, "lms.wsgi"])

    *copied, web = Installation(tmp_path).run("-c", code).split()
    assert set(copied) == {"20000"}
    assert web == str(WEB_LOCK_SECONDS * 1000)


def test_welcome_with_demo_accounts(accounts, tmp_path):
    assert welcome(8123, tmp_path).split("\n") == [
        "",
        "The training suite is running.",
        "  Site   http://localhost:8123/",
        "  Admin  http://localhost:8123/quan-tri/",
        f"  Mail   {tmp_path / 'mail'} (kept as files, nothing is sent)",
        f"  Logs   {tmp_path / 'log'}",
        "",
        "Demo accounts (made-up people): log-in, password",
        "  Giảng viên  GV001       mot-hai-ba",
        "  Học viên    0900000001  mot-hai-ba",
        "",
        "Stop it with Ctrl-C; the data stays.",
    ]


def test_welcome_without_demo_names_nobody(accounts, settings, tmp_path):
    settings.SUITE_DEMO = False

    assert "GV001" not in welcome(8123, tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_ready_when_the_server_says_so(live_server, host):
    port = int(live_server.url.rpartition(":")[2])
    # The first answer of a busy machine may take longer than a question waits.
    asked = (answers_ready(host, port) for _attempt in range(20))

    assert any(asked)


def test_not_ready_while_migrations_are_pending(live_server, monkeypatch):
    def refuse():
        raise MigrationsPendingError

    monkeypatch.setattr(health, "_require_migrations", refuse)

    assert not answers_ready("127.0.0.1", int(live_server.url.rpartition(":")[2]))


def test_not_ready_while_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    assert not answers_ready("127.0.0.1", port)
