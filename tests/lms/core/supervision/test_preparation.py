"""What is refused before anything starts, and what is done only when it is needed."""

import socket

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.management import get_commands
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from lms.core.supervision import preparation
from lms.core.supervision.preparation import (
    collect_static_if_needed,
    hold_data_folder,
    load_demo_if_empty,
    migrate_if_needed,
    require_free_port,
)
from lms.core.supervision.supervisor import SuiteFailedError


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def called(monkeypatch) -> list[str]:
    """The management commands that would have been run."""
    names: list[str] = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_options: names.append(name))
    return names


def test_folder_is_held_once(tmp_path):
    folder = tmp_path / "new"

    with (
        hold_data_folder(folder),
        pytest.raises(SuiteFailedError) as caught,
        hold_data_folder(folder),
    ):
        pytest.fail("two suites on one folder")

    assert str(caught.value).startswith(f"The suite is running already on the data in {folder}.")


def test_folder_can_be_held_again_afterwards(tmp_path):
    with hold_data_folder(tmp_path):
        pass
    with hold_data_folder(tmp_path):
        pass


def test_free_port_is_accepted():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    require_free_port("127.0.0.1", port)


def test_taken_port_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SuiteFailedError, match=f"Port {port} is taken by another program"):
            require_free_port("127.0.0.1", port)


def test_address_of_another_machine_is_refused():
    with pytest.raises(SuiteFailedError, match="Port 8123 cannot be used"):
        require_free_port("192.0.2.1", 8123)


@pytest.mark.django_db
def test_migrate_when_everything_is_applied(shown, called):
    migrate_if_needed(shown.append)

    assert (shown, called) == ([], [])


@pytest.mark.django_db
def test_migrate_when_one_is_missing(shown, called):
    MigrationRecorder(connection).record_unapplied("core", "0001_initial")

    migrate_if_needed(shown.append)

    assert (shown, called) == (["Preparing the database (1 migrations) …"], ["migrate"])


def test_static_files_are_gathered_when_a_source_changes(shown, called, tmp_path, settings):
    source = tmp_path / "source"
    source.mkdir()
    (source / "suite.css").write_text("a { color: red }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STATICFILES_DIRS = [source]
    finders.get_finder.cache_clear()

    collect_static_if_needed(shown.append)
    collect_static_if_needed(shown.append)
    assert called == ["collectstatic"]

    (source / "suite.css").write_text("a { color: darkred }")
    collect_static_if_needed(shown.append)
    assert called == ["collectstatic"] * 2

    finders.get_finder.cache_clear()


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "expected"), [(True, ["load_demo"]), (False, [])])
def test_demo_of_an_empty_database(shown, called, settings, demo, expected):
    assert "load_demo" in get_commands()
    settings.SUITE_DEMO = demo

    load_demo_if_empty(shown.append)

    assert called == expected


@pytest.mark.django_db
def test_demo_is_not_loaded_beside_people(shown, called, settings):
    settings.SUITE_DEMO = True
    get_user_model().objects.create_user("QT001", "Nguyễn Văn An")

    load_demo_if_empty(shown.append)

    assert called == []
