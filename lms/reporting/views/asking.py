"""Reads what a report is asked for, and lets nobody ask beyond the own area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Left
from django.http import Http404, QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses.models import CourseRun, Programme, ProgrammeRequirement
from courses.models.titles import plain_title
from lms.accounts.enums import Cadre, Sex
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery
from lms.core.display import vi_date
from lms.geography.domain.succession import map_units
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.narrowing import DayRange, Narrowing
from lms.reporting.domain.queries import own_area, programmes_in_order
from lms.reporting.enums import AgeGroup, CountedAt
from lms.reporting.forms import CompletionFilterForm


class Question(Protocol):
    """What of a request says what is asked, and by whom."""

    @property
    def user(self) -> User: ...
    @property
    def GET(self) -> QueryDict: ...  # noqa: N802


@dataclass(frozen=True)
class ReportQuery:
    """`unit` None: the top of the map. `past_day`: the day whose evening is told, None for today.
    `query`: the filters as they go into links.

    `leaves_unit`: the filters name another map than the one that `unit` is on. `chosen`: which part
    of the people is counted, in words by label; `period`: whose completions are told apart.
    `beside`: what was read with `unit`.
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
    narrowing: Narrowing
    chosen: Mapping[str, str]
    period: str
    beside: Sequence[AdministrativeUnit] = ()

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

    @cached_property
    def area(self) -> AdministrativeUnit | None:
        """The unit whose people are told: the one asked for, else the one that holds all that the
        reader oversees; None where several lie beside each other.
        """
        if self.unit is not None:
            return self.unit
        if self.reader.scope.oversees_province:
            return own_area(reader=self.reader, edition=self.edition)
        tops = [unit for unit in self.around if unit.edition_id == self.edition.pk]
        return tops[0] if len(tops) == 1 else None

    @cached_property
    def around(self) -> list[AdministrativeUnit]:
        """The units above the commune that is asked for, and the uppermost that the reader watches over
        on each map; one query, or none.
        """
        paths, unit = _uppermost(self.reader), self.unit
        if unit is not None and unit.level == Level.COMMUNE:
            step = AdministrativeUnit.steplen
            paths |= {unit.path[:end] for end in range(step, len(unit.path), step)}
        if unit is not None:
            return [one for one in self.beside if one.path in paths]
        return list(AdministrativeUnit.objects.filter(path__in=paths).order_by("path"))

    @property
    def place(self) -> str:
        """What this place is called; whoever oversees a province reads of all of it."""
        is_whole = self.unit is None and self.reader.scope.oversees_province
        return str((not is_whole and self.area) or _("All places"))

    @property
    def is_filtered(self) -> bool:
        return bool(self.query)

    @property
    def only(self) -> str:
        """Who alone is counted, in a few words; "" for everybody."""
        return "; ".join(f"{label}: {text}" for label, text in self.chosen.items())


@dataclass(frozen=True)
class _Answers:
    """What the form says, as far as it can be read."""

    programme: Programme
    edition: BoundaryEdition
    cadre: str
    counted_at: CountedAt
    run: CourseRun | None
    course: int | None
    courses: Mapping[int, str]
    sex: str
    age: AgeGroup | None
    since: date | None
    until: date | None
    past_day: date | None

    def as_query(self, **more: str) -> QueryDict:
        """Return the filters as they stand in an address; those that say nothing are left out."""
        query = QueryDict(mutable=True)
        said = {
            "cadre": self.cadre,
            "counted": self.counted_at.value,
            "course": str(self.course or "") if self.run is None else "",
            "run": self.run.code if self.run else "",
            "sex": self.sex,
            "age": self.age.value if self.age else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "on": self.past_day.isoformat() if self.past_day else "",
        }
        for name, text in (more | said).items():
            if text:
                query[name] = text
        return query

    def narrowing(self) -> Narrowing:
        within = DayRange(self.since, self.until) if self.since or self.until else None
        return Narrowing(
            sex=self.sex,
            age=self.age,
            course_id=self.run.course_id if self.run else self.course,
            run_id=self.run.pk if self.run else None,
            on=localdate(),
            within=within,
        )

    def in_words(self) -> dict[str, str]:
        """Return which part of the people is counted, by label."""
        words = {
            _("Cadre"): str(Cadre(self.cadre).label) if self.cadre else "",
            _("Course"): self.courses.get(self.course or 0, ""),
            _("Class"): str(self.run or ""),
            _("Sex"): str(Sex(self.sex).label) if self.sex else "",
            _("Age"): str(self.age.label) if self.age else "",
        }
        return {label: text for label, text in words.items() if text}

    def period_in_words(self) -> str:
        """Return the period whose completions are told apart; "" without one."""
        days = {"since": vi_date(self.since), "until": vi_date(self.until)}
        if self.since and self.until:
            return _("%(since)s – %(until)s") % days
        if self.since:
            return _("from %(since)s on") % days
        return _("until %(until)s") % days if self.until else ""


def parse_query(request: Question, *, unit_id: int | None) -> ReportQuery | None:
    """Return what is asked; None while there is no programme to report on.

    Raises Http404 for readers who oversee nothing and for units beyond their area.
    """
    reader = request.user
    if not reader.scope.oversees:
        raise Http404
    unit, beside = (None, ()) if unit_id is None else _unit(reader=reader, unit_id=unit_id)
    programmes = programmes_in_order()
    editions = BoundaryEdition.objects.all()
    form = CompletionFilterForm(request.GET, programmes=programmes, editions=editions, unit=unit)
    form.is_valid()
    programme: Programme | None = form.cleaned_data.get("programme") or next(iter(programmes), None)
    if programme is None:
        return None
    chosen: BoundaryEdition | None = form.cleaned_data.get("edition")
    edition = unit.edition if unit else chosen or programme.edition
    answers = _read(form, programme, edition, reader)
    named = {"programme": form.cleaned_data.get("programme"), "edition": chosen}
    kept = answers.as_query(**{name: str(one.pk) for name, one in named.items() if one})
    return ReportQuery(
        reader=reader,
        form=_bound_to(form, answers),
        programme=programme,
        edition=edition,
        cadres=[answers.cadre] if answers.cadre else None,
        unit=unit,
        counted_at=answers.counted_at,
        past_day=answers.past_day,
        query=kept.urlencode(),
        leaves_unit=unit is not None and chosen not in {None, edition},
        narrowing=answers.narrowing(),
        chosen=answers.in_words(),
        period=answers.period_in_words(),
        beside=beside,
    )


def _read(
    form: CompletionFilterForm, programme: Programme, edition: BoundaryEdition, reader: User
) -> _Answers:
    """Return what the form says of this programme; what it does not ask for counts as not said."""
    by_course = ProgrammeRequirement.objects.select_related("course").order_by("course__path")
    prefetch_related_objects([programme], Prefetch("requirements", by_course))
    required = programme.requirements.all()
    trained = {one.cadre for one in required}
    courses = {one.course_id: plain_title(one.course) for one in required}
    form.offer(trained=trained, courses=courses)
    said: dict[str, Any] = form.cleaned_data
    cadre, course = said.get("cadre") or "", said.get("course")
    age, run = said.get("age"), _run(said.get("run"), programme, reader)
    if said.get("run") and run is None:
        form.add_error("run", _("No class of this programme that you may see has this code."))
    return _Answers(
        programme=programme,
        edition=edition,
        cadre=cadre if cadre in trained else "",
        counted_at=CountedAt(said.get("counted", "")),
        run=run,
        course=course if course in courses else None,
        courses=courses,
        sex=said.get("sex") or "",
        age=AgeGroup(age) if age else None,
        since=said.get("since"),
        until=said.get("until"),
        past_day=said.get("on"),
    )


def _run(code: str | None, programme: Programme, reader: User) -> CourseRun | None:
    """Return the class of the programme with this code, where the reader may see its people."""
    if not code:
        return None
    runs = CourseRun.objects.watched_by(reader).with_codes([code])
    return runs.filter(programme=programme).first()


def _unit(*, reader: User, unit_id: int) -> tuple[AdministrativeUnit, Sequence[AdministrativeUnit]]:
    """Return the unit, and with it in the order of the map all that `ReportQuery.around` may tell; one query."""
    found = _UNITS.ask(unit=unit_id, uppermost=sorted(_uppermost(reader)) or [""])
    unit = next((one for one in found if one.pk == unit_id), None)
    if unit is None or not _may_see(reader=reader, unit=unit):
        raise Http404
    return unit, found


def _units(*, unit: int, uppermost: list[str]) -> QuerySet[AdministrativeUnit]:
    step = AdministrativeUnit.steplen
    path = Subquery(AdministrativeUnit.objects.filter(pk=unit).values("path"))
    # The province and the district of a commune.
    above = [Left(path, step), Left(path, 2 * step)]
    asked = Q(pk=unit) | Q(path__in=above) | Q(path__among=uppermost)
    return AdministrativeUnit.objects.select_related("edition").filter(asked).order_by("path")


_UNITS = CompiledQuery(_units)


def _uppermost(reader: User) -> set[str]:
    """Return the paths of the uppermost units of a reader who oversees parts of a province."""
    return set() if reader.scope.oversees_province else set(reader.scope.top_paths)


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


def _bound_to(form: CompletionFilterForm, answers: _Answers) -> CompletionFilterForm:
    """Return the form with what is really shown chosen in it, and what it refuses as it was typed."""
    refused = {name: form.data[name] for name in form.errors if name in form.data}
    form.data = answers.as_query(
        programme=str(answers.programme.pk), edition=str(answers.edition.pk)
    )
    for name in refused.keys() & {"run", "since", "until", "on"}:
        form.data[name] = refused[name]
    return form
