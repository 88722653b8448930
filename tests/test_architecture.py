"""docs/architecture.md says what the tree is: every room, its imports, and each name in its walks."""

import ast
import functools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PARTS = ("For", "Owns", "Imports", "Read first")
ROOM = re.compile(r"^### `([\w/]+)/`\n((?:- .*\n)+)", re.MULTILINE)
# Settings and addresses are the host; they are one file or a few, and named in the layers.
NOT_ROOMS = {"lms/settings"}
# The rooms of accounts that have a contract of their own.
ACCOUNTS = "lms/accounts"


def is_package(path: Path) -> bool:
    return path.is_dir() and (path / "__init__.py").exists()


@functools.cache
def rooms_of_the_tree():
    tops = [ROOT / name for name in ("courses", "attendance", "certificates", "fixtures")]
    inner = [path for path in (ROOT / "lms").iterdir() if is_package(path)]
    own = [path for path in (ROOT / ACCOUNTS).iterdir() if is_package(path)]
    rooms = {str(path.relative_to(ROOT)) for path in [*tops, *inner, *own]}
    return rooms - NOT_ROOMS - {f"{ACCOUNTS}/{name}" for name in ("management", "migrations")}


def rooms_of_the_page():
    return {
        name: dict(re.findall(r"^- \*\*([\w ]+):\*\* (.+)$", lines, re.MULTILINE))
        for name, lines in ROOM.findall(PAGE)
    }


@functools.cache
def room_of(module: str) -> str | None:
    """The room that a module belongs to, the innermost one."""
    inside = (room for room in rooms_of_the_tree() if f"{module}.".startswith(dotted(room)))
    return max(inside, key=len, default=None)


def dotted(room: str) -> str:
    return room.replace("/", ".") + "."


def imports_of(room: str) -> set[str]:
    """The other rooms, as the page calls them, that the modules of this room import."""
    found = set()
    for path in (ROOT / room).rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if "migrations" in path.parts or room_of(module) != room:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {room_of(f"{node.module}.{name.name}") for name in node.names}
    called = {other.removeprefix("lms/").split("/")[0] for other in found if other}
    return called - {room.removeprefix("lms/").split("/")[0]}


def test_every_room_has_its_lines_in_this_order():
    wrong = {room: tuple(lines) for room, lines in rooms_of_the_page().items()}

    assert {room: parts for room, parts in wrong.items() if parts != PARTS} == {}
    assert set(wrong) == rooms_of_the_tree()


def test_rooms_import_what_the_page_says():
    told = {
        room: set(re.findall(r"\w+", lines["Imports"])) - {"nothing"}
        for room, lines in rooms_of_the_page().items()
    }

    assert told == {room: imports_of(room) for room in told}


def test_every_file_on_the_page_is_there():
    named = set(re.findall(r"`((?:\w+/)+[\w.-]+\.(?:py|md))`", PAGE))

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_functions_of_the_walks_stand_where_the_page_says():
    walks = PAGE[PAGE.index("## The life of a request") : PAGE.index("## Processes")]
    told = re.findall(r"`(\w+)`\s+in\s+`([\w/]+\.py)`", walks)
    missing = [
        (name, file)
        for name, file in told
        if not re.search(rf"^def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    ]

    assert len(told) > 10
    assert missing == []
