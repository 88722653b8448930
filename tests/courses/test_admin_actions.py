"""What is done to a class in the Wagtail admin: withdrawal, requirements."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects
from wagtail.models import ModelLogEntry

from courses.domain.runs import requirements_in_force
from courses.enums import EnrolmentStatus
from tests.factories.courses import EnrolmentFactory, ask, read_lessons
from tests.factories.geography import unit
from tests.reading import error_codes, html_of, numbers


def test_trainee_is_taken_off_with_a_reason(as_coordinator, run):
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    address = reverse("runs:withdraw", args=[run.pk, enrolment.pk])

    without = as_coordinator.post(address, {"reason": ""})
    as_coordinator.post(address, {"reason": "Chuyển công tác"})

    enrolment.refresh_from_db()
    assert error_codes(without.context["form"]) == {"reason": ["required"]}
    assert enrolment.status == EnrolmentStatus.WITHDRAWN


def test_trainee_who_completed_is_not_taken_off(as_coordinator, run):
    enrolment = EnrolmentFactory(
        run=run,
        unit=unit("13384"),
        status=EnrolmentStatus.COMPLETED,
        completed_at=timezone.now(),
    )
    address = reverse("runs:withdraw", args=[run.pk, enrolment.pk])

    response = as_coordinator.post(address, {"reason": "Nhầm"})

    assert error_codes(response.context["form"]) == {"__all__": ["enrolment_completed"]}


def test_class_that_somebody_completed_is_not_offered_to_be_cancelled(as_coordinator, run):
    address = reverse("runs:cancel", args=[run.pk])
    asked = as_coordinator.get(address)
    EnrolmentFactory(
        run=run,
        unit=unit("13384"),
        status=EnrolmentStatus.COMPLETED,
        completed_at=timezone.now(),
    )

    refused = as_coordinator.get(address)

    run.refresh_from_db()
    assert (asked.context["refusal"], run.cancelled_at) == ("", None)
    assert 'name="reason"' in html_of(asked)
    assert refused.context["refusal"]
    assert 'name="reason"' not in html_of(refused)


@pytest.mark.parametrize("method", ["get", "post"])
def test_trainee_from_elsewhere_is_not_found(as_coordinator, run, method):
    stranger = EnrolmentFactory(run=run, unit=unit("13591"), user__full_name="Lê Thị Lạ")
    address = reverse("runs:withdraw", args=[run.pk, stranger.pk])

    response = getattr(as_coordinator, method)(address, {"reason": "Nhầm"})

    assert response.status_code == 404
    assert "Lê Thị Lạ" not in html_of(response)


def set_on_the_page(client, run, **typed):
    """What is typed is looked at first, then sent again."""
    address, typed = reverse("runs:requirements", args=[run.pk]), {"ask-lessons": "on", **typed}
    seen = client.post(address, typed).context["seen"]
    return client.post(address, {**typed, "seen": seen}, follow=True)


def test_requirements_are_set_and_everybody_is_judged(as_coordinator, run, lessons):
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    read_lessons(enrolment, lessons[0])

    response = set_on_the_page(
        as_coordinator, run, **{"lessons-percent": "50", "quizzes-pass_percent": ""}
    )

    enrolment.refresh_from_db()
    rows = requirements_in_force(run=run)
    assert [(row.version, row.criterion, row.params) for row in rows] == [
        (2, "lessons", {"percent": 50})
    ]
    assert enrolment.status == EnrolmentStatus.COMPLETED
    [message] = response.context["messages"]
    assert numbers(str(message)) == [1, 0]


def test_requirements_set_while_the_page_lay_open_stay_and_are_shown(as_coordinator, run):
    address = reverse("runs:requirements", args=[run.pk])
    opened = {"version": as_coordinator.get(address).context["version"], "ask-lessons": "on"}
    seen = as_coordinator.post(address, opened | {"lessons-percent": "50"}).context["seen"]
    ask(run, lessons={"percent": 100})

    for more in ({}, {"seen": seen}):
        again = as_coordinator.post(address, opened | more | {"lessons-percent": "50"})
        assertRedirects(again, address, fetch_redirect_response=False)
    assert as_coordinator.get(address).context["form"].lines[0].params["percent"].value() == 100
    assert [row.params for row in requirements_in_force(run=run)] == [{"percent": 100}]


@pytest.mark.parametrize(
    "typed", [{}, {"ask-lessons": "on", "lessons-percent": "101"}], ids=["nothing", "too much"]
)
def test_requirements_that_make_no_sense_are_refused(as_coordinator, run, typed):
    ask(run, lessons={"percent": 100})

    response = as_coordinator.post(
        reverse("runs:requirements", args=[run.pk]), {"submitted": "1", **typed}
    )

    assert response.status_code == 200
    assert [row.version for row in requirements_in_force(run=run)] == [1]


def test_log_tells_what_was_set_and_why_somebody_left(as_coordinator, run):
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    set_on_the_page(as_coordinator, run, **{"lessons-percent": "50"})
    as_coordinator.post(
        reverse("runs:withdraw", args=[run.pk, enrolment.pk]), {"reason": "Chuyển công tác"}
    )

    history = html_of(as_coordinator.get(reverse("runs:history", args=[run.pk])))
    [entry] = ModelLogEntry.objects.filter(action="courses.withdraw")

    [set_] = ModelLogEntry.objects.filter(action="courses.set_requirements")
    assert numbers(str(set_.message)) == [1]
    assert str(set_.message) in history
    assert str(entry.message).endswith(": Chuyển công tác")
