"""The rules by which hours count, as a coordinator sets them in the admin."""

import re

from django.urls import reverse

from attendance.domain.hours.rules import rules_of
from attendance.domain.register.sign_off import confirm_run, sign_run, sign_session
from attendance.enums import AttendanceStatus
from tests.factories.accounts import browse
from tests.factories.attendance import record_mark
from tests.factories.courses import ask
from tests.reading import html_of, numbers


def test_rule_that_completes_somebody_is_shown_before_it_is_in_force(
    run, person, session, as_coordinator, trainer
):
    ask(run, attendance_hours={"percent": 100})
    record_mark(
        session=session,
        enrolment=person,
        status=AttendanceStatus.LATE,
        minutes_late=10,
        by=trainer,
        at=session.ends_at,
    )
    url = reverse("runs:requirements", args=[run.pk])
    asked = {
        "ask-attendance_hours": "on",
        "attendance_hours-percent": 100,
        "attendance_hours-grace_minutes": 10,
        "attendance_hours-rounding": 1,
    }

    shown = as_coordinator.post(url, asked)
    assert shown.context["effect"].completing == [person.pk]
    assert rules_of(run).grace_minutes == 0

    seen = re.search(r'name="seen" value="(\w+)"', html_of(shown))[1]
    assert as_coordinator.post(url, asked | {"seen": seen}).status_code == 302
    assert rules_of(run).grace_minutes == 10
    person.refresh_from_db()
    assert person.completed_version == 2


def test_page_that_lay_open_does_not_undo_what_was_set_meanwhile(run, as_coordinator):
    ask(run, attendance_hours={"percent": 100})
    url = reverse("runs:requirements", args=[run.pk])
    asked = {"ask-attendance_hours": "on", "version": as_coordinator.get(url).context["version"]}
    milder = asked | {"attendance_hours-percent": 80}
    seen = re.search(r'name="seen" value="(\w+)"', html_of(as_coordinator.post(url, milder)))[1]
    as_coordinator.post(url, milder | {"seen": seen})

    stale = as_coordinator.post(url, asked | {"attendance_hours-percent": 100}, follow=True)

    assert stale.redirect_chain == [(url, 302)]
    assert [message.level_tag for message in stale.context["messages"]][-1] == "warning"
    assert run.requirements.latest("version").params == {"percent": 80}
    # The button pressed twice is no such page.
    assert as_coordinator.post(url, milder | {"seen": seen}).url != url


def test_class_shows_its_rules_in_words_and_none_that_it_does_not_set(run, coordinator):
    rules = {"percent": 80, "rounding": 15, "excuse_waives_hours": True}
    ask(run, attendance_hours=rules)
    page = browse(coordinator).get(reverse("runs:inspect", args=[run.pk]))

    [line] = page.context["requirements"]
    percent, rounding, _waives = [value for _label, value in line["params"]]
    assert (percent, numbers(str(rounding))) == (80, [15])


def test_class_that_was_confirmed_refuses_other_rules_beside_the_form(
    run, person, session, coordinator, trainer, as_coordinator
):
    ask(run, attendance_hours={"percent": 100})
    sign_session(session=session, by=trainer, at=session.ends_at, absent=[person.pk])
    sign_run(run=run, by=trainer, at=session.ends_at)
    confirm_run(run=run, by=coordinator, at=session.ends_at)
    url = reverse("runs:requirements", args=[run.pk])
    asked = {"ask-attendance_hours": "on", "attendance_hours-percent": 50}

    shown = html_of(as_coordinator.post(url, asked))
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    refused = as_coordinator.post(url, asked | {"seen": seen})

    assert refused.status_code == 200
    assert refused.context["form"].error
    assert run.requirements.latest("version").params == {"percent": 100}
