"""The way out of a list that is imported: the columns that are read are those that are written."""

from collections.abc import Sequence
from typing import Any

from import_export.resources import Resource


class ExportedRows(Resource):
    """What `RowResource` gives out; `records` is all that a list adds."""

    @classmethod
    def exported_columns(cls) -> list[Any]:
        """Return the columns of a list that leaves, in the order in which they are read."""
        return [column for column in cls.fields.values() if not column.derived]

    def records(self, rows: Sequence[Any]) -> list[Any]:
        """Return what `find` would find for each of these rows, with all that the list can tell."""
        raise NotImplementedError

    def export_rows(self, rows: Sequence[Any]) -> list[list[Any]]:
        """Return the cells of the exported columns; a constant number of queries for these rows."""
        names = [column.key for column in self.exported_columns()]
        return [self.export_resource(one, selected_fields=names) for one in self.records(rows)]
