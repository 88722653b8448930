"""Two districts: what Lý Nhân (353) has must never reach Kim Bảng (350)."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.log_actions import log
from wagtail.models import Page

from attendance.domain.paper.comparing import keep_paper
from attendance.domain.paper.typed_sheet import PaperMark
from attendance.domain.register.sign_off import sign_session
from attendance.domain.sessions.feeds import make_feed
from attendance.domain.walk_ins.unmatched import note_unmatched
from attendance.enums import AttendanceStatus
from attendance.models import (
    CalendarFeed,
    Excuse,
    LateMark,
    MakeUp,
    Session,
    SignedPaper,
    UnmatchedWalkIn,
)
from certificates.models import Certificate, CertificateTemplate
from courses.models import CourseDocument as Document
from courses.models import CourseImage as Image
from courses.models import (
    CourseRun,
    Enrolment,
    LessonPage,
    Programme,
    Question,
    QuestionCase,
    Quiz,
    QuizAttempt,
)
from lms.accounts.enums import Cadre, CorrectionItem, Role
from lms.accounts.merging.domain.merge import merge
from lms.accounts.models import Consent, CorrectionRequest, Merge, RoleAssignment, User
from lms.accounts.register.domain.roles import assign_role, ensure_role_groups
from lms.announcements.models import Announcement
from lms.core.text import slug
from lms.geography.models import AdministrativeUnit
from lms.importing.models import ImportBatch
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.models import DayOff, DeadAddress, Notice, PushDevice, Reminder, ReminderRule
from lms.reporting.models import CoverageTarget, ReportSchedule, ReportSnapshot
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, entry, take_roll
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_quiz, make_run
from tests.factories.geography import unit
from tests.factories.importing import rehearsed, sheet
from tests.factories.notifications import (
    DeadAddressFactory,
    NoticeFactory,
    PushDeviceFactory,
    ReminderFactory,
)

# One word in what any search finds: each list is searched once.
NAME = "Lê Thị Lạ Kín"
CODE = "LN99999"
PHONE = "+84987654321"
RUN_TITLE = "Lớp kín Lý Nhân"
SESSION_TITLE = "Buổi kín Lý Nhân"
REASON = "Lý do kín Lý Nhân"
# As it is stored, as it is written on a page, as it is dialled.
PHONES = (PHONE, "0987 654 321", "0987654321")
# Of a record that was closed, and of one that looks like the same person.
CLOSED, TWIN = "LN88888", "LN77777"
# A core child of Lý Nhân, and who consented.
CHILD, CHILD_CODE, GUARDIAN = "Lê Bé Kín", "LN-TE-01", "Lê Thị Giám Hộ"
TEXTS = (
    *(NAME, CODE, CLOSED, TWIN, CHILD, CHILD_CODE, GUARDIAN),
    *(RUN_TITLE, "LN-KIN-01", "Nhà văn hoá kín", SESSION_TITLE, REASON),
)


@dataclass
class Scenario:
    """`rows`: the row of Lý Nhân of each model. `common`: what belongs to the whole province."""

    rows: dict[type[models.Model], Any]
    common: dict[type[models.Model], Any]
    twin: User
    enrolment: Enrolment
    session: Session
    signed_session: Session
    attempt: QuizAttempt
    image: Image
    document: Document
    task_state: Any
    workflow: Any
    secrets: dict[str, tuple[str, ...]]

    @property
    def person(self) -> User:
        person: User = self.rows[User]
        return person

    @property
    def unit(self) -> AdministrativeUnit:
        found: AdministrativeUnit = self.rows[AdministrativeUnit]
        return found

    @property
    def certificate(self) -> Certificate:
        found: Certificate = self.rows[Certificate]
        return found

    @property
    def common_page(self) -> LessonPage:
        page: LessonPage = self.common[Page]
        return page

    @property
    def import_row(self) -> Any:
        return self.rows[ImportBatch].rows.first()

    def told_by(self, text: str) -> list[str]:
        """The secrets of Lý Nhân that this text gives away."""
        return [
            secret for secret, forms in self.secrets.items() if any(form in text for form in forms)
        ]

    def state(self) -> list[Any]:
        """All of Lý Nhân that somebody of Kim Bảng could change."""
        found = []
        with connection.cursor() as cursor:
            for question in self._questions:
                cursor.execute(*question)
                found.append(cursor.fetchall())
        return found

    @cached_property
    def _questions(self) -> list[tuple[str, Any]]:
        """What `state` asks after each form that wrote, put into SQL once."""
        run = self.rows[CourseRun]
        related = (run.enrolments, run.sessions, run.requirements, self.session.marks)
        asked = [type(row)._default_manager.filter(pk=row.pk) for row in self.rows.values()]
        asked += [manager.order_by("pk") for manager in related]
        return [one.values().query.sql_with_params() for one in asked]


def make_scenario() -> Scenario:
    course = make_course()
    ensure_role_groups(course_root=course.get_parent())
    quiz = make_quiz(course.get_children().first().specific)
    CertificateTemplateFactory()
    _make_kim_bang(course)
    person, twin, merged = _make_people()
    session, enrolment, certificate = _make_class(course, person)
    signed, late = _make_signed_session(session.run, enrolment)
    lesson = LessonPage.objects.first()
    lesson.save_revision()
    workflow_state = lesson.get_workflow().start(lesson, UserFactory(full_name="Người soạn bài"))
    attempt = QuizAttempt.objects.create(
        enrolment=enrolment, quiz=quiz, number=1, started_at=IN_CLASS
    )
    return Scenario(
        rows=_rows(person)
        | {Merge: merged, CourseRun: session.run, Certificate: certificate}
        | {Excuse: _make_excuse(session, enrolment), LateMark: late}
        | {
            UnmatchedWalkIn: note_unmatched(
                session=session, name=NAME, client_id=uuid4(), by=person, at=IN_CLASS
            )
        }
        | {CalendarFeed: make_feed(user=person, run=session.run, now=timezone.now())}
        | {SignedPaper: _make_paper(session, person), MakeUp: _make_make_up(session, enrolment)},
        common=_common(lesson),
        twin=twin,
        enrolment=enrolment,
        session=session,
        signed_session=signed,
        attempt=attempt,
        image=Image.objects.create(title="Ảnh bài học", file=get_test_image_file()),
        document=Document.objects.create(
            title="Tài liệu bài học", file=ContentFile(b"%PDF-1.4", name="bai-hoc.pdf")
        ),
        task_state=workflow_state.current_task_state,
        workflow=workflow_state.workflow,
        secrets=_secrets(certificate),
    )


def _make_people() -> tuple[User, User, Merge]:
    """The person of Lý Nhân, a suspected twin, and a record that was merged into the person's."""
    person = PostingFactory(
        unit=unit("13591"),
        user__full_name=NAME,
        user__staff_code=CODE,
        user__phone=PHONE,
        user__email="nguoi.la@example.vn",
    ).user
    closed, twin = (
        PostingFactory(unit=unit("13591"), user__full_name=NAME, user__staff_code=code).user
        for code in (CLOSED, TWIN)
    )
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")
    return person, twin, merge(keep=person, close=closed, by=root, at=timezone.now())


def _make_child() -> Consent:
    """A core child with a post in Lý Nhân, and the guardian's consent."""
    posting = PostingFactory(
        unit=unit("13591"),
        cadre=Cadre.CORE_CHILD,
        user__full_name=CHILD,
        user__staff_code=CHILD_CODE,
        consent__guardian=GUARDIAN,
    )
    consent: Consent = posting.consent
    return consent


def _make_class(course: Any, person: User) -> tuple[Session, Enrolment, Certificate]:
    """A class held by Lý Nhân, with a roll, a completion and a certificate with its file."""
    run = make_run(course, unit("353"), title=RUN_TITLE, code="LN-KIN-01", place="Nhà văn hoá kín")
    session = SessionFactory(run=run, title=SESSION_TITLE)
    enrolment = completed(run, unit("13591"), user=person)
    mark = entry(enrolment, "absent", reason=REASON)
    take_roll(session=session, entries=[mark], by=person, at=IN_CLASS)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        status="completed", completed_at=enrolment.completed_at
    )
    certificate = issued(enrolment)
    certificate.file.save("giay.pdf", ContentFile(b"%PDF-1.4 " + NAME.encode()), save=False)
    Certificate.objects.filter(pk=certificate.pk).update(
        file=certificate.file.name, sha256="0" * 64
    )
    log(instance=run, action="wagtail.edit", user=person)
    return session, enrolment, certificate


def _make_signed_session(run: CourseRun, enrolment: Enrolment) -> tuple[Session, LateMark]:
    """A session whose register was signed, and a mark that came after it."""
    session = SessionFactory(run=run, title=SESSION_TITLE, starts_at=IN_CLASS + timedelta(days=1))
    call = {"session": session, "by": enrolment.user, "at": session.ends_at}
    take_roll(entries=[entry(enrolment)], **call)
    sign_session(**call)
    take_roll(entries=[entry(enrolment, "late", minutes_late=5, reason=REASON)], **call)
    return session, LateMark.objects.get()


def _make_excuse(session: Session, enrolment: Enrolment) -> Excuse:
    """A request with its paper, which nobody has decided."""
    return Excuse.objects.create(
        session=session,
        enrolment=enrolment,
        reason=REASON,
        asked_at=IN_CLASS,
        paper=ContentFile(b"%PDF-1.4 " + NAME.encode(), name="don.pdf"),
    )


def _make_make_up(session: Session, enrolment: Enrolment) -> MakeUp:
    """What was agreed in another class of Lý Nhân and taken back for a reason."""
    host = make_run(session.run.course, unit("353"), title=RUN_TITLE, code="LN-KIN-02")
    return MakeUp.objects.create(
        enrolment=enrolment,
        missed_session=session,
        session=SessionFactory(run=host, title=SESSION_TITLE),
        agreed_by=enrolment.user,
        agreed_at=IN_CLASS,
        taken_back_by=enrolment.user,
        taken_back_at=IN_CLASS,
        reason=REASON,
    )


def _make_paper(session: Session, person: User) -> SignedPaper:
    """A page with the name of whoever signed it, and a line that differs from the roll."""
    someone = session.run.enrolments.get()
    keep_paper(
        session=session,
        said={someone.pk: PaperMark(AttendanceStatus.LATE, 5)},
        by=person,
        at=IN_CLASS,
    )
    return SignedPaper.objects.create(
        session=session,
        page=1,
        digest="0" * 64,
        attached_by=person,
        attached_at=IN_CLASS,
        file=ContentFile(b"%PDF-1.4 " + NAME.encode(), name="phieu.pdf"),
    )


def _rows(person: User) -> dict[type[models.Model], Any]:
    """The person of Lý Nhân and what hangs on the person alone."""
    name = f"{RUN_TITLE}.csv"
    file = sheet((CODE, NAME, "1980", "Nữ", "", "Đức Lý", "CTV"), name=name)
    return {
        User: person,
        AdministrativeUnit: unit("13591"),
        # No trainer: whoever plans a class may choose one from the whole province.
        Consent: _make_child(),
        RoleAssignment: assign_role(user=person, role=Role.COORDINATOR, unit=unit("353")),
        Announcement: Announcement.objects.create(
            author=person,
            token=uuid4(),
            audience="tests.none",
            group=RUN_TITLE,
            subject=REASON,
            text=REASON,
            unit=unit("13591"),
            written_at=IN_CLASS,
            send_at=IN_CLASS,
        ),
        Reminder: (reminder := ReminderFactory(user=person)),
        Notice: NoticeFactory(reminder=reminder, subject=f"{NAME} {REASON}"),
        PushDevice: PushDeviceFactory(user=person),
        DeadAddress: DeadAddressFactory(user=person, address="+84912345678"),
        CorrectionRequest: CorrectionRequest.objects.create(
            user=person, item=CorrectionItem.FULL_NAME, wanted=f"{NAME} Hoa", reason=REASON
        ),
        ImportBatch: rehearsed(file, by=person),
        CoverageTarget: CoverageTarget.objects.create(
            programme=Programme.objects.first(), unit=unit("13591"), people=2, percent=80
        ),
        ReportSnapshot: _frozen_report(person),
        ReportSchedule: _schedule(person),
    }


def _schedule(person: User) -> ReportSchedule:
    """Its recipients are named where it is changed."""
    schedule = ReportSchedule.objects.create(
        programme=Programme.objects.first(), unit=unit("353"), kind="month"
    )
    schedule.recipients.add(person)
    return schedule


def _frozen_report(person: User) -> ReportSnapshot:
    """A draft of Lý Nhân; its title names whom nobody else may see."""
    row = {"key": "13591", "label": NAME, "people": 9, "completed": 9, "district": ""}
    row |= {"no_class": 0, "to_come": 0, "learning": 0, "not_completed": 0}
    row |= {"communes": 0, "communes_reached": 0, "communes_done": 0}
    office = {"parent": "UBND", "name": NAME, "code": "LN", "place": "Lý Nhân"}
    office |= {"signer_position": "Trưởng phòng", "signer_name": "", "recipients": "Lưu: VT."}
    facts = {"rows": [row], "places": [], "cadres": [], "total": row, "hidden": []}
    facts |= {"title": f"Kết quả, {NAME}", "period": "tháng 5 năm 2014", "office": office}
    facts |= {"edition": {"title": "", "legal_basis": ""}, "completed_in_period": 9, "notes": []}
    facts |= {"requirements": [], "targets": [], "definitions": [], "is_sample": True}
    return ReportSnapshot.objects.create(
        programme=Programme.objects.first(),
        unit=unit("353"),
        edition=unit("353").edition,
        kind="month",
        starts_on=date(2014, 5, 1),
        ends_on=date(2014, 5, 31),
        facts=facts | {"smallest_shown": 5},
        prepared_by=person,
        prepared_at=IN_CLASS,
    )


def _common(lesson: LessonPage) -> dict[type[models.Model], Any]:
    QuestionCase.objects.create(title="Nhà bên sông", text="Một em …")
    Question.objects.first().save_revision(changed=False)
    DayOff.objects.create(day=date(2014, 9, 2), name="Quốc khánh")
    models_of_one = (
        *(Programme, Question, QuestionCase, Quiz),
        *(ReminderRule, DayOff, CertificateTemplate, Group),
    )
    return {model: model._default_manager.first() for model in models_of_one} | {Page: lesson}


def _make_kim_bang(course: Any) -> None:
    """The lists of Kim Bảng are not empty: what a join lets through has a row to stand on."""
    run = make_run(course, unit("350"), title="Lớp Kim Bảng")
    person = PostingFactory(unit=unit("13387"), user__full_name="Trần Văn Nhà").user
    issued(completed(run, unit("13387"), user=person))
    SessionFactory(run=run)
    ReminderFactory(user=person)
    soon = timezone.now() + timedelta(days=1)
    ReminderFactory(user=person, state=ReminderState.UNREACHABLE, way=PEOPLE, expires_at=soon)


def _secrets(certificate: Certificate) -> dict[str, tuple[str, ...]]:
    """Each secret with the forms that an answer may give it: HTML, JSON, address, file name."""
    forms = {text: (text, json.dumps(text)[1:-1], quote(text), slug(text)) for text in TEXTS}
    exact = (certificate.serial, certificate.code, "nguoi.la@example.vn")
    return forms | {PHONE: PHONES} | {text: (text,) for text in exact}
