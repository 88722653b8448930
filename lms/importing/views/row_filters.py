"""Which rows of a rehearsal are shown: those of one outcome, those to look at, those that hold words."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from lms.core.text import fold
from lms.importing.enums import RowOutcome
from lms.importing.models import ImportBatch, ImportRow

# Rows that can be written, and that a person should look at.
WARNED = "warned"
_LONGEST_QUERY = 100


class RowFilter:
    """What of the rows of an import a page asks for; `counts` are those of the whole list."""

    def __init__(self, batch: ImportBatch, asked: QueryDict) -> None:
        self.batch = batch
        self.query = asked.get("q", "").strip()[:_LONGEST_QUERY]
        outcome = asked.get("outcome", "")
        known = outcome in self.found or (outcome == WARNED and bool(self.warnings))
        self.outcome = outcome if known else ""

    @cached_property
    def counts(self) -> dict[str, int]:
        if self.batch.purged_at:
            return dict(self.batch.counts)
        return _by_outcome(self.batch.rows.all())

    @cached_property
    def warnings(self) -> int:
        return self.batch.rows.exclude(warnings={}).count()

    @cached_property
    def found(self) -> dict[str, int]:
        """How many rows of each outcome hold the words that are looked for."""
        return _by_outcome(self._holding) if self.query else self.counts

    @property
    def rows(self) -> QuerySet[ImportRow]:
        if self.outcome == WARNED:
            return self._holding.exclude(warnings={})
        return self._holding.filter(outcome=self.outcome) if self.outcome else self._holding

    @property
    def _holding(self) -> QuerySet[ImportRow]:
        rows = self.batch.rows.all()
        return rows.filter(search_text__holds=fold(self.query)) if self.query else rows

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        """All rows, then those of each outcome that there is, with the numbers."""
        tabs = [self._tab("", _("All"), sum(self.found.values()))]
        tabs += [
            self._tab(one.value, str(one.label), self.found[one])
            for one in RowOutcome
            if one in self.found
        ]
        warned = self._holding.exclude(warnings={}).count() if self.query else self.warnings
        return [*tabs, self._tab(WARNED, _("To review"), warned)] if warned else tabs

    def _tab(self, key: str, label: str, count: int) -> dict[str, Any]:
        asked = urlencode(
            {name: text for name, text in (("outcome", key), ("q", self.query)) if text}
        )
        address = reverse("imports:inspect", args=(self.batch.pk,))
        url = f"{address}?{asked}" if asked else address
        chosen = key == self.outcome
        return {"key": key, "label": label, "count": count, "url": url, "is_chosen": chosen}


def _by_outcome(rows: QuerySet[ImportRow]) -> dict[str, int]:
    return dict(rows.order_by().values_list("outcome").annotate(count=Count("pk")))
