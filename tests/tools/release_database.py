"""Make the databases of a release, for the test that upgrades them: `python -m tests.tools.release_database`.

Run it in a checkout of the release, once: a row of everything (`tests.walk`), on both databases,
as SQLite's file and as PostgreSQL's dump, into tests/releases/.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tests.services import PostgresServer, postgres_url

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "releases"
_FILL = """\
import django
django.setup()
from django.core.management import call_command
from tests.factories.geography import make_map
from tests.walk.world import make_world
call_command("migrate", verbosity=0)
make_map()
make_world()
"""


def fill(url: str) -> None:
    """Migrate an empty database and put a row of everything into it."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "lms.settings.test"}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _FILL], cwd=ROOT, env=environment, check=True
    )


def main() -> None:
    described = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = tomllib.loads(described)["project"]["version"]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "release.sqlite3"
        fill(f"sqlite:///{path}")
        with path.open("rb") as file, gzip.open(FOLDER / f"{version}.sqlite3.gz", "wb") as packed:
            shutil.copyfileobj(file, packed)
        with postgres_url() as url:
            fill(url)
            programs = PostgresServer(Path(folder)).binaries
            dump = [programs / "pg_dump", f"--dbname={url}", "--format=custom", "--no-owner"]
            subprocess.run([*dump, f"--file={FOLDER / f'{version}.dump'}"], check=True)


if __name__ == "__main__":
    main()
