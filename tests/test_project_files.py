"""What a stranger reads first, held against the tree: licences, versions, targets, links."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from lms.settings import base

ROOT = Path(__file__).resolve().parents[1]
# What the suite is made of and gives out; everything else in the folder was made here.
PRODUCT = ("lms", "courses", "attendance", "certificates", "fixtures")
FONTS = {".ttf", ".otf", ".ttc", ".woff", ".woff2"}
FOREIGN = re.compile(r"@licen[cs]e|copyright \(c\)|SPDX-License|@preview/", re.IGNORECASE)
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def product_files() -> list[Path]:
    return [
        path
        for package in PRODUCT
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]


@pytest.mark.parametrize(
    "name",
    [
        *PAGES,
        *("LICENSE", "NOTICE", "CHANGELOG.md", ".editorconfig", ".gitattributes"),
        *(".pre-commit-config.yaml", ".github/workflows/test.yml"),
    ],
)
def test_file_for_strangers_is_there(name):
    assert read(name).strip()


def test_notice_names_each_font():
    fonts = {
        f"{path.parent.name}/{path.name}"
        for path in product_files()
        if path.suffix.lower() in FONTS
    }

    assert fonts
    assert {name for name in fonts if name not in read("NOTICE")} == set()
    assert set(re.findall(r"\S+/\S+\.ttf", read("NOTICE"))) == fonts


def test_fonts_lie_beside_their_licence():
    folders = {path.parent for path in product_files() if path.suffix.lower() in FONTS}

    assert {str(folder) for folder in folders if not (folder / "OFL.txt").is_file()} == set()


def test_notice_names_each_foreign_script():
    """A script, style or Typst package of others says so itself, or has the name of a bundle."""
    foreign = {
        path.name
        for path in product_files()
        if path.suffix in {".js", ".css", ".svg", ".typ"}
        and (".min." in path.name or FOREIGN.search(path.read_text(encoding="utf-8")))
    }

    assert {name for name in foreign if name not in read("NOTICE")} == set()


def test_what_the_notice_names_is_there():
    """Paths stand in the notice without the room that they lie in: rooms are moved."""
    named = re.findall(r"^ {2}(\S+/\S+)$", read("NOTICE"), re.MULTILINE)

    found = {name for name in named for room in PRODUCT if any((ROOT / room).glob(f"**/{name}"))}

    assert len(named) > 10
    assert set(named) == found


def test_newest_version_of_the_changes_is_the_project_s():
    versions = re.findall(r"^## (\d\S*) \((\d{4}-\d\d-\d\d)\)$", read("CHANGELOG.md"), re.MULTILINE)
    project = tomllib.loads(read("pyproject.toml"))["project"]

    assert versions[0][0] == project["version"]
    assert versions == sorted(versions, key=lambda version: version[1], reverse=True)


def test_each_version_of_the_changes_speaks_to_users_and_to_plug_in_authors():
    _, *sections = re.split(r"^## .+$", read("CHANGELOG.md"), flags=re.MULTILINE)

    assert [re.findall(r"^### (.+)$", section, re.MULTILINE) for section in sections] == [
        ["For users", "For plug-in authors"]
    ] * len(sections)


def targets(makefile: str) -> set[str]:
    names = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    return {name for name in " ".join(names).replace("\\\n", " ").split() if name[0] != "$"}


def test_help_names_each_target_of_its_own():
    """The single steps of the verdict are named where they run: by `make test`."""
    makefile = read("Makefile")
    before, checking = makefile.split("# --- Checking", 1)
    after = checking.split("# --- ", 1)[1]
    command = ["make", "--no-print-directory", "help"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    named = {line.split()[1] for line in told.splitlines()}

    assert targets(before + after) - {"help"} <= named
    assert named <= targets(makefile)
    assert "test" in named


def test_links_of_the_project_s_pages_lead_somewhere():
    broken = {
        f"{page}: {target}"
        for page in (*PAGES, "CHANGELOG.md")
        for target in re.findall(r"\]\(([^)#]+)", read(page))
        if "://" not in target and not (ROOT / target).exists()
    }

    assert broken == set()


def test_hooks_run_what_the_project_has():
    """Hooks of others would bring versions of their own beside those of the lock."""
    config = read(".pre-commit-config.yaml")

    assert re.findall(r"repo: (\S+)", config) == ["local"]
    assert set(re.findall(r"language: (\S+)", config)) == {"system"}


def test_workflow_asks_for_the_verdict():
    assert re.search(r"run: make test\b", read(".github/workflows/test.yml"))


def test_a_server_needs_no_tool_of_the_developers():
    assert "django_linear_migrations" in settings.INSTALLED_APPS
    assert "django_linear_migrations" not in base.INSTALLED_APPS


@pytest.mark.django_db
def test_database_with_the_old_names_of_migrations_has_nothing_to_migrate():
    """Renamed ones name the old: nothing is written twice in a database that has them."""
    renamed = {
        key: migration.replaces
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if migration.replaces and key[0] in {"accounts", "attendance", "geography", "importing"}
    }
    recorder = MigrationRecorder(connection)
    for key, old in renamed.items():
        recorder.record_unapplied(*key)
        assert recorder.migration_qs.filter(app=old[0][0], name=old[0][1]).exists()

    executor = MigrationExecutor(connection)

    assert len(renamed) == 8
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_nothing_is_skipped_where_a_commit_is_judged():
    """What tests may do without on a machine of one's own is asked for in both places."""
    asked = {
        name: set(re.findall(r"\b[A-Z]+_REQUIRED\b", read(name)))
        for name in (".ci/run", ".github/workflows/test.yml")
    }
    known = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r'"([A-Z]+_REQUIRED)"', path.read_text(encoding="utf-8"))
    }

    assert known
    assert [known - found for found in asked.values()] == [set(), set()]
