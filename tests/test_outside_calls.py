"""Nothing waits for another machine without a limit; whoever adds a call to one is found here."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
APPS = ("lms", "courses", "attendance", "certificates", "fixtures")
# What opens a connection, and waits for ever unless it is told otherwise.
OPENERS = {
    *("urlopen", "create_connection", "HTTPConnection", "HTTPSConnection", "SMTP", "SMTP_SSL"),
    *("from_url", "Redis", "IMAP4", "IMAP4_SSL"),
}
# Each function of these asks another machine.
AT_ONCE = {"requests", "httpx"}
LIBRARIES = {
    *("requests", "httpx", "urllib3", "aiohttp", "http.client", "urllib.request", "ftplib"),
    *(
        "smtplib",
        "imaplib",
        "socket",
        "redis",
        "boto3",
        "botocore",
        "sentry_sdk",
        "kombu.transport",
    ),
}
SIGN_IN = "tests/lms/accounts/signin"
# Each module that knows such a library, and the test in which the other side is silent.
SILENT = {
    "lms/accounts/signin/office_login.py": f"{SIGN_IN}/test_office_login.py::test_provider_that_is_away_leaves_the_other_ways_in",
    "lms/core/broker.py": "tests/lms/core/test_outages.py::test_broker_that_is_away_holds_nobody_up_and_twenty_tasks_wait_for_it_once",
    "lms/core/fallback_cache.py": "tests/lms/core/test_outages.py::test_people_come_in_and_go_on_while_the_cache_is_away",
    "lms/core/object_store.py": "tests/lms/core/test_object_store.py::test_store_that_hangs_is_waited_for_once",
    "lms/monitoring/error_reports.py": "tests/lms/monitoring/test_error_reports.py::test_sentry_that_hangs_holds_up_nobody",
    "lms/monitoring/suite_gauges.py": "tests/lms/monitoring/test_suite_gauges.py::test_dead_broker_is_told",
    "lms/messaging/http.py": "tests/lms/messaging/test_http_gateway.py::test_gateway_that_drops_the_line_or_hangs_may_have_taken_it_and_is_asked_once",
    "lms/messaging/mailbox.py": "tests/lms/messaging/test_bounces.py::test_mailbox_that_hangs_is_waited_for_once",
    "lms/messaging/channels/mail.py": f"{SIGN_IN}/test_login_codes.py::test_mail_server_that_says_nothing_holds_nobody_up",
    # The own machine only: a free port, a host's name, the own web server.
    "lms/dev_server/prepare.py": "",
    "lms/dev_server/management/commands/run_suite.py": "",
    "lms/settings/monitoring.py": "",
}


def modules():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def libraries_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            named = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in named:
            yield from (known for known in LIBRARIES if f"{name}.".startswith(f"{known}."))


def unlimited(tree):
    """The calls that open a connection and name no limit."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        at_once = isinstance(called, ast.Attribute) and ast.unparse(called.value) in AT_ONCE
        if (name in OPENERS or at_once) and not any(
            "timeout" in (word.arg or "timeout") for word in node.keywords
        ):
            yield name, node.lineno


def test_every_module_that_speaks_to_another_machine_is_tried_with_a_silent_one():
    assert {path for path, tree in modules() if any(libraries_of(tree))} == SILENT.keys()


@pytest.mark.parametrize("named", sorted(filter(None, SILENT.values())))
def test_silent_side_is_tested(named):
    path, _, test = named.partition("::")
    assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def test_no_connection_is_opened_without_a_limit():
    found = {
        f"{path}:{line} {name}"
        for path, tree in modules()
        if any(libraries_of(tree))
        for name, line in unlimited(tree)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("urlopen(address)", 1),
        ("socket.create_connection(address, timeout=3)", 0),
        ("Redis.from_url(url, socket_timeout=1)", 0),
        ("smtplib.SMTP(host)", 1),
        ("requests.get(address)", 1),
        ("requests.get(address, **limits)", 0),
        ("session.get(address)", 0),
    ],
)
def test_call_without_a_limit_is_found(written, found):
    assert len(list(unlimited(ast.parse(written)))) == found


def test_mail_is_waited_for_some_seconds():
    assert 1 <= settings.EMAIL_TIMEOUT <= 30
