from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.messaging.enums import Outcome
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.labels import next_step, time_label, way_label
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import browse, make_official
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.factories.rows import set_fields
from tests.lms.notifications.views.conftest import reminder_to
from tests.reading import html_of, levels_of
from tests.shared import shared

pytestmark = pytest.mark.usefixtures("kind")
INDEX = "reminders:index"
# The rows without the frame of the admin.
ROWS = "reminders:index_results"
# Browser session, person, rights (2), Wagtail profile, roles, classes to choose from, count, rows.
QUERIES = 9
EARLY, LATE = (datetime(2026, 5, day, 1, 0, tzinfo=UTC) for day in (6, 9))


def page_of(client, name=INDEX, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response


def listed(client, **query):
    """To whom the reminders in the list are."""
    rows = page_of(client, ROWS, **query).context["object_list"]
    return {row.user.full_name for row in rows}


def failed(code="13384", name="Lê Thị Mẫu", **fields):
    reminder = reminder_to(code, name, state=ReminderState.FAILED, attempts=1, **fields)
    DeliveryAttempt.objects.create(
        reminder=reminder,
        channel="email",
        started_at=datetime(2026, 5, 6, 1, 30, tzinfo=UTC),
        finished_at=datetime(2026, 5, 6, 1, 30, tzinfo=UTC),
        outcome=Outcome.REFUSED,
        detail="550 no such mailbox",
    )
    return reminder


@shared
def some(edition):
    """Reminders to three of the district, and to one of another."""
    reminder_to("13384", "Trần Văn Đức", due_at=EARLY, state=ReminderState.FAILED, run_number=7)
    reminder_to("13384", "Lê Thị Ngờ", due_at=LATE, state=ReminderState.UNCERTAIN, way=PEOPLE)
    gone = ReminderRuleFactory(kind="gone.note")
    reminder_to("13384", "Lê Thị Khác", rule=gone, run_number=8, run_title="Lớp B")
    reminder_to("13591", "Lê Thị Xa", run_number=9, run_title="Lớp của huyện khác")


# --- The list ------------------------------------------------------------------


@pytest.mark.usefixtures("some")
def test_list_of_the_own_district_is_narrowed_by_what_each_reminder_is(as_coordinator):
    found = listed(as_coordinator)
    assert found == {"Trần Văn Đức", "Lê Thị Ngờ", "Lê Thị Khác"}
    assert listed(as_coordinator, state=["failed", "uncertain"]) == found - {"Lê Thị Khác"}
    days = {"due_at_from": "08/05/2026", "due_at_to": "09/05/2026"}
    assert listed(as_coordinator, **days) == {"Lê Thị Ngờ"}
    assert listed(as_coordinator, state="planned", kind="tests.note") == set()
    assert listed(as_coordinator, q="duc") == {"Trần Văn Đức"}
    assert listed(as_coordinator, run_number=8) == {"Lê Thị Khác"}
    assert listed(as_coordinator, way=PEOPLE) == {"Lê Thị Ngờ"}
    # Nothing of another district, not even among the choices.
    page = html_of(page_of(as_coordinator))
    assert "Lớp B" in page
    assert way_label(PEOPLE) in page
    assert "Lớp của huyện khác" not in page


@pytest.mark.usefixtures("some")
def test_list_is_narrowed_by_district():
    administrator = browse(make_official(Role.ADMINISTRATOR, "35"))

    assert listed(administrator, district=unit("353").pk) == {"Lê Thị Xa"}
    assert len(listed(administrator, district=unit("350").pk)) == 3


def test_list_shows_kind_state_times_and_what_to_do_or_offers_to_send_again(as_coordinator, kind):
    now = timezone.now()
    states = (ReminderState.FAILED, ReminderState.UNCERTAIN, ReminderState.UNREACHABLE)
    again = {reminder_to("13384", "Lê Thị Mẫu", state=state, due_at=EARLY) for state in states}
    late = failed(due_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    sent = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.SENT)
    set_fields(sent, state_since=LATE)

    page = html_of(page_of(as_coordinator))

    assert kind.label in page
    for reminder in (*again, sent):
        assert reminder.get_state_display() in page
        # Of what was sent nothing is asked.
        assert (next_step(reminder) in page) is (reminder.state in states)
    assert time_label(EARLY) in page
    assert time_label(LATE) in page
    # Neither what would come too late nor what was sent is offered, nor what has no way to go.
    addresses = {
        reverse("reminders:send_again", args=[one.pk]): one for one in (*again, late, sent)
    }
    offered = {one for address, one in addresses.items() if address in page}
    assert offered == {one for one in again if one.state != ReminderState.UNREACHABLE}


def test_list_is_closed_to_those_who_oversee_nothing(as_trainer):
    assert as_trainer.get(reverse(INDEX)).status_code == 302


def test_list_query_count(as_coordinator, django_assert_num_queries):
    failed()
    page_of(as_coordinator, ROWS)
    with django_assert_num_queries(QUERIES):
        page_of(as_coordinator, ROWS)
    failed(name="Lê Thị Hai")
    failed(name="Lê Thị Ba")
    with django_assert_num_queries(QUERIES):
        assert len(page_of(as_coordinator, ROWS).context["object_list"]) == 3


# --- One reminder -----------------------------------------------------------------


def test_reminder_shows_what_was_tried_and_leads_to_the_person(as_coordinator):
    reminder = failed()

    shown = page_of(as_coordinator, "reminders:inspect", reminder.pk)

    [tried] = shown.context["deliveries"]
    page = html_of(shown)
    assert not tried["is_accepted"]
    assert tried["outcome"] == Outcome.REFUSED.label
    for word in ("Lê Thị Mẫu", tried["started"], tried["outcome"], "550 no such mailbox"):
        assert word in page
    assert reverse("wagtailusers_users:inspect", args=[reminder.user_id]) in page


def test_reminder_and_file_tell_how_to_reach_the_person(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", way=PEOPLE, state=ReminderState.UNREACHABLE)
    set_fields(reminder.user, phone="+84912345678")
    assert "0912 345 678" in html_of(page_of(as_coordinator, "reminders:inspect", reminder.pk))
    response = as_coordinator.get(reverse(INDEX), {"export": "csv", "way": PEOPLE})
    assert "0912 345 678" in b"".join(response.streaming_content).decode("utf-8-sig")


def test_reminder_under_way_says_so(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.HANDING_OVER)
    DeliveryAttempt.objects.create(reminder=reminder, channel="email", started_at=timezone.now())

    page = html_of(page_of(as_coordinator, "reminders:inspect", reminder.pk))

    assert reminder.get_state_display() in page
    assert reverse("reminders:send_again", args=[reminder.pk]) not in page


# --- Send again ---------------------------------------------------------------------


def test_send_again_of_what_perhaps_arrived_warns(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.UNCERTAIN)

    assert page_of(as_coordinator, "reminders:send_again", reminder.pk).context["uncertain"]


def test_send_again_asks_and_then_plans_it(as_coordinator, coordinator):
    reminder = failed()
    url = reverse("reminders:send_again", args=[reminder.pk])
    assert url in html_of(page_of(as_coordinator, "reminders:inspect", reminder.pk))
    page_of(as_coordinator, "reminders:send_again", reminder.pk)
    assert Reminder.objects.get().state == ReminderState.FAILED

    response = as_coordinator.post(url, follow=True)

    assert levels_of(response) == ["success"]
    assert Reminder.objects.get().state == ReminderState.PLANNED
    entry = ModelLogEntry.objects.get(action="notifications.send_again")
    assert entry.user == coordinator
    assert str(entry.message)


def test_send_again_of_what_was_sent_meanwhile_changes_nothing(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.SENT)
    url = reverse("reminders:send_again", args=[reminder.pk])
    assert not page_of(as_coordinator, "reminders:send_again", reminder.pk).context["resendable"]

    response = as_coordinator.post(url, follow=True)

    assert levels_of(response) == ["error"]
    assert Reminder.objects.get().state == ReminderState.SENT


def test_send_again_of_ones_own_reminder_needs_a_role(as_trainer, trainer):
    reminder = ReminderFactory(user=trainer, state=ReminderState.FAILED)

    response = as_trainer.post(reverse("reminders:send_again", args=[reminder.pk]))

    assert response.status_code == 302
    assert Reminder.objects.get().state == ReminderState.FAILED


def test_each_cell_says_what_it_is_where_a_row_is_a_card(as_coordinator, some):
    response = page_of(as_coordinator, ROWS)
    shown, columns = len(response.context["object_list"]), response.context["table"].columns
    assert shown

    page = BeautifulSoup(html_of(response), "html.parser").select_one("table.suite-cards")

    told = [cell.get("data-label") for cell in page.select("tbody td")]
    headings = [str(column.label) for column in columns.values()]
    # The name stands for itself.
    assert told == [None, *headings[1:]] * shown
