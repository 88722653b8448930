"""The files from which the suite is installed, read once: what the tests of this folder share."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
WORKERS = {
    "worker-urgent": "urgent",
    "worker": "default",
    "worker-reminders": "reminders",
    "worker-imports": "imports",
    "worker-bulk": "bulk",
}
# Names the variables of settings that others have brought: `env.bool("NAME", default=…)`.
READ_FROM_ENVIRONMENT = {"dict", "str", "bool", "int", "list", "db", "cache", "email_url"}
NOT_PRODUCTION = {"dev", "test"}


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


@cache
def compose() -> dict:
    return yaml.safe_load(text_of("docker-compose.yml"))


def services() -> dict[str, dict]:
    return compose()["services"]


def suite_services() -> dict[str, dict]:
    """Those that run our own image."""
    return {name: one for name, one in services().items() if "build" in one}


def default_command() -> list[str]:
    """What a container does that is told nothing: the last CMD of the Dockerfile."""
    words = re.findall(r"^CMD (\[.*?\])", text_of("Dockerfile"), re.MULTILINE | re.DOTALL)[-1]
    return json.loads(words.replace("\\\n", ""))


def command_of(service: str) -> list[str]:
    return services()[service].get("command") or default_command()


def mounts_of(service: dict) -> list[tuple[str, str, str]]:
    """Source, target and mode of each volume, with the defaults of compose filled in."""
    filled = [re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", one) for one in service.get("volumes", [])]
    return [(*one.split(":"), "rw")[:3] for one in filled]


def variables_of(text: str) -> dict[str, str]:
    """The variables of `${NAME}`, `${NAME:-default}` and `${NAME:?complaint}` with what follows."""
    return dict(re.findall(r"\$\{([A-Z_]+)(?:(:?[-?])[^}]*)?\}", text))


def defaults_of_compose() -> dict[str, str]:
    """What it takes for a variable that `.env` leaves out."""
    return dict(re.findall(r"\$\{([A-Z_]+):?-([^}]*)\}", text_of("docker-compose.yml")))


@cache
def settings_variables() -> dict[str, bool]:
    """Each variable that production reads, and whether it must be given."""
    found: dict[str, bool] = {}
    files = (PROJECT / "lms" / "settings").glob("*.py")
    # Production comes last and has the last word.
    order = sorted(files, key=lambda path: path.stem == "production")
    for path in order:
        if path.stem in NOT_PRODUCTION:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _reads_environment(node):
                found[node.args[0].value] = not any(key.arg == "default" for key in node.keywords)
    return found


def _reads_environment(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr in READ_FROM_ENVIRONMENT
    )
