"""What is written of a row, in one sentence."""

from django.utils.translation import gettext as _

from lms.importing.enums import WRITTEN_STATES, BatchState, RowOutcome
from lms.importing.extensions import ImportKind
from lms.importing.models import ImportBatch, ImportRow

_LONGEST = 80


class WrittenSentences:
    """The sentences of one import: what will be written, or what was."""

    def __init__(self, batch: ImportBatch, kind: ImportKind | None) -> None:
        columns = kind.resource_class.columns() if kind else []
        self._labels = {column.key: str(column.label) for column in columns}
        self._resource = kind.resource_class if kind else None
        self._is_written = batch.state in WRITTEN_STATES
        self._is_undone = batch.state == BatchState.UNDONE

    def of(self, row: ImportRow) -> str:
        """Return the sentence; "" once the import was undone, whose page says what was left."""
        if self._is_undone:
            return ""
        if row.outcome == RowOutcome.NEW:
            said = _("Added: %(facts)s.") if self._is_written else _("Will be added: %(facts)s.")
            return said % {"facts": self._facts(row)}
        if row.outcome == RowOutcome.CHANGED:
            said = (
                _("Changed: %(facts)s.") if self._is_written else _("Will be changed: %(facts)s.")
            )
            return said % {"facts": self._facts(row, with_old=True)}
        if row.outcome == RowOutcome.SAME:
            return _("Nothing is written: the register says the same.")
        if row.outcome == RowOutcome.TWIN:
            return _("Not written while nobody has said who this is.")
        return self._refused(row)

    def _refused(self, row: ImportRow) -> str:
        where = [self._labels[key] for key in row.errors if key in self._labels]
        if where:
            return _("Not written because of errors in: %(columns)s.") % {
                "columns": ", ".join(where)
            }
        return _("Not written because of the errors.")

    def _facts(self, row: ImportRow, *, with_old: bool = False) -> str:
        before = {key: _shown(old) for key, old, _new in row.changes}
        after = {key: _shown(new) for key, _old, new in row.changes}
        facts = []
        for key, old, new in row.changes:
            text = self._said(key, new, after)
            if with_old:
                text = f"{self._said(key, old, before)} → {text}"
            facts.append(f"{self._labels.get(key, key)}: {text}")
        return "; ".join(facts)

    def _said(self, key: str, text: str, values: dict[str, str]) -> str:
        return self._resource.said(key, text, values) if self._resource else values[key]


def _shown(text: str) -> str:
    return text if 0 < len(text) <= _LONGEST else f"{text[:_LONGEST]}…" if text else "–"
