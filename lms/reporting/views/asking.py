"""Reads what a report is asked for, and lets nobody ask beyond the own area."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, QueryDict

from courses.models import Programme
from lms.geography.domain.mapping import map_units
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.tables import oversees_province
from lms.reporting.forms import CompletionFilterForm


@dataclass(frozen=True)
class Asked:
    """`unit` None: the top of the map. `query`: the filters as they go into links."""

    form: CompletionFilterForm
    programme: Programme | None
    edition: BoundaryEdition | None
    cadres: list[str] | None
    unit: AdministrativeUnit | None
    query: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.query)


def read_question(request: HttpRequest, *, unit_id: int | None) -> Asked:
    """Raises Http404 for readers who oversee nothing and for units beyond their area."""
    reader: Any = request.user
    if not reader.scope.oversees:
        raise Http404
    programmes = Programme.objects.select_related("edition").order_by("-starts_on", "pk")
    form = CompletionFilterForm(
        request.GET, programmes=programmes, editions=BoundaryEdition.objects.all()
    )
    form.is_valid()
    programme: Programme | None = form.cleaned_data.get("programme") or programmes.first()
    edition: BoundaryEdition | None = form.cleaned_data.get("edition")
    if edition is None and programme is not None:
        edition = programme.edition
    cadre = form.cleaned_data.get("cadre")
    unit = _unit(reader=reader, unit_id=unit_id) if unit_id else None
    return Asked(
        form=_bound_to(form, programme, edition, cadre),
        programme=programme,
        edition=unit.edition if unit else edition,
        cadres=[cadre] if cadre else None,
        unit=unit,
        query=_query(form),
    )


def _unit(*, reader: Any, unit_id: int) -> AdministrativeUnit:
    unit = AdministrativeUnit.objects.select_related("edition").filter(pk=unit_id).first()
    if unit is None or not _may_see(reader=reader, unit=unit):
        raise Http404
    return unit


def _may_see(*, reader: Any, unit: AdministrativeUnit) -> bool:
    """On another edition one sees what became of the own units, whole or in part of the map."""
    if oversees_province(reader) or reader.scope.covers(unit.path):
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
    programme: Programme | None,
    edition: BoundaryEdition | None,
    cadre: str | None,
) -> CompletionFilterForm:
    """The form with what is really shown chosen in it."""
    form.data = QueryDict(mutable=True)
    form.data["programme"] = str(programme.pk) if programme else ""
    form.data["edition"] = str(edition.pk) if edition else ""
    form.data["cadre"] = cadre or ""
    return form


def _query(form: CompletionFilterForm) -> str:
    query = QueryDict(mutable=True)
    for name, value in form.cleaned_data.items():
        if value:
            query[name] = str(getattr(value, "pk", value))
    return query.urlencode()
