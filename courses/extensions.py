"""The extension point of the suite: what a plug-in may add to courses.

`docs/extending.md` tells it as a checklist. Register in `AppConfig.ready()`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.db.models import OuterRef, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from courses.enums import FindingLevel
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.registry import Registry

if TYPE_CHECKING:
    # A shape alone: rules stand above what they offer to plug-ins.
    from courses.domain.course_tree import CourseTree


@dataclass(frozen=True)
class Detail:
    """One thing that a person lacks: what it is called, when it is or was, and why it is lacking.

    Stored for as long as nothing changes: `why` is a code of the criterion, which `explain` puts
    into words when somebody reads it. Nothing here may become another by time alone.
    """

    subject: str
    at: datetime
    why: str


@dataclass(frozen=True)
class CriterionResult:
    """One line of the answer to "what is missing?".

    `achieved` and `required` share the criterion's own unit (lessons, quizzes, minutes);
    `details` are what the explanation is made of, which is put into words only when it is read.
    `is_settled`: all that counts has happened; until then nobody completes.
    """

    key: str
    label: str | Promise
    met: bool
    achieved: int
    required: int
    explain: Callable[[], str] = field(compare=False)
    details: Sequence[Detail] = ()
    is_settled: bool = True

    @property
    def explanation(self) -> str:
        """A full translated sentence for the trainee, in the language of the moment."""
        return self.explain()


@dataclass(frozen=True)
class Appointment:
    """Where and when the people of a class are expected next, as one row of *My work*.

    `when` says it in words, with the hour. The addresses lead to a map and to a calendar file.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    when: str
    place: str
    map_url: str
    calendar_url: str


@dataclass(frozen=True)
class Learner:
    """A person in a class as *My work* knows one: the course with what is done in it, and what
    comes next.
    """

    enrolment: Enrolment
    tree: "CourseTree"
    appointment: Appointment | None = None


@dataclass(frozen=True)
class WayOn:
    """What is missing in a few words, where the person goes on with it, and by which day."""

    text: str
    url: str
    due_on: date


class CompletionCriterion(ABC):
    """One condition of completing a class.

    The rule itself lives in `annotate`; one enrolment and ten thousand go through the same SQL.
    """

    key: str
    label: str | Promise
    #: Fields for the parameters of this criterion; `cleaned_data` is stored as JSON.
    params_form: type[forms.Form]

    @abstractmethod
    def default_params(self) -> dict[str, Any]:
        """Return the parameters of a new class."""

    def applies_to(self, run: CourseRun) -> bool:
        """Return whether there is anything in this class that the criterion can ask for.

        Asked when a class opens and when its requirements are set: a criterion that asks nothing
        is no default, and nobody may put it in force, since `0 of 0` is never met.
        """
        return True

    @abstractmethod
    def annotate(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        """Add integer annotations `<key>_achieved` and `<key>_required`, no query a row.

        All enrolments belong to `run`. `required` 0 is never met.
        A criterion may spend a constant number of queries here. One whose facts are still to come
        adds a boolean `<key>_is_settled` as well.
        """

    def annotate_as_completed(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        """Annotate like `annotate`, for people who have completed, by what was asked on that day:
        what a class gets later takes no completion back.
        """
        return self.annotate(enrolments, run=run, params=params)

    def details(
        self, enrolment_ids: Sequence[int], *, run: CourseRun, params: dict[str, Any]
    ) -> Mapping[int, Sequence[Detail]]:
        """Return what each of these enrolments of `run` lacks, by enrolment id, in order.

        Asked only of those who do not meet the criterion, and kept with their figures; a constant
        number of queries. Nothing here decides: a criterion without parts has none.
        """
        return {}

    @abstractmethod
    def explain(
        self,
        *,
        achieved: int,
        required: int,
        params: dict[str, Any],
        details: Sequence[Detail] = (),
    ) -> str:
        """Return a full translated sentence on how far the person is and what is missing."""

    def lack(self, result: CriterionResult) -> str:
        """Return in few words what is missing of a result that is not met; empty: see `explain`."""
        return ""

    def lack_of_all(self, results: Sequence[CriterionResult]) -> str:
        """Return what is missing of several results that are not met, one a class, as if they were one."""
        asked = [one for one in results if one.required] or results
        added_up = replace(
            asked[0],
            achieved=sum(one.achieved for one in asked),
            required=sum(one.required for one in asked),
        )
        return self.lack(added_up)

    def way_on(self, result: CriterionResult, *, learner: Learner) -> WayOn | None:
        """Return where to go on with a result that is not met; without a query. None: nowhere."""
        return None

    def judge(self, enrolment: Any, *, params: dict[str, Any]) -> CriterionResult:
        """Return the result of an enrolment that `annotate` has annotated."""
        return self.tell(
            achieved=int(getattr(enrolment, f"{self.key}_achieved") or 0),
            required=int(getattr(enrolment, f"{self.key}_required") or 0),
            params=params,
            is_settled=getattr(enrolment, f"{self.key}_is_settled", True),
        )

    def tell(
        self,
        *,
        achieved: int,
        required: int,
        params: dict[str, Any],
        details: Sequence[Detail] = (),
        is_settled: bool = True,
    ) -> CriterionResult:
        """Return these figures as a result.

        The one place that says what is met: who was asked for nothing has done nothing.
        """
        return CriterionResult(
            key=self.key,
            label=self.label,
            met=0 < required <= achieved,
            achieved=achieved,
            required=required,
            explain=partial(
                self.explain, achieved=achieved, required=required, params=params, details=details
            ),
            details=tuple(details),
            is_settled=is_settled,
        )


class PagePanel(Protocol):
    """A piece that a plug-in shows on a page of courses.

    `place` is one of PLACES; `order` sorts within it. `context` gets the request and the
    page's subject(s) and returns what `template` needs, or None to show nothing.
    It spends a constant number of queries, whatever the number of subjects.
    """

    key: str
    place: str
    order: int
    template: str

    def context(self, request: SignedInRequest, subject: Any) -> dict[str, Any] | None: ...


class Agenda(Protocol):
    """What a plug-in plans for the people of a class.

    `next_of` returns the appointments of the day on which one goes on or comes next, in order, by
    the id of the class, for those of `runs` (with their units) that have one; a constant number of
    queries. `last_end` is
    an expression of the moment at which the last appointment that counts ends in the class that
    `run` refers to, NULL without one: nobody is entitled to a certificate before.
    """

    key: str

    def next_of(
        self, runs: Collection[CourseRun], *, now: datetime
    ) -> Mapping[int, Sequence[Appointment]]: ...

    def last_end(self, run: OuterRef) -> Combinable: ...


class TranscriptFact(Protocol):
    """A column of a person's transcript, on the page and on paper.

    `values` returns a few words by the id of the enrolment, in the language of the moment, for
    those that have something to tell; a constant number of queries. Whoever reads the transcript
    may see the enrolments.
    """

    key: str
    label: str | Promise
    order: int

    def values(self, enrolments: Collection[Enrolment]) -> Mapping[int, str]: ...


class RunColumn(Protocol):
    """A column that a plug-in adds to the list of classes in the admin.

    `annotate` adds what `value` reads, as subqueries and no query a row; figures about people
    count those alone whom the `reader` may see.
    """

    key: str
    label: str | Promise

    def annotate(self, runs: QuerySet[CourseRun], *, reader: User) -> QuerySet[Any]: ...

    def value(self, run: Any) -> str: ...


@dataclass(frozen=True)
class RosterColumn:
    """One column of the file of a class's trainees: what it is called, and values by enrolment id."""

    label: str
    values: Mapping[int, str]


class Roster(Protocol):
    """Columns that a plug-in adds to the file of the trainees of a class.

    `columns` gets enrolments that the reader may see; a constant number of queries.
    """

    key: str

    def columns(
        self, run: CourseRun, *, enrolments: Collection[Enrolment]
    ) -> Sequence[RosterColumn]: ...


@dataclass(frozen=True)
class OpeningFinding:
    """One line of what was looked at before a class opens.

    `text` is a full translated sentence; `label` and `url` are those of a link to where it is mended.
    """

    level: FindingLevel
    text: str
    label: str = ""
    url: str = ""


class OpeningCheck(Protocol):
    """What an app looks at before somebody opens a class: complete, and without a conflict.

    It only tells: what must keep a class from opening is a Refusal of `open_run`. `find` spends a
    constant number of queries and names those people alone whom the `reader` may see.
    """

    key: str

    def find(self, run: CourseRun, *, reader: User) -> list[OpeningFinding]: ...


# Where panels may stand, and what `subject` is there.
PLACES = {
    "my_work_bottom": "list[Enrolment]: the person's counted enrolments with run and course",
    "run_overview": "CourseRun: the class that a trainer looks at",
    "run_admin": "CourseRun: the class in the admin, below what it waits for; Wagtail's components",
    "run_intake": "courses.domain.enrolling.Joining: people of an area before they are enrolled; in the "
    "admin, Wagtail's components",
    "intake": "courses.domain.enrolling.Joining: people of a list on the site before they are enrolled",
    "run_copy": "courses.domain.copying.CopyPlan: the copy of a class before it is made; in the admin, "
    "Wagtail's components",
    "run_effect": "courses.domain.completion.Effect: what a change to a class would do, before it "
    "is made; in the admin, Wagtail's components",
    "programme_effect": "courses.domain.programme_changes.ProgrammeChange: what somebody wants a "
    "programme to ask, before it is saved; in the admin, Wagtail's components",
    "enrolment": "Enrolment: one trainee in a class, seen by who may see it",
}

completion_criteria: Registry[CompletionCriterion] = Registry("completion criteria")
page_panels: Registry[PagePanel] = Registry("page panels")
agendas: Registry[Agenda] = Registry("agendas")
transcript_facts: Registry[TranscriptFact] = Registry("transcript facts")
run_columns: Registry[RunColumn] = Registry("run columns")
opening_checks: Registry[OpeningCheck] = Registry("opening checks")
rosters: Registry[Roster] = Registry("rosters")
