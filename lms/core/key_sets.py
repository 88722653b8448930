"""Rows found by many keys: `filter(pk__among=keys)`, told to the database as one value.

`in` writes a placeholder a key, which Django, the driver and the database each take apart again: among
three thousand keys that takes longer than to find the rows. Any number of keys fits into one
statement here.
"""

import json
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, Lookup
from django.db.models.fields.related import ForeignObject


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """Whether the column holds one of these keys; of none it holds none."""

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        if not value:
            raise EmptyResultSet
        field: Any = self.lhs.output_field
        keys = [
            key if type(key) is int else field.get_db_prep_value(key, connection) for key in value
        ]
        return "%s", [keys]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        told, [keys] = self.process_rhs(compiler, connection)
        kind = self.lhs.output_field.cast_db_type(connection)
        return f"{column} = ANY({told}::{kind}[])", [*params, keys]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        told, [keys] = self.process_rhs(compiler, connection)
        among = f"{column} IN (SELECT value FROM json_each({told}))"  # noqa: S608
        return among, [*params, json.dumps(keys)]
