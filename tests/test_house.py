"""The house rules that no linter keeps: sizes, names, and a site that lives without its plug-ins."""

import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.services import HUNG_SECONDS

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("lms", "courses", "attendance", "certificates", "fixtures", "tests")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Names under which anything could be kept.
VAGUE_NAMES = {"utils", "helpers", "services", "misc", "common"}

SOURCES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


def test_sources_keep_within_the_size():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert too_long == {}


def test_functions_keep_within_the_size():
    too_long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_modules_say_what_they_hold():
    # tests/services.py starts the servers that the tests talk to.
    known = {"tests/services.py"}
    vague = {str(path.relative_to(ROOT)) for path in SOURCES if path.stem in VAGUE_NAMES}
    assert vague - known == set()


def test_nothing_reads_outside_the_project():
    words = ("/work/", "../shared", "shared/design")
    found = [
        (str(path.relative_to(ROOT)), word)
        for path in SOURCES
        if path != Path(__file__)
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_no_two_rooms_have_a_template_of_the_same_name():
    """Which of them is shown would hang on the order of the apps."""
    paths = [path for app in PACKAGES for path in (ROOT / app).rglob("templates/**/*.html")]
    names = Counter(path.as_posix().rpartition("/templates/")[2] for path in paths)

    # A place that is empty until an app above fills it.
    to_be_filled = {"lms/parts/footer_links.html"}

    assert len(names) > 100
    assert {name for name, count in names.items() if count > 1} == to_be_filled


def test_decisions_are_numbered_without_gap_or_double():
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


BOOT = """
import django
from django.conf import settings
without = {without!r}
import lms.settings.test as test
apps = [app for app in test.INSTALLED_APPS if app not in without and app != "fixtures"]
settings.configure(**{{
    **{{name: getattr(test, name) for name in dir(test) if name.isupper()}},
    "INSTALLED_APPS": apps,
    "CELERY_BEAT_SCHEDULE": {{}},
}})
django.setup()
from django.core.management import call_command
from django.test import Client
from lms.accounts.models import User
from tests.migrating import quick_migrations
call_command("check")
if {fresh}:
    with quick_migrations():
        call_command("migrate", verbosity=0)
person = User.objects.create_user("HN1", "Nguyễn Thị Hương", is_superuser=True, is_staff=True)
client = Client()
client.force_login(person)
for url in {urls!r}:
    response = client.get(url, follow=True)
    assert response.status_code == 200, (url, response.status_code)
"""
PAGES = ["/", "/viec-cua-toi/", "/lop/", "/bao-cao/hoan-thanh/", "/quan-tri/"]


@pytest.mark.process
@pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="starts on its own SQLite; the other pass has done it",
)
@pytest.mark.parametrize(
    "without",
    [("attendance",), ("certificates",), ("attendance", "certificates")],
    ids=["without-attendance", "without-certificates", "without-both"],
)
def test_site_lives_without_plug_ins(without, tmp_path, migrated_database):
    """A fresh interpreter: apps cannot be taken out of a running one.

    One plug-in is taken out of a site that had it; without both the site begins empty.
    """
    fresh = len(without) == 2
    # Migrated from nothing and gone with its process: no step waits for the disk.
    database = ":memory:" if fresh else tmp_path / "db.sqlite3"
    if not fresh:
        shutil.copy(migrated_database, database)
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            BOOT.format(without=without, urls=PAGES, fresh=fresh),
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        timeout=HUNG_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
