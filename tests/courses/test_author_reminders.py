"""Each week authors hear how many questions most people get wrong."""

from datetime import timedelta

import pytest

from courses.author_reminders import QuestionsToLookAt
from courses.domain.reviewing import FEWEST_ANSWERS
from courses.models import Question
from lms.accounts.models import RoleAssignment
from tests.courses.domain.test_reviewing import AT, answered
from tests.reminding import planned, said

KIND = QuestionsToLookAt()
MONDAY = AT - timedelta(days=AT.weekday(), hours=1)


@pytest.mark.parametrize("more", [0, 2])
def test_authors_hear_how_many_questions_most_people_get_wrong(
    run, people, trainer, make_official, more, django_assert_num_queries
):
    question = Question.objects.order_by("key").first()
    other = make_official("coordinator", "350")
    authors = [trainer, *(make_official("trainer", "350") for _ in range(more))]
    run.trainers.add(*authors)
    items = planned(KIND, MONDAY)

    assert trainer.pk in {one.user_id for one in items}
    assert other.pk not in {one.user_id for one in items}
    assert said(KIND, items, MONDAY) == {}

    answered(question, run, *[False] * FEWEST_ANSWERS)
    # People (of the helper), their scopes and what they hold, questions to complete, answers.
    with django_assert_num_queries(1 + 3):
        messages = said(KIND, items, MONDAY)
    assert set(messages) == {one.pk for one in authors}
    told = messages[trainer.pk].values
    assert (told["count"], told["poor"]) == ("1", "1")

    RoleAssignment.objects.all().delete()
    assert said(KIND, items, MONDAY) == {}
