"""What is known of a database: enough to tell whether another one is the same."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from lms.core.refusal import Refusal
from lms.ops.proofs import digest, proofs


@dataclass(frozen=True)
class Facts:
    """Migrations applied (`app.name`), rows by table, and the digest of each proof."""

    migrations: list[str]
    tables: dict[str, int]
    proofs: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        return cls(stored["migrations"], stored["tables"], stored["proofs"])

    def write(self) -> dict[str, Any]:
        return asdict(self)

    def differences(self, other: "Facts") -> Iterator[str]:
        """Yield in plain words what is not the same in `other`."""
        if self.migrations != other.migrations:
            yield "the migrations differ"
        for table in sorted(self.tables.keys() | other.tables.keys()):
            here, there = self.tables.get(table), other.tables.get(table)
            if here != there:
                yield f"{table}: {here} rows became {there}"
        # An app may have been taken out since: then nobody can read its rows.
        for key in sorted(self.proofs.keys() & other.proofs.keys()):
            if self.proofs[key] != other.proofs[key]:
                yield f"{key}: the rows are not those that were saved"


def gather_facts(alias: str) -> Facts:
    """Return the facts of this database, as this connection sees it now."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        tables = dict.fromkeys(connection.introspection.table_names(cursor), 0)
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            tables[table] = cursor.fetchone()[0]
        migrations = []
        if "django_migrations" in tables:
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
            migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    return Facts(migrations, tables, {one.key: digest(one.rows(alias)) for one in proofs})


def count_people(alias: str = "default") -> int:
    """Return how many people a database holds; none where it has not even the table."""
    connection = connections[alias]
    table = get_user_model()._meta.db_table
    if table not in connection.introspection.table_names():
        return 0
    return get_user_model()._base_manager.using(alias).count()


def require_known_migrations(facts: Facts) -> None:
    """Refuse a database with migrations that this code does not have."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    replaced = {
        f"{app}.{name}" for one in loader.disk_migrations.values() for app, name in one.replaces
    }
    if unknown := sorted(set(facts.migrations) - known - replaced):
        raise Refusal(
            "newer",
            f"The backup is newer than this version of the suite, which does not know "
            f"{len(unknown)} of its migrations ({unknown[0]}). Install the version that made it.",
        )
