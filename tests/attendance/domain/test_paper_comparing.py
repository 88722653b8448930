"""What a sheet says is kept, and compared with the roll at any time."""

from datetime import timedelta

import pytest

from attendance.domain.paper.comparing import (
    PaperCount,
    keep_paper,
    paper_counts,
    paper_differences,
)
from attendance.domain.paper.typed_sheet import PaperMark
from attendance.domain.roll.undo import undo_own_marks
from attendance.domain.sessions.scheduling import remove_session
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, PaperLine
from lms.accounts.enums import Role
from tests.factories.attendance import IN_CLASS, enrol_many, entry, take_roll
from tests.refusing import raises_refusal
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus
SIGNED = PaperMark(PRESENT)
LATER = IN_CLASS + timedelta(minutes=5)


@shared
def people(run):
    return sorted(enrol_many(run, 3), key=lambda one: (one.user.sort_key, one.user.staff_code))


@pytest.fixture
def note(session, trainer):
    return lambda *entries: take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)


@pytest.fixture
def keep(session, trainer):
    return lambda said: keep_paper(session=session, said=said, by=trainer, at=LATER)


def differences(session, trainer):
    found = paper_differences(session=session, reader=trainer)
    return [(one.enrolment, one.is_open, bool(one.before), bool(one.now)) for one in found]


def test_open_lines_come_first_and_what_agrees_is_not_listed(session, trainer, people, note, keep):
    note(entry(people[0], ABSENT), entry(people[1], ABSENT), entry(people[2]))
    keep({one.pk: SIGNED for one in people})
    note(entry(people[0], reason="Có chữ ký"))

    assert differences(session, trainer) == [
        (people[1], True, True, True),
        (people[0], False, True, True),
    ]
    assert paper_counts(sessions=[session], reader=trainer) == {session.pk: PaperCount(3, 1)}


def test_line_of_whom_nothing_was_noted_is_no_difference_while_something_is(
    session, trainer, people, note, keep
):
    keep({people[0].pk: SIGNED})
    assert differences(session, trainer) == [(people[0], True, False, False)]

    noted = entry(people[0])
    note(noted)
    assert differences(session, trainer) == []

    undo_own_marks(session=session, client_ids=[noted.client_id], by=trainer, at=LATER)
    assert differences(session, trainer) == [(people[0], True, False, False)]


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        (PaperMark(LATE, 10), False),
        (PaperMark(LATE, 10, 20), False),
        (PaperMark(LATE, 10, 0), True),
        (PaperMark(LATE, 11), True),
        (SIGNED, True),
    ],
)
def test_what_the_sheet_does_not_say_is_not_compared(
    session, trainer, people, note, keep, said, differs
):
    note(entry(people[0], LATE, minutes_late=10, minutes_left_early=20))

    keep({people[0].pk: said})

    assert bool(differences(session, trainer)) == differs
    assert paper_counts(sessions=[session], reader=trainer)[session.pk].differing == differs


def test_last_reading_of_a_sheet_counts_and_the_same_is_kept_once(
    session, trainer, people, note, keep
):
    note(entry(people[0], ABSENT))
    for mark in (SIGNED, SIGNED, PaperMark(ABSENT)):
        keep({people[0].pk: mark})

    lines = PaperLine.objects.filter(enrolment=people[0])
    assert [line.status for line in lines] == [PRESENT, ABSENT]
    assert {line.mark_before for line in lines} == {AttendanceMark.objects.get()}
    assert differences(session, trainer) == []


def test_session_whose_sheet_was_typed_is_not_removed(session, trainer, people, keep):
    keep({people[0].pk: SIGNED})

    with raises_refusal("session_has_papers"):
        remove_session(session=session, by=trainer, at=LATER)


def test_people_of_other_areas_are_not_told(session, people, keep, other_trainer):
    keep({one.pk: SIGNED for one in people})

    assert paper_differences(session=session, reader=other_trainer) == []
    assert paper_counts(sessions=[session], reader=other_trainer) == {}


def test_costs_the_same_for_one_and_for_three(
    session, trainer, people, note, keep, django_assert_num_queries
):
    note(*(entry(one, ABSENT) for one in people))
    assert trainer.scope.has_role(Role.TRAINER)
    for chosen in (people[:1], people):
        with django_assert_num_queries(5):
            keep({one.pk: SIGNED for one in chosen})
        with django_assert_num_queries(3):
            paper_differences(session=session, reader=trainer)
