"""The pages on which somebody writes to a group, and reads what became of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.accounts.enums import Role
from lms.announcements.enums import AnnouncementState
from lms.announcements.extensions import write_url
from lms.announcements.models import Announcement
from lms.announcements.views import reading
from lms.core.display import vi_date
from lms.notifications.domain.notices import mark_read
from lms.notifications.domain.pausing import pause_sending
from lms.notifications.domain.sending import name_calls, send_due
from lms.notifications.enums import ReminderState
from lms.notifications.models import Notice, Reminder
from tests.factories.accounts import browse, make_official
from tests.factories.rows import set_fields
from tests.lms.announcements.test_announcements import written


def page_of(run, *, remind=False):
    return write_url("courses.run", {"run": str(run.pk)}, remind=remind)


@pytest.fixture
def at_night(settings):
    """Two hours before anything may be sent; the moment itself."""
    now = timezone.localtime()
    opens = (now + timedelta(hours=2)).time().replace(microsecond=0)
    settings.SUITE_SENDING_HOURS = (opens, opens.replace(minute=59, second=59))
    return now


def test_trainer_sees_the_text_and_whatever_was_changed_in_it_before_it_is_sent(
    run, author, people
):
    client = browse(author)
    form = client.get(page_of(run)).context["form"]
    said = {
        "token": form.initial["token"],
        "subject": "Mang sổ",
        "text": "Mời mang sổ.",
        "send_at": "",
    }
    sign = client.post(page_of(run), said).context["sign"]
    again = client.post(page_of(run), said | {"text": "Khác", "sign": sign})
    assert again.status_code == 200
    assert not Announcement.objects.exists()

    sent = client.post(page_of(run), said | {"sign": sign})

    assert sent.status_code == 302
    announcement = Announcement.objects.get()
    assert client.get(sent["Location"]).context["announcement"] == announcement
    assert client.get(reverse("announcements:list")).context["lines"]


def test_text_that_was_changed_after_sending_is_a_second_message(run, author, people):
    client = browse(author)
    said = {"token": uuid4(), "subject": "Mang sổ", "text": "Mời mang sổ."}
    sign = client.post(page_of(run), said).context["sign"]
    client.post(page_of(run), said | {"sign": sign})

    # The back button shows the form again, with its token.
    changed = said | {"text": "Mời sang phòng 2.", "sign": sign}
    page = client.post(page_of(run), changed).context
    assert page["first"].text == "Mời mang sổ."
    assert Announcement.objects.count() == 1

    client.post(page_of(run), changed | {"token": page["draft"].token, "sign": page["sign"]})
    assert {one.text for one in Announcement.objects.all()} == {said["text"], changed["text"]}


def test_wrong_text_is_told_beside_its_field(run, author, people):
    page = browse(author).post(page_of(run), {"token": uuid4(), "subject": "", "text": "a"})
    assert page.context["form"].has_error("subject", "subject_required")
    page = browse(author).post(page_of(run), {"subject": "a", "text": "a"})
    assert page.context["form"].has_error("token", "required")


def test_announcement_for_later_is_written_and_withdrawn_on_its_page(run, author, people):
    client = browse(author)
    at = timezone.localtime() + timedelta(days=1)
    said = {"token": uuid4(), "subject": "A", "text": "B", "send_at": f"{at:%Y-%m-%dT%H:%M}"}
    sign = client.post(page_of(run), said).context["sign"]
    page = client.post(page_of(run), said | {"sign": sign})["Location"]
    assert client.get(page).context["may_withdraw"]

    # One that never went out names the hour at which it was written, not the one it was meant for.
    assert vi_date(at, "time") in client.get(page).context["by"]
    client.post(page)
    withdrawn = client.get(page).context
    assert withdrawn["state"] == AnnouncementState.WITHDRAWN
    assert vi_date(at, "time") not in withdrawn["by"]
    assert author.full_name in withdrawn["withdrawn"]


def test_class_to_come_is_invited_in_the_words_of_the_button(run, author, people):
    client = browse(author)

    def written(first_day):
        set_fields(run, starts_on=first_day, ends_on=first_day + timedelta(days=1))
        *_others, way = client.get(reverse("courses:run_detail", args=[run.pk])).context["actions"]
        page = client.get(way["url"]).context
        assert page["title"] == way["label"]
        return way["label"], page["group"].is_invitation

    today = timezone.localdate()
    invitation, is_invitation = written(today + timedelta(days=1))
    reminder, is_still_one = written(today)
    assert invitation != reminder
    assert (is_invitation, is_still_one) == (True, False)
    assert not client.get(page_of(run)).context["group"].is_invitation


def test_reminding_takes_one_press(run, author, people):
    client = browse(author)
    page = client.get(page_of(run, remind=True))
    drafted = page.context["draft"]
    said = {"token": drafted.token, "subject": drafted.subject, "text": drafted.text}

    client.post(page_of(run, remind=True), said | {"sign": page.context["sign"]})

    assert Reminder.objects.count() == 3


@pytest.mark.parametrize("query", ["", "?to=courses.run", "?to=courses.run&run=x", "?to=x&run=1"])
def test_address_that_names_no_group_is_not_found(author, query):
    assert browse(author).get(reverse("announcements:write") + query).status_code == 404


def test_other_people_neither_read_nor_withdraw_it(run, author, people):
    announcement = written(run, author, send_at=timezone.now() + timedelta(hours=1))
    page = reverse("announcements:announcement", args=[announcement.pk])

    assert browse(make_official(Role.COORDINATOR, "353")).get(page).status_code == 404
    overseer = browse(make_official(Role.COORDINATOR, "350"))
    assert overseer.get(page).status_code == 200
    overseer.post(page)
    announcement.refresh_from_db()
    assert announcement.withdrawn_at is None


def test_names_to_call_are_of_people_in_sight_of_who_reads_and_counted_beyond_those_shown(
    run, author, people, monkeypatch
):
    announcement = written(run, author)
    Reminder.objects.update(state=ReminderState.UNREACHABLE)
    page = reverse("announcements:announcement", args=[announcement.pk])

    def named(reader):
        context = browse(reader).get(page).context
        return len(context["to_call"]), context["more_to_call"]

    assert (named(author), named(make_official(Role.COORDINATOR, "350"))) == ((3, 0), (3, 0))
    monkeypatch.setattr(reading, "NAMES_SHOWN", 1)
    Reminder.objects.update(state=ReminderState.FAILED)
    assert named(author) == (1, len(people) - 1)
    assert not browse(author).get(page).context["sees_call_list"]
    run.trainers.remove(author)
    assert named(author) == (0, 0)


def test_whoever_no_way_reaches_is_named_before_the_hours_begin(run, author, people, at_night):
    announcement = written(run, author)
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.PLANNED}

    page = browse(author).get(reverse("announcements:announcement", args=[announcement.pk])).context

    assert [one["name"] for one in page["to_call"]] == [people[2].user.full_name]
    to_call, waits = ReminderState.UNREACHABLE.label, ReminderState.PLANNED.label
    assert sorted(one["label"] for one in page["counts"]) == sorted([to_call, waits, waits])
    assert page["goes_out"]


def test_second_press_on_remind_now_asks_for_no_words(run, author, people):
    client = browse(author)
    assert client.get(page_of(run, remind=True)).context["offers_form"]
    written(run, author, remind=True)

    assert not client.get(page_of(run, remind=True)).context["offers_form"]
    # What was typed meanwhile is not lost.
    said = {"token": uuid4(), "subject": "A", "text": "B"}
    assert client.post(page_of(run, remind=True), said).context["offers_form"]


def test_what_is_sent_at_night_says_when_it_leaves(run, author, people, at_night):
    page = browse(author).get(page_of(run, remind=True))
    assert page.context["waits_until"] > at_night
    said = {"token": uuid4(), "subject": "A", "text": "B"}
    sign = browse(author).post(page_of(run), said).context["sign"]

    browse(author).post(page_of(run), said | {"sign": sign})

    reminder = Reminder.objects.first()
    assert reminder.due_at <= timezone.now()
    assert reminder.expires_at > page.context["waits_until"]


def test_what_is_sent_in_a_pause_says_when_it_leaves_and_outlives_it(run, author, people):
    now = timezone.now()
    until = now + timedelta(days=10)
    pause_sending(by=author, until=until, reason="Sai lời nhắc", now=now)

    page = browse(author).get(page_of(run, remind=True)).context
    assert page["waits_until"] >= until
    assert page["pause"].reason == "Sai lời nhắc"

    written(run, author, now=now)
    assert Reminder.objects.first().expires_at > until


def test_who_has_read_it_is_named_to_who_may_write_to_them(run, author, people):
    announcement = written(run, author)
    name_calls(now=timezone.now())
    send_due(now=timezone.now())
    first = Notice.objects.order_by("pk").first()
    mark_read(notices=[first], now=timezone.now())

    def page(reader):
        url = reverse("announcements:announcement", args=[announcement.pk])
        return browse(reader).get(url).context

    assert page(author)["readers"] == [first.user.full_name]
    run.trainers.remove(author)
    assert (page(author)["readers"], page(author)["read"]) == ([], 1)
