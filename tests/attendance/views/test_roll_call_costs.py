"""The roll of a hundred costs as many queries as the roll of one."""

from uuid import uuid4

import pytest
from django.urls import reverse

from attendance.enums import AttendanceStatus
from attendance.models import AttendanceRecord
from tests.factories.attendance import (
    enrol_many,
)

PRESENT = AttendanceStatus.PRESENT.value


@pytest.fixture
def url(session):
    return reverse("attendance:roll_call", args=[session.pk])


@pytest.fixture
def warm_client(as_trainer, run, session):
    """Logged in, templates and content types looked up once."""
    as_trainer.get(reverse("attendance:roll_call", args=[session.pk]))
    return as_trainer


def test_line_of_a_person_is_short_enough_for_a_phone(warm_client, run, url):
    sizes = []
    for _ in range(2):
        enrol_many(run, 50)
        sizes.append(len(warm_client.get(url).content))
    # Unpacked; a label and an icon for each status took twice as much.
    assert (sizes[1] - sizes[0]) / 50 < 1000


@pytest.mark.parametrize("count", [1, 100])
def test_page_and_save_cost_the_same_queries_for_any_number(
    warm_client, run, url, django_assert_num_queries, count
):
    people = enrol_many(run, count)
    # Log-in (2), the session, the last mark, the roll, the roles for the bar, those noted
    # by name alone.
    with django_assert_num_queries(7):
        assert warm_client.get(url).status_code == 200
    data = {f"status-{person.pk}": PRESENT for person in people}
    with django_assert_num_queries(18):
        response = warm_client.post(url, {**data, "token": str(uuid4()), "seen": "0"})
    assert response.status_code == 302
    assert AttendanceRecord.objects.count() == count
