"""Reads what a report is asked for, and lets nobody ask beyond the own area."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, QueryDict
from django.utils.timezone import localdate

from courses.models import Programme
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.geography.domain.succession import map_units
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.enums import CountedAt
from lms.reporting.forms import CompletionFilterForm


@dataclass(frozen=True)
class ReportQuery:
    """`unit` None: the top of the map. `past_day`: the day whose evening is told, None for today.
    `query`: the filters as they go into links.

    `leaves_unit`: the filters name another map than the one that `unit` is on.
    """

    reader: User
    form: CompletionFilterForm
    programme: Programme
    edition: BoundaryEdition
    cadres: list[str] | None
    unit: AdministrativeUnit | None
    counted_at: CountedAt
    past_day: date | None
    query: str
    leaves_unit: bool

    @property
    def day(self) -> date:
        """The day that the figures are of."""
        return self.past_day or localdate()

    @property
    def is_past(self) -> bool:
        return self.past_day is not None

    @property
    def at_current_place(self) -> bool:
        """Whether people are counted where they stand today."""
        return self.counted_at == CountedAt.NOW

    @property
    def cadre_label(self) -> str:
        """The cadres that were chosen, in words; "" for all."""
        return ", ".join(str(Cadre(key).label) for key in self.cadres or ())

    @property
    def is_filtered(self) -> bool:
        return bool(self.query)


def parse_query(request: SignedInRequest, *, unit_id: int | None) -> ReportQuery | None:
    """Return what is asked; None while there is no programme to report on.

    Raises Http404 for readers who oversee nothing and for units beyond their area.
    """
    reader = request.user
    if not reader.scope.oversees:
        raise Http404
    unit = None if unit_id is None else _unit(reader=reader, unit_id=unit_id)
    programmes = Programme.objects.select_related("edition").order_by("-starts_on", "pk")
    form = CompletionFilterForm(
        request.GET, programmes=programmes, editions=BoundaryEdition.objects.all()
    )
    form.is_valid()
    programme: Programme | None = form.cleaned_data.get("programme") or next(iter(programmes), None)
    if programme is None:
        return None
    chosen: BoundaryEdition | None = form.cleaned_data.get("edition")
    edition = unit.edition if unit else chosen or programme.edition
    trained = set(programme.requirements.values_list("cadre", flat=True))
    form.offer_cadres(trained)
    cadre = form.cleaned_data.get("cadre")
    cadre = str(cadre) if cadre in trained else ""
    counted_at = CountedAt(form.cleaned_data.get("counted", ""))
    past_day: date | None = form.cleaned_data.get("on")
    return ReportQuery(
        reader=reader,
        form=_bound_to(form, programme, edition, cadre, counted_at, past_day),
        programme=programme,
        edition=edition,
        cadres=[cadre] if cadre else None,
        unit=unit,
        counted_at=counted_at,
        past_day=past_day,
        query=_query(form, cadre),
        leaves_unit=unit is not None and chosen not in {None, edition},
    )


def _unit(*, reader: User, unit_id: int) -> AdministrativeUnit:
    unit = AdministrativeUnit.objects.select_related("edition").filter(pk=unit_id).first()
    if unit is None or not _may_see(reader=reader, unit=unit):
        raise Http404
    return unit


def _may_see(*, reader: User, unit: AdministrativeUnit) -> bool:
    """Return whether the reader may see it: on another edition one sees what became of the own
    units, whole or in part of the map.
    """
    if reader.scope.oversees_province or reader.scope.covers(unit.path):
        return True
    own = set(AdministrativeUnit.objects.visible_to(reader).values_list("pk", flat=True))
    sources = BoundaryEdition.objects.filter(units__in=own).exclude(pk=unit.edition_id).distinct()
    return any(
        target == unit.pk and source in own
        for edition in sources
        for source, target in map_units(from_edition=edition, to_edition=unit.edition).items()
    )


def _bound_to(
    form: CompletionFilterForm,
    programme: Programme,
    edition: BoundaryEdition,
    cadre: str | None,
    counted_at: CountedAt,
    past_day: date | None,
) -> CompletionFilterForm:
    """Return the form with what is really shown chosen in it."""
    form.data = QueryDict(mutable=True)
    form.data["programme"] = str(programme.pk)
    form.data["edition"] = str(edition.pk)
    form.data["cadre"] = cadre or ""
    form.data["counted"] = counted_at.value
    form.data["on"] = past_day.isoformat() if past_day else ""
    return form


def _query(form: CompletionFilterForm, cadre: str) -> str:
    query = QueryDict(mutable=True)
    for name, value in (form.cleaned_data | {"cadre": cadre}).items():
        if value:
            query[name] = str(getattr(value, "pk", value))
    return query.urlencode()
