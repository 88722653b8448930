"""Commands that change everybody ask whether this is a server with real records."""

import os
import subprocess
import sys

import pytest

from tests.ops.test_second_factor_setting import NEEDED, ROOT


@pytest.mark.parametrize(("name", "expected"), [("production", "True"), ("dev", "False")])
def test_production_says_that_it_is(name, expected, tmp_path):
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import lms.settings.{name} as settings; print(settings.SUITE_PRODUCTION)",
        ],
        cwd=ROOT,
        env={**kept, **NEEDED, "SUITE_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == expected
