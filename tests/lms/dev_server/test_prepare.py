"""What is refused before anything starts, and which steps are missing."""

import socket
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from lms.dev_server.prepare import hold_port, missing_steps, require_free_port
from tests.services import free_port


@pytest.fixture
def source(settings, tmp_path):
    """One style sheet, the only static file that there is."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "suite.css").write_text("a { color: red }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    yield folder / "suite.css"
    finders.get_finder.cache_clear()


@pytest.fixture
def gathered(source):
    """The static files have been gathered: whoever asks for the next step has done the last."""
    list(missing_steps())


def commands() -> list[str]:
    return [command for _sentence, command, *_options in missing_steps()]


def test_free_port_is_accepted_and_a_taken_or_foreign_one_refused():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is taken by another program"):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)
    with pytest.raises(CommandError, match="Port 8123 cannot be used"):
        require_free_port("192.0.2.1", 8123)


HOLD = """
import sys
from lms.dev_server.prepare import hold_port
with hold_port("127.0.0.1", int(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.process
def test_port_is_kept_from_another_suite_until_the_web_server_takes_it():
    port = free_port()
    command = [sys.executable, "-c", HOLD, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"

        with (
            pytest.raises(CommandError, match=f"Port {port} is taken by another program"),
            hold_port("127.0.0.1", port),
        ):
            pytest.fail("two suites on one port")
        # As the web server of that suite does.
        socket.create_server(("127.0.0.1", port), reuse_port=True).close()
        other.stdin.close()

    with hold_port("127.0.0.1", port):
        pass


def test_port_that_is_shared_is_refused():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match="is taken by another program"):
            require_free_port("127.0.0.1", other.getsockname()[1])


@pytest.mark.django_db
def test_everything_is_done(gathered):
    assert list(missing_steps()) == []


@pytest.mark.django_db
def test_migration_is_missing(gathered):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("core")
    MigrationRecorder(connection).record_unapplied(*newest)

    assert list(missing_steps()) == [
        ("Preparing the database (1 migrations) …", "migrate", "--no-input"),
        # Migrations leave no kept figures.
        ("Counting who has completed what …", "rebuild_tally"),
    ]


@pytest.mark.django_db
def test_static_files_are_gathered_when_a_source_changes(gathered, source):
    source.write_text("a { color: darkred }")

    assert commands() == ["collectstatic"]
    assert commands() == []


@pytest.mark.django_db
def test_gathering_that_failed_is_repeated(source):
    next(missing_steps())

    assert commands() == ["collectstatic"]


@pytest.mark.django_db
def test_empty_database_is_filled_in_a_trial(gathered, settings):
    settings.SUITE_DEMO = True
    assert commands() == ["load_demo", "rebuild_tally"]

    get_user_model().objects.create_user("QT001", "Nguyễn Văn An")
    assert commands() == []
