"""What a person has learned, and who may read it."""

from datetime import date

import pytest

from courses.domain.transcript import people_with_transcript, transcript_of
from courses.domain.transcript_paper import compose_transcript, render_transcript
from courses.enums import EnrolmentState, EnrolmentStatus, RunStatus
from courses.extensions import transcript_facts
from lms.accounts.enums import Role
from lms.accounts.models import User
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.courses import EVENING, EnrolmentFactory, ask, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import read_pdf


class Numbers:
    key, label, order = "so", "Số", 1

    def values(self, enrolments):
        return {enrolments[0].pk: "12/2014"} if enrolments else {}


@pytest.fixture
def facts(monkeypatch):
    """One column besides the quizzes."""
    monkeypatch.setattr(transcript_facts, "_entries", {Numbers.key: Numbers()})


def outcomes(person, reader=None):
    found = transcript_of(person=person, reader=reader or person)
    return [line.outcome for line in found.lines]


@pytest.mark.parametrize(
    ("status", "run_status", "said"),
    [
        (EnrolmentStatus.ACTIVE, RunStatus.OPEN, [EnrolmentState.LEARNING.label]),
        (EnrolmentStatus.ACTIVE, RunStatus.CLOSED, [EnrolmentState.NOT_COMPLETED.label]),
        (EnrolmentStatus.COMPLETED, RunStatus.CLOSED, ["Hoàn thành ngày 06/05/2014"]),
        (EnrolmentStatus.WITHDRAWN, RunStatus.OPEN, [EnrolmentState.WITHDRAWN.label]),
        (EnrolmentStatus.ACTIVE, RunStatus.CANCELLED, []),
    ],
)
def test_outcome_of_a_class_is_told_in_words(enrolment, run, status, run_status, said):
    done = EVENING if status == EnrolmentStatus.COMPLETED else None
    set_fields(enrolment, status=status, completed_at=done)
    set_fields(run, status=run_status)

    assert outcomes(enrolment.user) == said


def test_line_holds_the_quizzes_and_what_plug_ins_tell(enrolment, run, quiz, facts):
    ask(run, quizzes={"pass_percent": 70})
    found = transcript_of(person=enrolment.user, reader=enrolment.user)

    assert found.headings[1:] == ["Số"]
    assert [line.facts for line in found.lines] == [["0/1", "12/2014"]]


def test_reader_sees_the_classes_of_the_own_area_alone(enrolment, facts, run):
    elsewhere = make_run(make_course(code="khac"), unit("353"))
    guest = EnrolmentFactory(run=elsewhere, unit=unit("13591"), user=enrolment.user)
    coordinator = make_official(Role.COORDINATOR, "350")
    trainer = make_official(Role.TRAINER, "353")
    elsewhere.trainers.add(trainer)

    def seen(reader):
        found = transcript_of(person=enrolment.user, reader=reader)
        return [line.enrolment for line in found.lines], found.is_whole

    assert seen(coordinator) == ([enrolment], False)
    assert seen(trainer) == ([guest], False)
    assert seen(make_official(Role.MONITOR, "35"))[1] is True
    assert len(seen(enrolment.user)[0]) == 2


def test_transcript_is_for_the_person_and_for_who_may_see_the_person(enrolment, run):
    posted = PostingFactory(unit=unit("13384")).user
    stranger = PostingFactory(unit=unit("13591")).user
    people = User.objects.filter(pk__in=[enrolment.user.pk, posted.pk, stranger.pk])
    teaching = make_official(Role.TRAINER, "353")
    run.trainers.add(teaching)

    def reached(reader):
        return {*people_with_transcript(reader).filter(pk__in=people)}

    assert reached(enrolment.user) == {enrolment.user}
    assert reached(make_official(Role.COORDINATOR, "350")) == {enrolment.user, posted}
    assert reached(teaching) == {enrolment.user}
    assert reached(make_official(Role.REVIEWER, "35")) == set()


@pytest.mark.parametrize("classes", [0, 1, 30])
def test_paper_lists_every_class_with_its_head_on_each_page(
    run, classes, django_assert_max_num_queries
):
    name = "Công Tằng Tôn Nữ Thị Nguyễn Hoàng Phương Thảo Nguyên " * 2
    person = UserFactory(full_name=name.strip()[:150])
    for number in range(classes):
        other = run if number == 0 else make_run(run.course, unit("350"), code=f"L-{number}")
        EnrolmentFactory(run=other, unit=unit("13384"), user=person)

    with django_assert_max_num_queries(7):
        pdf, rows = render_transcript(person=person, reader=person, at=EVENING)
    text = read_pdf(pdf)

    assert rows == classes
    assert text.count("Hội trường huyện") == classes
    assert text.count("Khoá học, lớp") == (0 if not classes else text.count("Trang "))
    assert ("Chưa có lớp tập huấn nào" in text) is (classes == 0)


def test_control_characters_in_old_names_do_not_stop_the_paper(enrolment):
    set_fields(enrolment.user, full_name="Lê\x0bThị #Lạ [*_$")

    pdf, _rows = render_transcript(person=enrolment.user, reader=enrolment.user, at=EVENING)

    assert "#Lạ [*_$" in read_pdf(pdf)


@pytest.mark.parametrize(("last", "days"), [(6, "06/05/2014"), (7, "06/05/2014 – 07/05/2014")])
def test_paper_names_a_single_day_once(enrolment, run, last, days):
    set_fields(run, ends_on=date(2014, 5, last))

    paper = compose_transcript(person=enrolment.user, reader=enrolment.user, at=EVENING)

    assert [line["days"] for line in paper["lines"]] == [days]
