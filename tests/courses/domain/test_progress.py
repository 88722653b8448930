"""What is kept of many people is written in one query, whether they lack the same or not."""

import pytest

from courses.domain.progress import Progress, facts_of, kept_progress, store_progress
from courses.models import CompletionRequirement
from tests.factories.courses import EnrolmentFactory
from tests.factories.geography import unit
from tests.shared import shared

SIZE = 20
ABSENT = {"subject": "Buổi 1: “Quyền”", "at": "2014-05-06T01:00:00+00:00", "why": "missed"}


@shared
def requirement(run):
    return CompletionRequirement.objects.create(
        run=run, version=1, criterion="lessons", params={"percent": 100}
    )


@shared
def people(run):
    return EnrolmentFactory.create_batch(SIZE, run=run, unit=unit("13387"), is_noted=False)


@shared
def stored(people, requirement):
    store_progress(rows=[row(one, requirement, 0) for one in people], stored={})
    return kept(people)


def row(one, requirement, achieved, details=()):
    return Progress(
        one.pk, "lessons", requirement.pk, achieved, 99, met=False, details=list(details)
    )


def kept(people):
    return kept_progress(enrolment_ids=[one.pk for one in people])


@pytest.mark.parametrize("kinds", [1, 3, SIZE])
def test_what_differs_is_written_in_one_query(
    people, requirement, stored, kinds, django_assert_num_queries
):
    rows = [
        row(one, requirement, 1 + place % kinds, [ABSENT] * (place % kinds))
        for place, one in enumerate(people)
    ]
    with django_assert_num_queries(1):
        store_progress(rows=rows, stored=stored)
    wanted = {(one.enrolment_id, one.criterion): one for one in rows}
    assert facts_of(kept(people)) == facts_of(wanted)
    with django_assert_num_queries(0):
        store_progress(rows=rows, stored=wanted)


def test_rows_that_are_missing_are_added_with_the_others(people, requirement, stored):
    known = {key: one for key, one in stored.items() if key[0] != people[0].pk}
    rows = [row(one, requirement, 7) for one in people]
    store_progress(rows=rows, stored=known)
    assert {one.achieved for one in kept(people).values()} == {7}
