"""Production asks for a second factor unless it is told otherwise, or holds made-up people."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import HUNG_SECONDS

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "SECRET_KEY": "only-for-tests",
    "ALLOWED_HOSTS": "localhost",
    "SUITE_BASE_URL": "https://tap-huan.example.vn",
    "DEFAULT_FROM_EMAIL": "tap-huan@example.vn",
    "DATABASE_URL": "sqlite:///:memory:",
    "CELERY_BROKER_URL": "memory://",
    "CACHE_URL": "locmemcache://",
    "EMAIL_URL": "dummymail://",
}
TELL = "import lms.settings.{name} as settings; print(settings.SUITE_SECOND_FACTOR)"


def asked(name, data_dir, **environment):
    """Read in a process of its own: settings are read once."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", TELL.format(name=name)],
        cwd=ROOT,
        env={**kept, **NEEDED, "SUITE_DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        timeout=HUNG_SECONDS,
        check=True,
    )
    return done.stdout.strip() == "True"


@pytest.mark.parametrize(
    ("name", "environment", "expected"),
    [
        ("production", {}, True),
        ("production", {"SUITE_SECOND_FACTOR": "false"}, False),
        ("production", {"SUITE_DEMO": "true"}, False),
        ("production", {"SUITE_DEMO": "true", "SUITE_SECOND_FACTOR": "true"}, True),
        ("dev", {}, False),
        ("dev", {"SUITE_SECOND_FACTOR": "true"}, True),
    ],
)
def test_where_two_step_log_in_is_asked_for(tmp_path, name, environment, expected):
    assert asked(name, tmp_path, **environment) is expected
