"""A course as a tree: the one shape in which pages, steps and files know it.

Read by `courses.domain.tree_queries`: as it is now, or as a class asks it of one person.
"""

from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import ClassVar

from courses.domain.gains import FirstTry, Gain, gain_between
from courses.domain.pass_mark import DEFAULT_PASS_PERCENT
from courses.enums import QuizPurpose


@dataclass(frozen=True)
class LessonNode:
    is_quiz: ClassVar = False

    pk: int
    title: str
    url_path: str
    is_required: bool
    minutes: int
    is_read: bool = False
    opened_at: datetime | None = None
    title_en: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is a step to take: further reading is none."""
        return self.is_required and not self.is_read


@dataclass(frozen=True)
class QuizNode:
    """`best_percent` is None before the first result; `is_over`: a pre-test that comes too late."""

    is_quiz: ClassVar = True

    pk: int
    title: str = ""
    title_en: str = ""
    question_count: int = 0
    max_attempts: int = 0
    pass_percent: int = DEFAULT_PASS_PERCENT
    best_percent: int | None = None
    submitted_count: int = 0
    has_open_attempt: bool = False
    purpose: str = ""
    first: FirstTry | None = None
    is_over: bool = False

    @property
    def is_pre_test(self) -> bool:
        return self.purpose == QuizPurpose.PRE_TEST

    @property
    def is_passed(self) -> bool:
        """A pre-test is passed by nobody: it decides nothing."""
        return not self.is_pre_test and self._reaches_mark

    @property
    def is_done(self) -> bool:
        return self.submitted_count > 0 if self.is_pre_test else self.is_passed

    @property
    def _reaches_mark(self) -> bool:
        return self.best_percent is not None and self.best_percent >= self.pass_percent

    @property
    def attempts_left(self) -> int | None:
        """None: as many as one likes."""
        return max(0, self.max_attempts - self.submitted_count) if self.max_attempts else None

    @property
    def is_open(self) -> bool:
        """Whether it is a step to take: a quiz without an attempt left is none."""
        may_begin = self.attempts_left != 0 and not self.is_over
        return not self.is_passed and (self.has_open_attempt or may_begin)


Step = LessonNode | QuizNode


@dataclass(frozen=True)
class ModuleNode:
    """`number` counts from 1."""

    pk: int
    number: int
    title: str
    url_path: str
    lessons: list[LessonNode] = field(default_factory=list)
    quiz: QuizNode | None = None
    title_en: str = ""

    @property
    def steps(self) -> list[Step]:
        return [*self.lessons, *([self.quiz] if self.quiz else [])]

    @property
    def required_count(self) -> int:
        return sum(lesson.is_required for lesson in self.lessons)

    @property
    def read_count(self) -> int:
        """Of the lessons that count."""
        return sum(lesson.is_read and lesson.is_required for lesson in self.lessons)

    @property
    def lessons_left(self) -> int:
        """Of the lessons that count."""
        return sum(lesson.is_open for lesson in self.lessons)

    @property
    def minutes_left(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons if lesson.is_open)

    @property
    def is_done(self) -> bool:
        """Whether there was something that counts in it, and nothing of it is left."""
        asked = [lesson.is_read for lesson in self.lessons if lesson.is_required]
        asked += [self.quiz.is_done] if self.quiz else []
        return bool(asked) and all(asked)


@dataclass(frozen=True)
class Place:
    """Where a lesson stands: `number` counts from 1 within its module."""

    module: ModuleNode
    lesson: LessonNode
    number: int
    previous: LessonNode | None
    next: LessonNode | None

    @property
    def is_last_of_module(self) -> bool:
        return self.number == len(self.module.lessons)


@dataclass(frozen=True)
class CourseTree:
    """A course with its modules, lessons and quizzes, without their text."""

    title: str
    url_path: str
    modules: list[ModuleNode] = field(default_factory=list)
    title_en: str = ""

    @property
    def lessons(self) -> list[LessonNode]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def steps(self) -> list[Step]:
        """All but the pre-test: it is taken before them or not at all."""
        before = self.quiz_for(QuizPurpose.PRE_TEST)
        return [step for module in self.modules for step in module.steps if step is not before]

    @property
    def gain(self) -> Gain | None:
        before, after = map(self.quiz_for, (QuizPurpose.PRE_TEST, QuizPurpose.POST_TEST))
        return gain_between(before.first, after.first) if before and after else None

    @property
    def required_count(self) -> int:
        return sum(lesson.is_required for lesson in self.lessons)

    @property
    def read_count(self) -> int:
        """Of the lessons that count."""
        return sum(lesson.is_read and lesson.is_required for lesson in self.lessons)

    @property
    def lessons_left(self) -> int:
        """Of the lessons that count."""
        return sum(module.lessons_left for module in self.modules)

    @property
    def minutes_left(self) -> int:
        return sum(module.minutes_left for module in self.modules)

    @property
    def last_opened(self) -> LessonNode | None:
        """The lesson in which the person stopped."""
        opened = [(lesson.opened_at, lesson) for lesson in self.lessons if lesson.opened_at]
        return max(opened, key=itemgetter(0))[1] if opened else None

    def next_step(self, after: int | None = None) -> Step | None:
        """Return what there is to do next: a lesson or a quiz; None when nothing is left.

        The first open step behind the lesson with the id `after`, else the first of all. Without
        `after`, go on from where the person stopped; before the first lesson is read, with the
        pre-test.
        """
        before = self.quiz_for(QuizPurpose.PRE_TEST)
        if after is None and before and before.is_open and self._has_not_begun(before):
            return before
        last = self.last_opened if after is None else None
        if last and last.is_open:
            return last
        after = last.pk if last else after
        steps = self.steps
        start = next(
            (at for at, step in enumerate(steps, 1) if not step.is_quiz and step.pk == after), 0
        )
        return next((step for step in [*steps[start:], *steps[:start]] if step.is_open), None)

    def _has_not_begun(self, before: QuizNode) -> bool:
        return before.has_open_attempt or not any(lesson.is_read for lesson in self.lessons)

    def next_step_in(self, module: ModuleNode) -> Step | None:
        """Return what there is to do next in this module; once it is done, what comes behind it."""
        last = self.last_opened
        if last and last.is_open and last in module.lessons:
            return last
        here = next((step for step in module.steps if step.is_open), None)
        return here or self.next_step(after=module.lessons[-1].pk if module.lessons else None)

    def place_of(self, lesson_id: int) -> Place | None:
        """Return where this lesson stands, None when it is not in the tree."""
        lessons = self.lessons
        at = next((at for at, lesson in enumerate(lessons) if lesson.pk == lesson_id), None)
        if at is None:
            return None
        module = next(one for one in self.modules if lessons[at] in one.lessons)
        return Place(
            module=module,
            lesson=lessons[at],
            number=module.lessons.index(lessons[at]) + 1,
            previous=lessons[at - 1] if at else None,
            next=lessons[at + 1] if at + 1 < len(lessons) else None,
        )

    def quiz_of(self, quiz_id: int) -> QuizNode | None:
        quizzes = (module.quiz for module in self.modules)
        return next((quiz for quiz in quizzes if quiz and quiz.pk == quiz_id), None)

    def quiz_for(self, purpose: str) -> QuizNode | None:
        quizzes = (module.quiz for module in self.modules)
        return next((quiz for quiz in quizzes if quiz and quiz.purpose == purpose), None)

    def module_of(self, module_id: int) -> ModuleNode | None:
        return next((module for module in self.modules if module.pk == module_id), None)
