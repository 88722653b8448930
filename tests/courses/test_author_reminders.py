"""Each week authors hear how many questions most people get wrong."""

from datetime import timedelta

from courses.author_reminders import QuestionsToLookAt
from courses.domain.reviewing import FEWEST_ANSWERS
from courses.models import Question
from lms.accounts.models import RoleAssignment
from tests.courses.domain.test_reviewing import AT, answered
from tests.reminding import planned, said

KIND = QuestionsToLookAt()
MONDAY = AT - timedelta(days=AT.weekday(), hours=1)


def test_authors_hear_how_many_questions_most_people_get_wrong(run, people, trainer, make_official):
    run.trainers.add(trainer)
    question = Question.objects.order_by("key").first()
    other = make_official("coordinator", "350")
    items = planned(KIND, MONDAY)

    assert trainer.pk in {one.user_id for one in items}
    assert other.pk not in {one.user_id for one in items}
    assert said(KIND, items, MONDAY) == {}

    answered(question, run, *[False] * FEWEST_ANSWERS)
    message = said(KIND, items, MONDAY)[trainer.pk]
    assert (message.values["count"], message.values["poor"]) == ("1", "1")

    RoleAssignment.objects.all().delete()
    assert said(KIND, items, MONDAY) == {}
