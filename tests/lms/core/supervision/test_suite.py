"""Which processes make the suite, and what the person at the terminal is told."""

import socket

import pytest

from lms.core.supervision.suite import answers_ready, child_specs, welcome

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


def test_children_in_the_order_of_their_start(tmp_path):
    specs = child_specs(host="127.0.0.1", port=8123, log_folder=tmp_path / "log")

    assert [spec.name for spec in specs] == ["web", "worker", "beat"]
    web = specs[0].command
    assert web[web.index("--port") + 1] == "8123"
    assert web[-1] == "lms.wsgi:application"


def test_links_in_mails_carry_the_chosen_port(tmp_path, monkeypatch):
    monkeypatch.delenv("SUITE_BASE_URL", raising=False)
    [web, *_] = child_specs(host="127.0.0.1", port=8123, log_folder=tmp_path)

    assert web.environment["SUITE_BASE_URL"] == "http://localhost:8123"


def test_log_of_the_run_before_is_kept(tmp_path):
    (tmp_path / "web.log").write_text("yesterday")

    child_specs(host="127.0.0.1", port=8123, log_folder=tmp_path)

    assert (tmp_path / "web.log.1").read_text() == "yesterday"
    assert not (tmp_path / "web.log").exists()


def test_welcome_with_demo_accounts(accounts, tmp_path):
    assert welcome(port=8123, data_folder=tmp_path) == [
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

    assert "GV001" not in "\n".join(welcome(port=8123, data_folder=tmp_path))


def test_ready_only_when_the_server_says_so(live_server):
    assert answers_ready(port=int(live_server.url.rpartition(":")[2]))


def test_not_ready_while_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    assert not answers_ready(port=port)
