"""What programmes ask of whom, as a list that comes in and goes out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from courses.domain.programme_changes import ProgrammeChange, asked_now
from courses.models import CoursePage, Programme, ProgrammeRequirement
from lms.accounts.enums import Role
from lms.accounts.rosters.columns import CadreWidget
from lms.importing.extensions import ImportKind
from lms.reporting.domain.programme_effect import effect_on_figures
from lms.reporting.domain.queries import required_courses
from lms.reporting.domain.requirements import people_by_cadre
from lms.reporting.labels import effect_sentences
from lms.spreadsheets.import_rows import ImportColumn, PlannedRow, SheetRow
from lms.spreadsheets.model_rows import ModelRows


class CodeOfRowWidget(Widget):
    """What names a row on the way in, the code of the row on the way out."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class RequirementResource(ModelRows):
    """Each row is a course that a cadre has to complete; one that the list leaves out stays asked."""

    model = ProgrammeRequirement
    told_apart_by = ("programme", "cadre", "course")
    looks_ahead = True

    programme = ImportColumn(
        "programme",
        gettext_lazy("Programme code"),
        aliases=("Mã chương trình", "Chương trình", "Dự án"),
        required=True,
        widget=CodeOfRowWidget(),
    )
    cadre = ImportColumn(
        "cadre",
        gettext_lazy("Cadre"),
        aliases=("Nhóm đối tượng", "Đối tượng", "Nhóm"),
        required=True,
        widget=CadreWidget(),
    )
    course = ImportColumn(
        "course",
        gettext_lazy("Course code"),
        aliases=("Mã khóa học", "Mã khoá học", "Khóa học", "Khoá học"),
        required=True,
        widget=CodeOfRowWidget(),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._people: dict[int, Counter[str]] = {}

    def look_up(self, rows: Sequence[SheetRow]) -> None:
        programmes = _by_name((one, one.name) for one in Programme.objects.visible_to(self.by))
        courses = _by_name((one, one.title) for one in CoursePage.objects.all())
        for row in rows:
            sentence = _("Please give the code of one of the programmes.")
            self.put(row, "programme", programmes, "unknown_programme", sentence)
            self.put(
                row,
                "course",
                courses,
                "unknown_course",
                _("Please give the code of one of the courses."),
            )
        self._count_people(rows)

    def _count_people(self, rows: Sequence[SheetRow]) -> None:
        """Count whom the programmes would count; some queries for each programme of the list."""
        asked: dict[Programme, set[str]] = defaultdict(set)
        for row in rows:
            if not row.errors and {"programme", "cadre"} <= row.values.keys():
                asked[row.values["programme"]].add(row.values["cadre"])
        for programme, cadres in asked.items():
            trained = required_courses(programme=programme).keys()
            self._people[programme.pk] = people_by_cadre(
                programme=programme, cadres=trained | cadres, on=self.day, reader=self.by
            )

    def check(
        self, row: SheetRow, record: ProgrammeRequirement, original: ProgrammeRequirement
    ) -> None:
        super().check(row, record, original)
        if row.errors or record.pk:
            return
        people = self._people[record.programme_id][record.cadre]
        if people:
            row.warn(
                "course",
                _(
                    "The figures of the programme change: %(people)s people of this cadre count as "
                    "done only with this course."
                )
                % {"people": str(people)},
            )

    def foresee(self, planned: Sequence[PlannedRow]) -> list[str]:
        """Say, for each programme, how its figures change with all rows, and where."""
        added: dict[Programme, set[tuple[str, int]]] = defaultdict(set)
        for values in (plan.row.values for plan in planned):
            added[values["programme"]].add((values["cadre"], values["course"].pk))
        told: list[str] = []
        for programme, asked in added.items():
            everything = asked_now(programme=programme) | asked
            change = ProgrammeChange(programme, everything, programme.edition)
            told += effect_sentences(
                programme.name, effect_on_figures(change=change, on=self.day, reader=self.by)
            )
        return told


def _by_name(named: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    """Return rows by code and by name in small letters; a name that several have means none."""
    pairs = list(named)
    names = Counter(name.lower() for _row, name in pairs)
    by_name = {name.lower(): row for row, name in pairs if names[name.lower()] == 1}
    return by_name | {row.code.lower(): row for row, _name in pairs if row.code}


REQUIREMENTS = ImportKind(
    key="requirements",
    label=gettext_lazy("Required courses"),
    order=295,
    help=gettext_lazy(
        "One row for each programme, cadre and course: who has to complete what. New rows are added "
        "and count in the figures of the programme from then on; one that the list leaves out stays "
        "asked. The map chosen below does not matter."
    ),
    roles=(Role.ADMINISTRATOR,),
    resource_class=RequirementResource,
    for_province=True,
    on_a_map=False,
    examples=(
        {"programme": "du-an-mau", "cadre": "Cán bộ xã", "course": "bao-ve-tre-em"},
        {"programme": "du-an-mau", "cadre": "Cộng tác viên thôn", "course": "bao-ve-tre-em"},
    ),
)
