"""How far people had come at the end of a day, or have come today, by their enrolments as they stood.

The rules of `queries` and `states`, without a query. What equal enrolments tell is judged once: a country has
half a million people, and of each class a handful of stories.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from courses.domain.enrolment_state import state_of
from courses.enums import COUNTED_STATUSES, EnrolmentState, EnrolmentStatus, RunStatus
from lms.reporting.domain.queries import Requirements
from lms.reporting.domain.states import DECIDING
from lms.reporting.enums import PersonState


class EnrolmentThen(NamedTuple):
    """An enrolment as it stood; `place` and `held`: where its person worked on that day."""

    user: int
    enrolment: int
    run: int
    status: str
    unit: int
    cadre: str
    done_on: date | None
    place: int
    held: str
    is_held: int
    sex: str


class PersonThen(NamedTuple):
    """Where somebody stood and how far; `unit` and `cadre` as stamped, `place` and `held` on that day.

    `enrolment` and `run` None: in no class. `begins`: the first day of the class to come; `done_on`:
    the day on which the last of the courses was completed.
    """

    user: int
    unit: int
    cadre: str
    place: int
    held: str
    state: PersonState
    enrolment: int | None = None
    run: int | None = None
    is_held: bool = True
    begins: date | None = None
    done_on: date | None = None
    sex: str = ""


class RunFacts(Protocol):
    """A class as it stood: `CourseRun`, or `RunThen`."""

    @property
    def course_id(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def starts_on(self) -> date: ...


class Kind(NamedTuple):
    """What an enrolment of a status in a class tells. `counts`: `Enrolment.objects.in_held_classes()` of that day.

    `begins`: the first day of a class to come.
    """

    course: int
    state: EnrolmentState
    counts: bool
    begins: date | None
    is_done: bool


@dataclass(frozen=True)
class Judge:
    """`required`: what is judged by; `runs`: the classes as they stood, by id; `course`: the one that is looked at
    alone, None for all.
    """

    on: date
    required: Requirements
    runs: Mapping[int, RunFacts]
    course: int | None = None
    #: Kinds by their numbers, and the numbers: a story of numbers is compared sooner than one of kinds.
    kinds: list[Kind] = field(default_factory=list)
    _numbers: dict[Kind, int] = field(default_factory=dict)
    _number_of: dict[tuple[int, str, bool], int] = field(default_factory=dict)
    _kind_of: dict[tuple[int, str, date, str, bool], Kind] = field(default_factory=dict)
    _judged: dict[tuple[str, tuple[int, ...]], tuple[PersonState, date | None]] = field(
        default_factory=dict
    )

    def number_of(self, run: int, status: str, *, is_done: bool) -> int:
        """Return the number of the kind of an enrolment; `is_done`: whether a day of completion stands on it."""
        key = (run, status, is_done)
        number = self._number_of.get(key)
        if number is None:
            kind = self._kind(run, EnrolmentStatus(status), is_done=is_done)
            number = self._number_of[key] = self._numbers.setdefault(kind, len(self.kinds))
            if number == len(self.kinds):
                self.kinds.append(kind)
        return number

    def kind_of(self, run: int, status: str, *, is_done: bool) -> Kind:
        """Return the kind of an enrolment."""
        return self.kinds[self.number_of(run, status, is_done=is_done)]

    def how_far(self, cadre: str, numbers: Sequence[int]) -> tuple[PersonState, date | None]:
        """Return the state of somebody of this cadre with enrolments of these kinds, and the first day of the
        class to come.
        """
        story = (cadre, tuple(numbers))
        found = self._judged.get(story)
        if found is None:
            found = self._judged[story] = self._judge(cadre, [self.kinds[one] for one in numbers])
        return found

    def _kind(self, run_id: int, status: EnrolmentStatus, *, is_done: bool) -> Kind:
        run = self.runs[run_id]
        # Of a district's classes of ten years few differ in these.
        told = (run.course_id, run.status, run.starts_on, status, is_done)
        if told not in self._kind_of:
            state = state_of(status, run.status, run.starts_on, today=self.on)
            self._kind_of[told] = Kind(
                course=run.course_id,
                state=state,
                counts=status in COUNTED_STATUSES and run.status != RunStatus.CANCELLED,
                begins=run.starts_on if state == EnrolmentState.TO_COME else None,
                is_done=is_done,
            )
        return self._kind_of[told]

    def _judge(self, cadre: str, kinds: Sequence[Kind]) -> tuple[PersonState, date | None]:
        done = {kind.course for kind in kinds if kind.is_done}
        must = self.required.get(cadre)
        if must and must <= done:
            return PersonState.COMPLETED, None
        asked = [kind for kind in kinds if self.course in {None, kind.course}]
        unfinished = [kind for kind in asked if kind.course not in done]
        states = {kind.state for kind in unfinished}
        state = PersonState(next((one for one in DECIDING if one in states), PersonState.NO_CLASS))
        if state != PersonState.TO_COME:
            return state, None
        return state, min(kind.begins for kind in unfinished if kind.begins)


def person_of(enrolments: Sequence[EnrolmentThen], judge: Judge) -> PersonThen | None:
    """Return the person of these enrolments, judged as `annotate_states` does; None for somebody
    in no class that takes or took place, or of a cadre that is not asked for.
    """
    latest, numbers = None, []
    for one in enrolments:
        number = judge.number_of(one.run, one.status, is_done=one.done_on is not None)
        numbers.append(number)
        if judge.kinds[number].counts:
            latest = one
    if latest is None:
        return None
    state, begins = judge.how_far(latest.cadre, numbers)
    return PersonThen(
        latest.user,
        latest.unit,
        latest.cadre,
        latest.place,
        latest.held,
        state,
        latest.enrolment,
        latest.run,
        bool(latest.is_held),
        begins,
        _done_on(enrolments, latest.cadre, judge) if state is PersonState.COMPLETED else None,
        latest.sex,
    )


def _done_on(enrolments: Sequence[EnrolmentThen], cadre: str, judge: Judge) -> date:
    """Return when the last of all that the cadre must was completed, each course where it first was."""
    first: dict[int, date] = {}
    for one in enrolments:
        if one.done_on is not None:
            course = judge.runs[one.run].course_id
            first[course] = min(first.get(course, one.done_on), one.done_on)
    return max(first[course] for course in judge.required[cadre])
