"""The servers of the tests themselves: they answer, and they go away."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[1]
# Shows both servers at work and then says who it is.
ASK = """
import os, psycopg, redis, time
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    rows = connection.execute("select lower('Đ'), current_setting('server_version_num')::int / 10000")
    print(*rows.fetchone())
print(redis.Redis.from_url(os.environ["CELERY_BROKER_URL"]).ping(), flush=True)
"""


def services(*arguments: str, folder: Path) -> subprocess.Popen:
    ours = {"DATABASE_URL", "CELERY_BROKER_URL"}
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.services", *arguments],
        cwd=PROJECT,
        env={**environment, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def folder():
    """Outside pytest's own folder, which only its owner may enter: root starts as `nobody`."""
    with tempfile.TemporaryDirectory(prefix="suite-services-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_code_of_the_command_is_kept(folder):
    with services("--valkey", "--", sys.executable, "-c", "exit(7)", folder=folder) as process:
        pass

    assert process.returncode == 7
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_finds_both_servers_which_stop_when_we_are_told_to(folder, number):
    command = (sys.executable, "-c", f"{ASK}time.sleep(60)")
    with services("--postgres", "--valkey", "--", *command, folder=folder) as process:
        assert [process.stdout.readline() for _ in range(2)] == ["đ 18\n", "True\n"]
        process.send_signal(number)
        begun = time.monotonic()
        process.wait(30)

    assert time.monotonic() - begun < 20
    assert list(folder.iterdir()) == []
