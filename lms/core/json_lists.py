"""What belongs to each row as a list in the same query: no query a row, and no join that multiplies."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, JSONField, QuerySet, Subquery
from django.db.models.functions import JSONArray
from django.db.models.sql.compiler import SQLCompiler


class _JsonList(Aggregate):
    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def list_of(rows: QuerySet[Any], *, by: str, columns: tuple[str, ...]) -> Subquery:
    """Return these columns of the rows as a list of lists, in no order; None where there is no row.

    Tie the rows to the row outside by `OuterRef`; `by` is the column that is tied. Moments come as
    the database writes them: `moment_of`.
    """
    together = rows.order_by().values(by)
    return Subquery(together.annotate(found=_JsonList(JSONArray(*columns))).values("found"))


def moment_of(text: str) -> datetime:
    """Return a moment that came in a list: PostgreSQL names its zone, SQLite means UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
