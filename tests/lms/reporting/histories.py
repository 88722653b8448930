"""Lives of a dozen people in a programme: what may befall them in any order, by the rules' own ways.

Each act does what it can where it is asked, and nothing where the rule refuses. Days go on with
the acts; some reach into the future.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import count

from certificates.domain.decisions import revoke_certificate
from certificates.models import Certificate
from courses.domain.completion import evaluate_many
from courses.domain.enrolling import enrol_many, withdraw
from courses.domain.runs import cancel_run, close_run, open_run
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment, LessonCompletion, Programme, ProgrammeRequirement
from lms.accounts.boundary_changes.domain.apply_edition import take_effect
from lms.accounts.enums import Cadre, Role, Sex
from lms.accounts.merging.domain.merge import merge
from lms.accounts.merging.domain.unmerge import unmerge
from lms.accounts.models import Merge, User
from lms.accounts.register.domain.postings import PostingWrite, post, transfer, write_postings
from lms.core.refusal import Refusal
from lms.geography.domain.areas import record_areas
from lms.geography.enums import Extent
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitSuccession
from tests.factories.accounts import UserFactory, make_official
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.courses import HANOI, CourseRunFactory, ProgrammeFactory, ask, make_course
from tests.factories.geography import make_map, unit

TODAY = date(2014, 6, 1)
BEGAN = date(2014, 1, 1)
NEXT = "2014-03-01"
PEOPLE = 6
OFFICER, COLLABORATOR = Cadre.COMMUNE_OFFICER, Cadre.COLLABORATOR
CADRES = (COLLABORATOR, OFFICER, Cadre.DISTRICT_OFFICER)
PLACES = ("13384", "13387", "13591", "13588", "350", "353", "35")
SEXES = ("", Sex.FEMALE, Sex.MALE)
Step = tuple[int, int, int]


class History:
    """A programme that asks two courses of officers and one of collaborators; six classes."""

    def __init__(self, edition: BoundaryEdition) -> None:
        self.edition = edition
        self.next_edition = _next_map()
        self.programme: Programme = ProgrammeFactory(edition=edition)
        self.courses = [make_course("p1", lessons=1), make_course("p2", lessons=1)]
        asked = ((0, COLLABORATOR), (0, OFFICER), (1, OFFICER))
        for course, cadre in asked:
            self._require(course, cadre)
        CertificateTemplateFactory()
        self.reader = make_official(Role.ADMINISTRATOR, "35")
        self.runs = [self._run(number) for number in range(6)]
        self.people: list[User] = [
            UserFactory(sex=SEXES[number % 3], full_name=f"Người {number}")
            for number in range(PEOPLE)
        ]
        for number, person in enumerate(self.people):
            post(user=person, unit=unit(PLACES[number]), cadre=CADRES[number % 2], on=BEGAN)
        self._ticks = count(1)

    def live(self, steps: Sequence[Step]) -> None:
        """Do these acts one after the other."""
        for step in steps:
            self.act(*step)

    def act(self, act: int, who: int, what: int) -> None:
        """Do one act; whatever the rules refuse does not happen."""
        person = User.objects.get(pk=self.people[who % PEOPLE].pk)
        try:
            ACTS[act % len(ACTS)](self, person, what)
        except Refusal:
            return

    @property
    def now(self) -> datetime:
        """A moment later than all before, but for every third, which is the same again."""
        tick = next(self._ticks)
        return datetime(2014, 5, 1, 8, tzinfo=HANOI) + timedelta(hours=tick - tick % 3)

    # What may befall a person

    def take_post(self, person: User, what: int) -> None:
        day = TODAY + timedelta(days=what % 40 - 30)
        post(user=person, unit=self._unit(what), cadre=CADRES[what % 3], on=day)

    def move(self, person: User, what: int) -> None:
        held = person.postings.filter(valid_to=None).order_by("pk").first()
        if held:
            transfer(
                user=person,
                from_unit=held.unit,
                to_unit=self._unit(what),
                on=TODAY + timedelta(days=what % 40 - 30),
                cadre=CADRES[what % 2] if what % 3 else None,
            )

    def leave(self, person: User, what: int) -> None:
        held = person.postings.filter(valid_to=None).order_by("pk").first()
        if held:
            last = TODAY + timedelta(days=what % 20 - 10)
            write_postings(writes=[PostingWrite(ends=held, last_day=last)])

    def enrol(self, person: User, what: int) -> None:
        enrol_many(run=self._class(what), users=[person], at=self.now)

    def withdraw(self, person: User, what: int) -> None:
        for enrolment in self._places(person, what):
            withdraw(enrolment=enrolment, by=self.reader, reason="Chuyển công tác", at=self.now)

    def complete(self, person: User, what: int) -> None:
        for enrolment in self._places(person, what):
            for lesson in enrolment.run.edition.lessons.all() if enrolment.run.edition else ():
                LessonCompletion.objects.get_or_create(
                    enrolment=enrolment,
                    lesson_id=lesson.lesson_id,
                    defaults={"completed_at": self.now},
                )
            evaluate_many(run=enrolment.run, enrolment_ids=[enrolment.pk], at=self.now)

    def correct(self, person: User, what: int) -> None:
        """What was read turns out to be a mistake: the completion goes."""
        for enrolment in self._places(person, what):
            LessonCompletion.objects.filter(enrolment=enrolment).delete()
            evaluate_many(run=enrolment.run, enrolment_ids=[enrolment.pk], at=self.now)

    def correct_sex(self, person: User, what: int) -> None:
        User.objects.filter(pk=person.pk).update(sex=SEXES[what % 3])

    def merge(self, person: User, what: int) -> None:
        other = self.people[what % PEOPLE]
        merge(keep=person, close=User.objects.get(pk=other.pk), by=self.reader, at=self.now)

    def undo_merge(self, person: User, what: int) -> None:
        done = Merge.objects.filter(undone_at=None).order_by("-pk").first()
        if done:
            unmerge(merge=done, by=self.reader, at=self.now)

    def issue(self, person: User, what: int) -> None:
        for enrolment in person.enrolments.filter(status=EnrolmentStatus.COMPLETED):
            if not enrolment.certificates.exists():
                issued(enrolment, at=self.now)

    def revoke(self, person: User, what: int) -> None:
        for held in Certificate.objects.filter(enrolment__user=person)[:1]:
            revoke_certificate(certificate=held, by=self.reader, reason="Nhầm", at=self.now)

    # What may befall a class, a programme, a map

    def start(self, person: User, what: int) -> None:
        open_run(run=self._class(what), at=self.now)

    def close(self, person: User, what: int) -> None:
        close_run(run=self._class(what), at=self.now)

    def cancel(self, person: User, what: int) -> None:
        cancel_run(run=self._class(what), reason="Bão", at=self.now)

    def put_off(self, person: User, what: int) -> None:
        run = self._class(what)
        day = TODAY + timedelta(days=what % 17 - 5)
        CourseRun.objects.filter(pk=run.pk).update(starts_on=day, ends_on=day + timedelta(days=2))

    def require(self, person: User, what: int) -> None:
        course, cadre = what % 2, CADRES[what % 3]
        asked = ProgrammeRequirement.objects.filter(
            programme=self.programme, course=self.courses[course], cadre=cadre
        )
        if not asked.exists():
            self._require(course, cadre)
        else:
            asked.delete()

    def change_map(self, person: User, what: int) -> None:
        take_effect(edition=self.next_edition, today=TODAY)

    # What they need

    def _require(self, course: int, cadre: Cadre) -> None:
        ProgrammeRequirement.objects.create(
            programme=self.programme, course=self.courses[course], cadre=cadre
        )

    def _run(self, number: int) -> CourseRun:
        """Some begin after today; two are planned yet."""
        day = TODAY + timedelta(days=(number - 3) * 8)
        is_open = number < 4
        run: CourseRun = CourseRunFactory(
            course=self.courses[number % 2],
            programme=self.programme,
            unit=unit(("350", "353")[number // 2 % 2]),
            starts_on=day,
            ends_on=day + timedelta(days=2),
            **({} if is_open else {"status": RunStatus.PLANNED, "edition": None}),
        )
        ask(run, lessons={"percent": 100})
        return run

    def _class(self, what: int) -> CourseRun:
        return CourseRun.objects.get(pk=self.runs[what % len(self.runs)].pk)

    def _places(self, person: User, what: int) -> Sequence[Enrolment]:
        places = list(person.enrolments.order_by("pk"))
        return places[what % len(places) :][:1] if places else []

    def _unit(self, what: int) -> AdministrativeUnit:
        is_next = self.next_edition.in_use_from is not None and what % 2
        code = PLACES[what % len(PLACES)]
        return unit(code, NEXT) if is_next else unit(code)


def _next_map() -> BoundaryEdition:
    """Quế goes to Lý Nhân whole, Nguyễn Úy is divided between two communes, all else stays."""
    edition = make_map(NEXT)
    went = {"13384": ["13591"], "13387": ["13384", "13387"]}
    for code in ("13384", "13387", "13591", "13588"):
        ends = went.get(code, [code])
        UnitSuccession.objects.bulk_create(
            UnitSuccession(
                from_unit=unit(code),
                to_unit=unit(end, NEXT),
                extent=Extent.PART if len(ends) > 1 else Extent.WHOLE,
            )
            for end in ends
        )
    record_areas()
    return edition


ACTS: tuple[Callable[[History, User, int], None], ...] = (
    History.take_post,
    History.move,
    History.move,
    History.leave,
    History.enrol,
    History.enrol,
    History.enrol,
    History.enrol,
    History.complete,
    History.complete,
    History.withdraw,
    History.correct,
    History.correct_sex,
    History.merge,
    History.undo_merge,
    History.issue,
    History.revoke,
    History.start,
    History.close,
    History.cancel,
    History.put_off,
    History.require,
    History.change_map,
)
