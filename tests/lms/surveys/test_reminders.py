"""Whoever has not given an opinion is asked once more, when a rule says so."""

from datetime import date, datetime, timedelta

from courses.enums import EnrolmentStatus
from lms.surveys.models import SurveyReceipt
from lms.surveys.reminders import SurveyOpen
from tests.factories.attendance import enrol_many, make_class
from tests.factories.courses import HANOI
from tests.factories.rows import set_fields
from tests.reminding import planned, said
from tests.shared import shared

DUE = datetime(2014, 5, 8, 8, tzinfo=HANOI)
DAY = timedelta(days=1)


@shared
def people(edition):
    """Three of a class that ends on 7 May 2014; one has answered, one has withdrawn."""
    found = enrol_many(make_class(ends_on=date(2014, 5, 7)), 3)
    SurveyReceipt.objects.create(enrolment=found[1])
    set_fields(found[2], status=EnrolmentStatus.WITHDRAWN)
    return found


def test_asked_are_those_who_have_not_answered_from_the_next_day_on(people):
    (item,) = planned(SurveyOpen(), DUE - 3 * DAY)

    assert (item.user_id, item.due_at) == (people[0].user_id, DUE)
    assert item.expires_at == datetime(2014, 6, 7, 0, tzinfo=HANOI)
    assert planned(SurveyOpen(), DUE + 40 * DAY) == []
    assert planned(SurveyOpen(), DUE, lead_minutes=60 * 24 * 60) == []


def test_moot_once_answered_or_no_longer_asked(people):
    items = planned(SurveyOpen(), DUE)
    assert said(SurveyOpen(), items, DUE).keys() == {people[0].user_id}
    assert said(SurveyOpen(), items, DUE - 5 * DAY) == {}

    SurveyReceipt.objects.create(enrolment=people[0])
    assert said(SurveyOpen(), items, DUE) == {}
