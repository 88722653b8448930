"""Whom a course concerns that a programme asks for."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db.models import Count

from courses.models import Programme
from lms.accounts.models import User
from lms.reporting.domain.queries import enrolled_people, posted_people


def people_by_cadre(
    *, programme: Programme, cadres: Collection[str], on: date, reader: User
) -> Counter[str]:
    """Return how many people the programme counts in each of these cadres, if it trains them all.

    Two queries. A person is counted once, as in the report.
    """
    found: Counter[str] = Counter()
    enrolled = enrolled_people(programme=programme, cadres=cadres, reader=reader)
    posted = posted_people(programme=programme, cadres=cadres, on=on, reader=reader)
    for people in (enrolled, posted):
        found.update(dict(people.order_by().values_list("cadre").annotate(Count("pk"))))
    return found
