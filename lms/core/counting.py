"""How many there are of each, in one query for a whole list."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def count_of(rows: QuerySet[Any], *, of: str = "pk") -> Coalesce:
    """Count the rows in a subquery of their own; tie them to the row outside by `OuterRef`.

    Joins would multiply one count by the next. `of`: the field whose different values count.
    """
    everything = rows.order_by().annotate(together=Value(1)).values("together")
    counted = everything.annotate(n=Count(of, distinct=of != "pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
