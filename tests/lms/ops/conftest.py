"""A house with certificates in it, in a database that may be lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django import DjangoDbBlocker

from lms.ops.keys import new_key
from tests.databases import own_database
from tests.ops.backups import furnish, postgres_programs


@pytest.fixture
def house(
    tmp_path: Path,
    settings,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: DjangoDbBlocker,
    django_test_environment: None,
) -> Iterator[Path]:
    """The folder of its backups; database and files are gone afterwards."""
    monkeypatch.setenv("PATH", postgres_programs())
    settings.SUITE_BACKUP_KEY = new_key()
    settings.SUITE_BACKUP_DIR = tmp_path / "backups"
    with django_db_blocker.unblock(), own_database(tmp_path):
        furnish(storages["private"])
        yield tmp_path / "backups"
    storages["private"].delete("certificates/huong.pdf")
