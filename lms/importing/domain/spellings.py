"""Units and titles that nobody could look up: asked once for each spelling, remembered for the sender."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.enums import NO_CADRE, Cadre, SpellingKind
from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.importing.domain.transitions import begin
from lms.importing.enums import BatchState
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch, RememberedSpelling
from lms.spreadsheets.spellings import Key, Spellings


def known_spellings(*, batch: ImportBatch) -> Spellings:
    """Return what the person has said about the spellings of this sender."""
    told = _remembered(batch).values_list("kind", "spelling", "meaning")
    return Spellings({(kind, spelling): meaning for kind, spelling, meaning in told})


def choices(*, batch: ImportBatch, kind: SpellingKind) -> list[tuple[str, str]]:
    """Return what a spelling may mean, as value and label: units of the list's map that the person
    who uploaded it may see, or cadres.
    """
    if kind == SpellingKind.CADRE:
        cadres = [(cadre.value, str(cadre.label)) for cadre in Cadre]
        return [*cadres, (NO_CADRE, _("says nothing of the cadre: leave it out"))]
    levels = [Level.DISTRICT] if kind == SpellingKind.DISTRICT else [Level.COMMUNE, Level.DISTRICT]
    units = _units_in_sight(batch).filter(level__in=levels)
    return list(units.values_list("code", "display_name"))


def answer(*, batch: ImportBatch, meanings: Mapping[Key, str]) -> ImportBatch:
    """Keep what these spellings mean and ask for a new rehearsal; raise Refusal.

    `no_answer` where nothing was chosen, `not_a_choice`, `not_open` unless the list is rehearsed.
    """
    if not meanings:
        raise Refusal("no_answer", _("Please choose what at least one of the spellings means."))
    for kind in {kind for kind, _spelling in meanings}:
        allowed = {value for value, _label in choices(batch=batch, kind=SpellingKind(kind))}
        if not {told for (of, _text), told in meanings.items() if of == kind} <= allowed:
            raise Refusal("not_a_choice", _("Please choose one of the places or titles shown."))
    now = timezone.now()
    with transaction.atomic():
        begun = begin(batch=batch, old=[BatchState.REHEARSED], new=BatchState.REHEARSING, notice="")
        RememberedSpelling.objects.bulk_create(
            (
                RememberedSpelling(
                    by_id=batch.by_id,
                    sender_key=fold(batch.sender),
                    kind=kind,
                    spelling=fold(text),
                    meaning=meaning,
                    used_at=now,
                )
                for (kind, text), meaning in meanings.items()
            ),
            update_conflicts=True,
            unique_fields=["by", "sender_key", "kind", "spelling"],
            update_fields=["meaning", "used_at"],
        )
    return begun


def note_use(*, batch: ImportBatch, spellings: Spellings) -> list[dict[str, object]]:
    """Keep alive what was used; return the spellings that are open, those of most rows first."""
    if spellings.used:
        used = {spelling for _kind, spelling in spellings.used}
        _remembered(batch).filter(spelling__in=used).update(used_at=timezone.now())
    ordered = sorted(spellings.open.values(), key=lambda one: -one.rows)
    return [{"kind": one.kind, "text": one.text, "rows": one.rows} for one in ordered]


def _remembered(batch: ImportBatch) -> QuerySet[RememberedSpelling]:
    return RememberedSpelling.objects.filter(by=batch.by_id, sender_key=fold(batch.sender))


def _units_in_sight(batch: ImportBatch) -> QuerySet[AdministrativeUnit]:
    kind = import_kinds.get(batch.kind)
    units = AdministrativeUnit.objects.filter(edition=batch.edition_id)
    return units.filter(batch.by.scope.units_q("", roles=kind.roles)) if kind else units.none()
