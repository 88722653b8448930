from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.messaging.enums import Outcome
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import browse, make_official
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.factories.rows import set_fields
from tests.lms.notifications.views.conftest import reminder_to

pytestmark = pytest.mark.usefixtures("kind")
INDEX = "reminders:index"
WORDS = ("Lớp A", "Buổi 2", "Danh sách gọi điện")
# Browser session, person, rights (2), Wagtail profile, roles, classes to choose from, count, rows.
QUERIES = 9


def page_of(client, name=INDEX, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


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


# --- The list ------------------------------------------------------------------


def test_list_shows_reminders_of_the_own_district_only(as_coordinator):
    reminder_to("13384", "Lê Thị Gần")
    reminder_to("13591", "Lê Thị Xa")

    page = page_of(as_coordinator)

    assert "Lê Thị Gần" in page
    assert "Lê Thị Xa" not in page


def test_list_shows_kind_state_times_and_what_to_do(as_coordinator):
    failed(due_at=datetime(2026, 5, 6, 1, 0, tzinfo=UTC))
    sent = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.SENT)
    Reminder.objects.filter(pk=sent.pk).update(state_since=datetime(2026, 5, 6, 1, 7, tzinfo=UTC))

    page = page_of(as_coordinator)

    assert "Ghi chú" in page
    assert "Không gửi được" in page
    assert "08:00 06/05/2026" in page
    assert "Lời nhắc không tới. Xem lại địa chỉ thư điện tử và số điện thoại rồi gửi lại." in page
    # When it was sent, and nothing is asked about that.
    assert "08:07 06/05/2026" in page
    assert "không phải làm gì" not in page


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ReminderState.UNCERTAIN, "Nên hỏi người nhận trước khi gửi lại."),
        (ReminderState.UNREACHABLE, "Xin gọi điện báo, hoặc bổ sung địa chỉ."),
    ],
)
def test_list_says_what_to_do_about_what_did_not_arrive(as_coordinator, state, told):
    reminder_to("13384", "Lê Thị Mẫu", state=state)

    assert told in page_of(as_coordinator)


def test_list_by_several_states(as_coordinator):
    reminder_to("13384", "Lê Thị Hỏng", state=ReminderState.FAILED)
    reminder_to("13384", "Lê Thị Ngờ", state=ReminderState.UNCERTAIN)
    reminder_to("13384", "Lê Thị Xong", state=ReminderState.SENT)

    page = page_of(as_coordinator, state=["failed", "uncertain"])

    assert "Lê Thị Hỏng" in page
    assert "Lê Thị Ngờ" in page
    assert "Lê Thị Xong" not in page


def test_list_by_the_day_it_was_due(as_coordinator):
    reminder_to("13384", "Lê Thị Sớm", due_at=datetime(2026, 5, 6, 1, 0, tzinfo=UTC))
    reminder_to("13384", "Lê Thị Muộn", due_at=datetime(2026, 5, 9, 1, 0, tzinfo=UTC))

    page = page_of(as_coordinator, due_at_from="08/05/2026", due_at_to="09/05/2026")

    assert "Lê Thị Muộn" in page
    assert "Lê Thị Sớm" not in page


def test_list_by_state_and_by_kind(as_coordinator):
    reminder_to("13384", "Lê Thị Gửi", state=ReminderState.SENT)
    reminder_to("13384", "Lê Thị Chờ")
    reminder_to("13384", "Lê Thị Khác", rule=ReminderRuleFactory(kind="gone.note"))

    page = page_of(as_coordinator, INDEX, state=ReminderState.PLANNED, kind="tests.note")

    assert "Lê Thị Chờ" in page
    assert "Lê Thị Gửi" not in page
    assert "Lê Thị Khác" not in page


def test_list_is_searched_without_marks(as_coordinator):
    reminder_to("13384", "Trần Văn Đức")
    reminder_to("13384", "Lê Thị Mẫu")

    page = page_of(as_coordinator, INDEX, q="duc")

    assert "Trần Văn Đức" in page
    assert "Lê Thị Mẫu" not in page


def test_list_tells_what_each_is_about_and_is_narrowed_by_it(as_coordinator):
    reminder_to("13384", "Lê Thị Lớp", run_number=7, run_title="Lớp A", session_title="Buổi 2")
    reminder_to("13384", "Lê Thị Khác", run_number=8, run_title="Lớp B", way=PEOPLE)
    reminder_to("13591", "Lê Thị Xa", run_number=9, run_title="Lớp của huyện khác")

    page = page_of(as_coordinator)
    assert {"Lớp A", "Buổi 2", "Danh sách gọi điện"} <= {one for one in WORDS if one in page}
    # Nothing of another district, not even among the choices.
    assert "Lớp của huyện khác" not in page
    for narrowed in ({"run_number": 8}, {"way": PEOPLE}):
        found = page_of(as_coordinator, "reminders:index_results", **narrowed)
        assert "Lê Thị Khác" in found
        assert "Lê Thị Lớp" not in found


def test_list_is_narrowed_by_district(edition):
    administrator = browse(make_official(Role.ADMINISTRATOR, "35"))
    reminder_to("13384", "Lê Thị Gần")

    for code, is_found in (("350", True), ("353", False)):
        found = page_of(administrator, "reminders:index_results", district=unit(code).pk)
        assert ("Lê Thị Gần" in found) is is_found


def test_file_has_the_phone_numbers(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Gọi", way=PEOPLE)
    set_fields(reminder.user, phone="+84912345678")

    response = as_coordinator.get(reverse(INDEX), {"export": "csv", "way": PEOPLE})
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    assert "0912 345 678" in text
    assert "Số điện thoại" in text


def test_list_is_closed_to_those_who_oversee_nothing(as_trainer):
    assert as_trainer.get(reverse(INDEX)).status_code == 302


def test_list_query_count(as_coordinator, django_assert_num_queries):
    # The rows without the frame of the admin.
    rows = "reminders:index_results"
    failed()
    page_of(as_coordinator, rows)
    with django_assert_num_queries(QUERIES):
        page_of(as_coordinator, rows)
    failed(name="Lê Thị Hai")
    failed(name="Lê Thị Ba")
    with django_assert_num_queries(QUERIES):
        assert page_of(as_coordinator, rows).count("Lời nhắc không tới.") == 3


# --- One reminder -----------------------------------------------------------------


def test_reminder_shows_what_was_tried_and_leads_to_the_person(as_coordinator):
    reminder = failed()

    page = page_of(as_coordinator, "reminders:inspect", reminder.pk)

    assert "Lê Thị Mẫu" in page
    assert "08:30 06/05/2026" in page
    assert "Bị từ chối" in page
    assert "550 no such mailbox" in page
    assert reverse("wagtailusers_users:inspect", args=[reminder.user_id]) in page


def test_reminder_tells_how_to_reach_the_person(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.UNREACHABLE)
    set_fields(reminder.user, phone="+84912345678")

    assert "0912 345 678" in page_of(as_coordinator, "reminders:inspect", reminder.pk)


def test_reminder_under_way_says_so(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.HANDING_OVER)
    DeliveryAttempt.objects.create(reminder=reminder, channel="email", started_at=timezone.now())

    page = page_of(as_coordinator, "reminders:inspect", reminder.pk)

    assert "Đang chuyển" in page
    assert reverse("reminders:send_again", args=[reminder.pk]) not in page


@pytest.mark.parametrize("name", ["inspect", "send_again"])
def test_reminder_of_another_district_is_not_found_and_names_nobody(as_coordinator, name):
    reminder = failed("13591", "Lê Thị Xa")

    response = as_coordinator.get(reverse(f"reminders:{name}", args=[reminder.pk]))

    assert response.status_code == 404
    assert "Lê Thị Xa" not in response.content.decode()


# --- Send again ---------------------------------------------------------------------


def test_send_again_is_offered_for_what_failed_and_would_not_come_too_late(as_coordinator):
    now = timezone.now()
    again = failed()
    late = failed(due_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    sent = reminder_to("13384", "Lê Thị Gửi", state=ReminderState.SENT)

    page = page_of(as_coordinator)

    offered = [
        reverse("reminders:send_again", args=[one.pk]) in page for one in (again, late, sent)
    ]
    assert offered == [True, False, False]


def test_send_again_of_what_perhaps_arrived_warns(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.UNCERTAIN)

    assert "nhận hai lần" in page_of(as_coordinator, "reminders:send_again", reminder.pk)


def test_send_again_asks_and_then_plans_it(as_coordinator, coordinator):
    reminder = failed()
    url = reverse("reminders:send_again", args=[reminder.pk])
    assert url in page_of(as_coordinator, "reminders:inspect", reminder.pk)
    page_of(as_coordinator, "reminders:send_again", reminder.pk)
    assert Reminder.objects.get().state == ReminderState.FAILED

    response = as_coordinator.post(url, follow=True)

    assert "được gửi lại trong vòng một phút" in response.content.decode()
    assert Reminder.objects.get().state == ReminderState.PLANNED
    entry = ModelLogEntry.objects.get(action="notifications.send_again")
    assert entry.user == coordinator
    assert str(entry.message) == "Đã cho gửi lại lời nhắc"


def test_send_again_of_what_was_sent_meanwhile_changes_nothing(as_coordinator):
    reminder = reminder_to("13384", "Lê Thị Mẫu", state=ReminderState.SENT)
    url = reverse("reminders:send_again", args=[reminder.pk])
    assert "<form method" not in page_of(as_coordinator, "reminders:send_again", reminder.pk)

    response = as_coordinator.post(url, follow=True)

    assert "Trạng thái hiện tại: Đã gửi" in response.content.decode()
    assert Reminder.objects.get().state == ReminderState.SENT


def test_send_again_for_another_district_changes_nothing(as_coordinator):
    reminder = failed("13591", "Lê Thị Xa")

    response = as_coordinator.post(reverse("reminders:send_again", args=[reminder.pk]))

    assert response.status_code == 404
    assert Reminder.objects.get().state == ReminderState.FAILED


def test_send_again_of_ones_own_reminder_needs_a_role(as_trainer, trainer):
    reminder = ReminderFactory(user=trainer, state=ReminderState.FAILED)

    response = as_trainer.post(reverse("reminders:send_again", args=[reminder.pk]))

    assert response.status_code == 302
    assert Reminder.objects.get().state == ReminderState.FAILED
