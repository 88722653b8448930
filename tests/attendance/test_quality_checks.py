"""Rolls that nobody has finished or signed, as the page of data quality tells them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from attendance.quality_checks import RollNotSigned, RollNotTaken
from tests.factories.attendance import enrol_many, entry, take_roll
from tests.quality import told_by

pytestmark = pytest.mark.usefixtures("edition")


@pytest.fixture(autouse=True)
def people(run):
    return enrol_many(run, 2)


def test_rolls_are_told_to_the_area_that_holds_the_class(
    session, trainer, coordinator, monitor, make_official
):
    now = session.ends_at + timedelta(days=1)
    elsewhere = make_official("coordinator", "353")
    for check, page in ((RollNotTaken(), "roll_call"), (RollNotSigned(), "session_sign")):
        (line,) = told_by(check, coordinator, at=now)
        assert line.mend_url == reverse(f"attendance:{page}", args=(session.pk,))
        assert trainer.full_name in line.note
        (seen,) = told_by(check, monitor, at=now)
        assert seen.mend_url == ""
        assert told_by(check, elsewhere, at=now) == []


def test_class_without_a_trainer_says_so(session, coordinator):
    (line,) = told_by(RollNotSigned(), coordinator, at=session.ends_at)

    assert line.note.count(";") == 1


def test_taken_roll_is_told_no_more(session, coordinator):
    now = session.ends_at + timedelta(days=1)
    everybody = [entry(one) for one in session.run.enrolments.all()]
    take_roll(session=session, entries=everybody, by=coordinator, at=session.ends_at)

    assert told_by(RollNotTaken(), coordinator, at=now) == []
    assert len(told_by(RollNotSigned(), coordinator, at=now)) == 1
