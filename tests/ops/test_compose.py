"""What can be known of the containers without starting one: the files agree with the settings."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lms.core.queues import QUEUES

PROJECT = Path(__file__).resolve().parents[2]
READ_FROM_ENVIRONMENT = {"dict", "str", "bool", "int", "list", "db", "cache", "email_url"}
WORKERS = {"worker-urgent": "urgent", "worker": "default", "worker-bulk": "bulk"}
SUITE_SERVICES = {"migrate", "web", "beat", *WORKERS}
# What an installation cannot do without.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "lms.settings.production",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "tap-huan.example.vn,www.example.vn",
    "SUITE_BASE_URL": "https://tap-huan.example.vn",
    "DEFAULT_FROM_EMAIL": "tap-huan@example.vn",
    "DATABASE_URL": "postgres://localhost/suite",
    "CELERY_BROKER_URL": "redis://localhost/0",
    "CACHE_URL": "redis://localhost/1",
    "EMAIL_URL": "smtp://localhost:25",
}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def settings_variables() -> dict[str, bool]:
    """Each variable that production reads, and whether it must be given."""
    found: dict[str, bool] = {}
    for name in ("base", "production"):
        source = (PROJECT / "lms" / "settings" / f"{name}.py").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
                and node.func.attr in READ_FROM_ENVIRONMENT
            ):
                # Production comes last and has the last word.
                found[node.args[0].value] = not any(key.arg == "default" for key in node.keywords)
    return found


def variables_of(text: str) -> dict[str, str]:
    """The variables of `${NAME}`, `${NAME:-default}` and `${NAME:?complaint}` with what follows."""
    return dict(re.findall(r"\$\{([A-Z_]+)(?:(:[-?])[^}]*)?\}", text))


def example_variables(*, commented: bool) -> set[str]:
    text = (PROJECT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^# ([A-Z_]+)=" if commented else r"^([A-Z_]+)=", text, re.MULTILINE))


def test_services_of_production_and_of_a_trial(compose):
    services = compose["services"]

    assert set(services) == {"postgres", "valkey", "mailpit", *SUITE_SERVICES}
    assert [name for name, service in services.items() if "profiles" in service] == ["mailpit"]


def test_each_process_gets_what_the_settings_read(compose, settings_variables):
    for name in SUITE_SERVICES:
        assert set(compose["services"][name]["environment"]) == set(settings_variables), name


def test_each_needed_variable_stops_compose_when_it_is_missing(compose, settings_variables):
    environment = compose["services"]["web"]["environment"]
    needed = {name for name, required in settings_variables.items() if required}
    optional = {
        name
        for name in needed
        if any(mark == ":-" for mark in variables_of(environment[name]).values())
    }

    assert optional == set()


def test_example_names_each_variable_of_compose():
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")

    assert example_variables(commented=False) == set(variables_of(text))


def test_example_names_each_variable_of_the_settings(settings_variables):
    named = example_variables(commented=False) | example_variables(commented=True)

    assert set(settings_variables) - named == set()


def test_secrets_have_no_value_in_the_example():
    text = (PROJECT / ".env.example").read_text(encoding="utf-8")

    assert re.findall(r"^(?:SECRET_KEY|POSTGRES_PASSWORD)=(.*)$", text, re.MULTILINE) == ["", ""]


def test_every_long_running_service_has_a_health_check(compose):
    without = {
        name for name, service in compose["services"].items() if "healthcheck" not in service
    }

    assert without == {"migrate", "mailpit"}


def test_every_queue_has_a_worker_whose_health_is_asked(compose):
    for name, queue in WORKERS.items():
        service = compose["services"][name]
        assert service["command"][service["command"].index("--queues") + 1] == queue
        assert service["healthcheck"]["test"][-1].endswith(f"/health/worker/{queue}/")
    assert set(WORKERS.values()) == set(QUEUES)


def test_nothing_but_the_loopback_address_is_published(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_volumes_are_named_and_used(compose):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }

    assert used == set(compose["volumes"]) == {"database", "queue", "media", "private"}


def test_static_files_are_in_the_image_and_in_no_volume(compose):
    targets = {volume.split(":")[1] for volume in compose["services"]["web"]["volumes"]}

    assert targets == {"/data/media", "/data/private"}


def test_web_waits_for_the_migrations(compose):
    assert compose["services"]["web"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }


def test_image_is_made_from_what_the_ignore_file_lets_in():
    allowed = set(re.findall(r"^!(.+)$", (PROJECT / ".dockerignore").read_text(), re.MULTILINE))

    assert all((PROJECT / name).exists() for name in allowed)
    assert not [name for name in allowed if name.startswith("tests")]
    assert {"lms", "courses", "attendance", "certificates", "fixtures", "manage.py"} <= allowed


def test_uv_has_one_version():
    versions = {
        re.search(pattern, (PROJECT / name).read_text(encoding="utf-8"))[1]
        for name, pattern in (("Makefile", r"UV_VERSION := (\S+)"), ("Dockerfile", r"uv==(\S+)"))
    }

    assert len(versions) == 1


@pytest.mark.process
@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "ALLOWED_HOSTS", "SUITE_BASE_URL", "DATABASE_URL", "EMAIL_URL"]
)
def test_start_without_a_variable_names_it(missing):
    environment = {**PRODUCTION, "PATH": os.environ["PATH"]}
    del environment[missing]

    result = subprocess.run(
        [sys.executable, "-c", "import lms.settings.production"],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        f"django.core.exceptions.ImproperlyConfigured: Set the {missing} environment variable"
    )


def test_example_of_production_is_complete(settings_variables):
    needed = {name for name, required in settings_variables.items() if required}

    assert set(PRODUCTION) - {"DJANGO_SETTINGS_MODULE"} == needed
