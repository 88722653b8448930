"""The prepared database: no other code's, no unfinished one, and none that a test has changed; the order of rows."""

import re
import sqlite3

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import UniqueConstraint

from lms.accounts.models import User
from tests import databases


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one app, and a stand-in for the migrating: it writes the code that it found."""
    (tmp_path / "lms" / "locale").mkdir(parents=True)
    (tmp_path / "uv.lock").touch()
    (tmp_path / "lms" / "models.py").write_text("one")
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    monkeypatch.setattr(databases, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(databases, "code_hash", databases.code_hash.__wrapped__)

    def migrate(url):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
            database.execute(f"CREATE TABLE {(tmp_path / 'lms' / 'models.py').read_text()} (id)")
        database.close()

    monkeypatch.setattr(databases, "_migrate", migrate)
    return tmp_path


def tables(path):
    database = sqlite3.connect(path)
    found = [name for (name,) in database.execute("SELECT name FROM sqlite_master")]
    database.close()
    return found


def test_database_of_other_code_is_not_taken(project):
    first = databases.migrated_file()
    (project / "lms" / "models.py").write_text("two")

    second = databases.migrated_file()

    assert [tables(first), tables(second)] == [["one"], ["two"]]


def test_prepared_database_is_made_once(project, monkeypatch):
    first = databases.migrated_file()
    monkeypatch.setattr(databases, "_migrate", None)
    (project / "lms" / "locale" / "django.po").touch()
    (project / "lms" / "views.py").write_text("changed")

    assert databases.migrated_file() == first


def test_migrations_import_nothing_that_the_hash_leaves_out():
    paths = [
        path for app in databases.APPS for path in (databases.ROOT / app).rglob("migrations/*.py")
    ]
    imported = {
        name
        for path in paths
        for name in re.findall(
            rf"^\s*(?:from|import) ((?:{'|'.join(databases.APPS)})[\w.]*)",
            path.read_text(),
            re.MULTILINE,
        )
    }
    files = {name.replace(".", "/") + ".py" for name in imported}
    left_out = {
        name
        for name in files
        if (databases.ROOT / name).exists()
        and not any(f"/{part}" in f"/{name}" for part in databases.READ_BY_MIGRATIONS)
    }

    assert imported
    assert left_out == set()


def test_unfinished_database_is_never_taken(project, monkeypatch):
    (project / "kept").mkdir()
    unfinished = project / "kept" / f"{databases.code_hash()}.unfinished"
    unfinished.write_text("half")

    assert tables(databases.migrated_file()) == ["one"]
    assert not unfinished.exists()


def test_few_states_of_the_code_are_kept(project, monkeypatch):
    monkeypatch.setattr(databases, "MOST_KEPT", 2)
    for name in ("one", "two", "three"):
        (project / "lms" / "models.py").write_text(name)
        last = databases.migrated_file()

    assert last.exists()
    assert len(list((project / "kept").glob("*.sqlite3"))) == 2


def test_state_of_the_code_that_is_used_again_is_kept(project, monkeypatch):
    monkeypatch.setattr(databases, "MOST_KEPT", 2)
    kept = []
    for name in ("one", "two", "one", "three"):
        (project / "lms" / "models.py").write_text(name)
        kept.append(databases.migrated_file())

    assert [path.exists() for path in kept] == [True, False, True, True]


@pytest.mark.sqlite("it is copied in another way")
@pytest.mark.django_db
def test_tests_work_on_a_copy(migrated_database):
    User.objects.create_user("HN1", "Nguyễn Thị Hương")

    database = sqlite3.connect(migrated_database)
    assert database.execute("SELECT COUNT(*) FROM accounts_user").fetchone() == (0,)
    database.close()


@pytest.mark.sqlite("a database in memory ends with its connection")
@pytest.mark.usefixtures("django_db_setup")
def test_own_database_leaves_that_of_the_tests_alone(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        before = User.objects.count()
        with databases.own_database(tmp_path):
            User.objects.create_user("HN1", "Nguyễn Thị Hương")
            assert User.objects.count() == 1
        assert User.objects.count() == before


@pytest.mark.sqlite("it is emptied in another way")
@pytest.mark.django_db
def test_models_are_told_as_migrated_once_a_test_has_emptied_the_database():
    kept = {model: sorted(model.objects.values_list()) for model in (ContentType, Permission)}
    User.objects.create_user("HN1", "Nguyễn Thị Hương")
    ContentType.objects.create(app_label="no", model="model")
    ContentType.objects.get_for_model(User).delete()

    call_command("flush", interactive=False, verbosity=0)

    assert not User.objects.exists()
    assert {model: sorted(model.objects.values_list()) for model in kept} == kept
    assert ContentType.objects.get_for_model(User).model == "user"


def own_models():
    return [
        model for model in apps.get_models() if model.__module__.partition(".")[0] in databases.APPS
    ]


def is_total(model):
    """Whether no two rows have the same place; a list is of one parent at most."""
    named = {name.lstrip("-") for name in model._meta.ordering}
    alone = {"pk"} | {field.name for field in model._meta.fields if field.unique}
    together = [
        set(one.fields)
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint) and one.fields and one.condition is None
    ]
    return bool(named & alone) or any(
        len(fields - named) <= 1 and fields & named for fields in together
    )


def test_no_default_order_leaves_rows_in_any_order():
    """Where two rows have the same place, PostgreSQL gives one or the other first, as it likes."""
    ordered = [model for model in own_models() if model._meta.ordering]

    assert ordered
    assert [model._meta.label for model in ordered if not is_total(model)] == []
