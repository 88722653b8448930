"""Parents and core children who were on the register before their records were minimal."""

import shutil
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

BEFORE = [("accounts", "0006_correction_requests"), ("account", "0001_initial")]
AFTER = [("accounts", "0009_constrain_minimal_records")]
ALIAS = "before"


@pytest.fixture(scope="module")
def before(django_db_blocker, tmp_path_factory):
    """A database as it was, in a file of its own, without people; SQLite whatever the others are."""
    path = tmp_path_factory.mktemp("before") / "old.sqlite3"
    with django_db_blocker.unblock(), migrating(path) as executor:
        executor.migrate(BEFORE)
    return path


@pytest.fixture
def old(before, django_db_blocker, tmp_path):
    path = shutil.copy(before, tmp_path)
    with django_db_blocker.unblock(), migrating(path) as executor:
        yield Old(executor.loader.project_state(BEFORE).apps)


@contextmanager
def migrating(path):
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    connections.databases[ALIAS] = connections.configure_settings(
        {"default": connections.databases["default"], ALIAS: settings}
    )[ALIAS]
    try:
        yield MigrationExecutor(connections[ALIAS])
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.databases[ALIAS]


class Old:
    def __init__(self, apps):
        self.apps = apps
        self.unit = self.make(
            "geography",
            "AdministrativeUnit",
            edition=self.make(
                "geography", "BoundaryEdition", code="2013-07-24", valid_from=date(2013, 7, 24)
            ),
            level="commune",
            code="13384",
            name="Quế",
            path="0001",
            depth=1,
        )

    def make(self, app, model, **fields):
        return self.apps.get_model(app, model).objects.using(ALIAS).create(**fields)

    def person(self, code, *cadres, **fields):
        person = self.make("accounts", "User", staff_code=code, full_name="Bé An", **fields)
        for cadre in cadres:
            self.make(
                "accounts",
                "Posting",
                user=person,
                unit=self.unit,
                cadre=cadre,
                valid_from=date(2014, 1, 1),
            )
        return person

    def upgrade(self):
        executor = MigrationExecutor(connections[ALIAS])
        self.apps = executor.migrate(AFTER).apps

    def values(self, person):
        people = self.apps.get_model("accounts", "User").objects.using(ALIAS)
        return people.values().get(pk=person.pk)


def test_what_may_not_be_kept_goes_and_the_post_ends(old):
    child = old.person(
        "TE-01",
        "core_child",
        phone="+84912345678",
        phone_raw="0351",
        email="be@example.vn",
        sex="female",
        password="pbkdf2$x",
        last_login=timezone.now(),
        search_text="be an te-01 +84912345678",
    )
    grown = old.person("KB-01", "collaborator", phone="+84987654321")

    old.upgrade()

    kept = old.values(child)
    told = ("is_minimal", "phone", "phone_raw", "email", "sex", "last_login", "search_text")
    assert [kept[name] for name in told] == [True, None, "", None, "", None, "be an te-01"]
    assert kept["password"].startswith("!")
    postings = old.apps.get_model("accounts", "Posting").objects.using(ALIAS)
    assert postings.get(user=child.pk).valid_to == timezone.localdate()
    assert postings.get(user=grown.pk).valid_to is None
    assert old.values(grown)["phone"] == "+84987654321"


def test_somebody_with_both_kinds_of_posts_stops_it_by_name(old):
    old.person("KB-02", "collaborator", "parent_group")

    with pytest.raises(RuntimeError, match="KB-02"):
        old.upgrade()
