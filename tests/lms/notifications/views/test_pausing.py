"""The page of the pause, what the front page says of it, and the list of days off."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from lms.notifications.domain.pausing import current_pause
from lms.notifications.models import DayOff
from tests.reading import html_of


def pause(client, **fields):
    until = timezone.localtime() + timedelta(hours=2)
    data = {"until": until.strftime("%d/%m/%Y %H:%M"), "reason": "Sai lời nhắc"} | fields
    return client.post(reverse("reminder_rules:pause"), data, follow=True)


def test_pause_is_begun_told_on_front_pages_and_ended(as_monitor, as_coordinator):
    assert pause(as_monitor).status_code == 200
    assert current_pause(now=timezone.now()).reason == "Sai lời nhắc"
    home = html_of(as_coordinator.get(reverse("wagtailadmin_home")))
    assert "Sai lời nhắc" in home

    assert as_monitor.get(reverse("reminder_rules:pause")).context["pause"]
    pause(as_monitor, resume="1")
    assert current_pause(now=timezone.now()) is None


def test_pause_without_a_reason_is_not_begun(as_monitor):
    assert pause(as_monitor, reason="").context["form"].errors.keys() == {"reason"}
    assert current_pause(now=timezone.now()) is None


def test_coordinator_does_not_pause_the_province(as_coordinator):
    pause(as_coordinator)

    assert current_pause(now=timezone.now()) is None
    page = html_of(as_coordinator.get(reverse("reminder_rules:index")))
    assert reverse("reminder_rules:pause") not in page


def test_days_off_and_saturdays_that_are_worked_are_typed_in_and_removed(
    as_monitor, as_coordinator
):
    as_monitor.post(reverse("days_off:add"), {"day": "03/09/2026", "name": "Quốc khánh"})
    row = DayOff.objects.get()
    assert (str(row.day), row.by_law) == ("2026-09-03", False)
    assert "Quốc khánh" in html_of(as_monitor.get(reverse("days_off:index")))

    assert as_coordinator.get(reverse("days_off:index")).status_code == 302
    as_monitor.post(reverse("days_off:delete", args=[row.pk]))
    assert not DayOff.objects.exists()
    fields = {"day": "05/09/2026", "name": "Làm bù 01/09", "is_working_day": "on"}
    as_monitor.post(reverse("days_off:add"), fields)
    row = DayOff.objects.get()
    assert row.is_working_day
    assert row.effect in html_of(as_monitor.get(reverse("days_off:index")))
