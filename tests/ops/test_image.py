"""What can be known of the image without building it: each step has what it names."""

import re
import shlex
import tomllib
from functools import cache
from importlib.util import find_spec
from itertools import pairwise

from django.core.management import get_commands

from tests.ops.compose import PROJECT, text_of


@cache
def stages() -> list[list[tuple[str, list[str]]]]:
    """Instruction and words of each line, by stage."""
    text = re.sub(r"^\s*#.*\n", "", text_of("Dockerfile"), flags=re.MULTILINE).replace("\\\n", " ")
    found: list[list[tuple[str, list[str]]]] = []
    for line in filter(None, text.splitlines()):
        instruction, words = line.split(maxsplit=1)
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, shlex.split(words)))
    return found


def words_of(instruction: str, stage: list[tuple[str, list[str]]]) -> list[list[str]]:
    return [words for name, words in stage if name == instruction]


def let_in() -> set[str]:
    """What the ignore file lets in at the top of the tree."""
    everything, *lines = [
        line for line in text_of(".dockerignore").splitlines() if not line.startswith("#")
    ]
    assert everything == "*"
    return {line.removeprefix("!") for line in lines if line.startswith("!")}


def after(word: str, words: list[str]) -> list[str]:
    return [follows for given, follows in pairwise(words) if given == word]


def test_what_is_copied_in_is_there_and_let_in():
    build, last = stages()
    copied = {source for words in words_of("COPY", build) for source in words[:-1]}

    assert copied - {"."} <= let_in()
    assert {"lms", "courses", "attendance", "certificates", "fixtures", "manage.py"} <= let_in()
    assert all((PROJECT / name).exists() for name in let_in())
    made = {"/opt/venv", "/srv/suite", "/data/static"}
    assert {words[1] for words in words_of("COPY", last)} == made
    assert {words[0] for words in words_of("COPY", last)} == {"--from=build"}
    # Where the first stage makes them: its folder, its environment, the static files of its data.
    assert words_of("WORKDIR", build) == words_of("WORKDIR", last) == [["/srv/suite"]]
    said = [word for words in (*words_of("ENV", build), *words_of("RUN", build)) for word in words]
    assert {"UV_PROJECT_ENVIRONMENT=/opt/venv", "SUITE_DATA_DIR=/data"} <= set(said)


def test_packages_of_the_image_are_those_of_the_lock():
    groups = tomllib.loads(text_of("pyproject.toml"))["dependency-groups"]
    syncs = [after("--group", words) for words in words_of("RUN", stages()[0]) if "sync" in words]

    assert [set(named) - set(groups) for named in syncs] == [set(), set()]
    # What compiles the translations is gone in the end.
    assert set(syncs[0]) - set(syncs[1]) == {"build"}
    assert "build" not in syncs[1]


def test_commands_of_the_steps_are_there():
    runs = [words for words in words_of("RUN", stages()[0]) if "python" in words]
    modules = {name for words in runs for name in after("-m", words)}
    commands = {name for words in runs for name in after("manage.py", words)}

    assert {"lms.catalogues", "compileall"} <= modules
    assert [name for name in modules if find_spec(name) is None] == []
    assert commands == {"collectstatic"} <= set(get_commands())


def test_nothing_secret_is_let_in():
    """Not the settings of this machine, its data, or what the tests have."""
    assert not {name for name in let_in() if name.startswith((".", "var", "tests", "tls"))}
