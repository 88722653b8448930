"""Migrations since the last release work on rows, not only on a developer's empty database.

docs/upgrading.md says why these rules and no others.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tests.databases import APPS, ROOT
from tests.releases import released_migrations

# Tried with rows of the last release (`tests/test_last_release.py`): these change columns alone that
# no foreign key is made of.
TRIED = {
    "accounts.0013_approve_pages_by_area",
    "attendance.0006_count_sessions_from_their_end",
    "courses.0028_add_stamp_of_titles",
    "courses.0033_fold_english_titles",
}
# They change rows; everything else changes tables, or only what Django knows.
OF_ROWS = (operations.RunPython,)


def all_of(migration: Migration) -> Iterator[Operation]:
    """Every operation, those inside `SeparateDatabaseAndState` too, as the database meets them."""
    for operation in migration.operations:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from operation.database_operations
        else:
            yield operation


def faults_of(migration: Migration) -> Iterator[str]:
    """Yield each rule that a migration breaks."""
    made = list(all_of(migration))
    if not migration.atomic:
        yield "may stop half-way"
    if any(isinstance(one, OF_ROWS) for one in made) and any(changes_table(one) for one in made):
        yield "rows and tables"
    if any(isinstance(one, OF_ROWS) and not one.reversible for one in made):
        yield "no way back"
    new = {one.name_lower for one in made if isinstance(one, operations.CreateModel)}
    for one in made:
        if (
            isinstance(one, operations.AddField)
            and one.model_name_lower not in new
            and needs_a_value(one.field)
        ):
            yield f"no value for {one.model_name}.{one.name}"


def changes_table(operation: Operation) -> bool:
    in_memory = (operations.AlterModelOptions, operations.AlterModelManagers)
    return not isinstance(operation, (*OF_ROWS, operations.RunSQL, *in_memory))


def needs_a_value(field: models.Field) -> bool:
    return not (
        field.null
        or field.has_default()
        or field.has_db_default()
        or field.many_to_many
        or isinstance(field, models.GeneratedField)
        or (field.blank and field.empty_strings_allowed)
    )


def is_own(app: str) -> bool:
    path = Path(apps.get_app_config(app).path)
    return any(path.is_relative_to(ROOT / folder) for folder in APPS)


def new_migrations() -> dict[str, Migration]:
    """Return those of ours that the last release did not have, under any name."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    released = released_migrations()
    return {
        f"{app}.{name}": migration
        for (app, name), migration in loader.disk_migrations.items()
        if is_own(app) and released.isdisjoint({(app, name), *migration.replaces})
    }


def test_migrations_since_the_last_release_keep_the_rules():
    found = {
        name: faults
        for name, migration in new_migrations().items()
        if (faults := list(faults_of(migration))) and name not in TRIED
    }

    assert found == {}


def test_each_rule_finds_its_fault():
    class Hasty(Migration):
        atomic = False
        operations: ClassVar = [
            operations.RunPython(print),
            operations.AddField("person", "age", models.IntegerField()),
        ]

    assert list(faults_of(Hasty("hasty", "courses"))) == [
        *("may stop half-way", "rows and tables", "no way back"),
        "no value for person.age",
    ]


def test_column_of_a_new_table_and_columns_with_a_value_are_no_fault():
    class Careful(Migration):
        operations: ClassVar = [
            operations.CreateModel("Unit", [("id", models.AutoField(primary_key=True))]),
            operations.AddField("unit", "size", models.IntegerField()),
            operations.AddField("person", "age", models.IntegerField(null=True)),
            operations.AddField("person", "height", models.IntegerField(default=0)),
        ]

    assert list(faults_of(Careful("careful", "courses"))) == []
