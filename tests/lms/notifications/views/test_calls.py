"""The call list: who stands on it, what it says, and what a call leads to."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role
from lms.core.refusal import Refusal
from lms.messaging.enums import Outcome
from lms.notifications.domain.calls import (
    calls_to,
    people_to_call,
    record_call,
    reminders_to_call,
)
from lms.notifications.enums import PEOPLE, CallResult, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import PostingFactory, UserFactory, browse
from tests.factories.files import content_of, sheet_rows
from tests.factories.geography import unit
from tests.factories.notifications import NoticeFactory, ReminderFactory
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = pytest.mark.django_db
LIST = reverse("notices:call_list")


def trainee(name, commune="13591", **values):
    user = UserFactory(full_name=name, **values)
    PostingFactory(user=user, unit=unit(commune))
    return user


def waiting(user, run="Lớp 1", **values):
    values = {"way": PEOPLE, "state": ReminderState.UNREACHABLE, "run_title": run} | values
    return ReminderFactory(user=user, **values)


@shared
def area(edition):
    """Two people of one commune to be called, one of them twice, and who is not."""
    first, second = trainee("Nguyễn Thị Mẫu", phone="+84912000001"), trainee("Trần Văn Mẫu")
    mine = [waiting(first), waiting(first, place="Nhà văn hoá"), waiting(second, "Lớp 2")]
    NoticeFactory(reminder=mine[0], subject="Buổi 2: thứ Hai, 8 giờ", text="Mời đến lớp.")
    waiting(trainee("Lê Thị Khác"), state=ReminderState.SENT)
    waiting(trainee("Lê Thị Mở"), state=ReminderState.UNCERTAIN)
    late = timezone.now()
    waiting(trainee("Lê Thị Muộn"), due_at=late - timedelta(hours=1), expires_at=late)
    waiting(trainee("Lê Thị Nghỉ", is_active=False))
    waiting(trainee("Lê Thị Xa", commune="13384"))
    coordinator = UserFactory(full_name="Vũ Điều Phối")
    assign_role(user=coordinator, role=Role.FOCAL_POINT, unit=unit("13591"))
    waiting(coordinator)
    return coordinator, first, second


@pytest.fixture
def client(area):
    return browse(area[0])


def listed(reader):
    now = timezone.now()
    return calls_to(people=people_to_call(reader=reader, now=now), reader=reader, now=now)


def call(person, by, result):
    return record_call(person=person, result=result, by=by, now=timezone.now())


def test_each_person_stands_once_with_all_that_is_to_be_said(area, django_assert_num_queries):
    coordinator, first, second = area
    people = list(people_to_call(reader=coordinator, now=timezone.now()))

    with django_assert_num_queries(2):
        calls = calls_to(people=people, reader=coordinator, now=timezone.now())

    assert [(one.person, len(one.reminders), one.tries) for one in calls] == [
        (first, 2, 0),
        (second, 1, 0),
    ]
    assert calls[0].commune == str(unit("13591").display_name)


def test_reached_by_a_call_is_sent_with_the_caller_as_proof(area):
    coordinator, first, second = area

    assert call(first, coordinator, CallResult.REACHED) == 2

    assert [one.person for one in listed(coordinator)] == [second]
    assert set(Reminder.objects.filter(user=first).values_list("state", flat=True)) == {"sent"}
    attempt = DeliveryAttempt.objects.first()
    assert (attempt.caller, attempt.channel) == (coordinator, PEOPLE)
    assert (attempt.outcome, attempt.receipt) == (Outcome.ACCEPTED, "delivered")
    with raises_refusal("not_to_be_called"):
        call(first, coordinator, CallResult.REACHED)


def test_calls_without_an_answer_are_counted_and_the_reminder_tells_who_called(area):
    coordinator, first, _second = area

    for _time in range(2):
        call(first, coordinator, CallResult.NO_ANSWER)

    assert listed(coordinator)[0].tries == 2
    reminders = listed(coordinator)[0].reminders
    assert {one.state for one in reminders} == {"unreachable"}
    client = browse(UserFactory(is_superuser=True, is_staff=True))
    page = client.get(reverse("reminders:inspect", args=[reminders[0].pk]))
    assert "Vũ Điều Phối" in html_of(page)


def test_wrong_number_has_failed_and_stays_on_the_list(area):
    coordinator, first, _second = area

    call(first, coordinator, CallResult.WRONG_NUMBER)

    found = listed(coordinator)[0]
    assert found.number_is_wrong
    assert {one.state for one in found.reminders} == {"failed"}


def test_nobody_notes_a_call_to_people_of_others(area, client):
    coordinator, *_mine = area
    far = User.objects.get(full_name="Lê Thị Xa")

    with pytest.raises(Refusal):
        call(far, coordinator, CallResult.REACHED)

    address = reverse("notices:note_call", args=[far.pk])
    assert client.post(address, {"result": "reached"}).status_code == 404
    assert Reminder.objects.get(user=far).state == ReminderState.UNREACHABLE


def test_page_names_number_and_words_by_commune_and_class_and_what_may_be_noted(client, area):
    page = BeautifulSoup(client.get(LIST).content, "html.parser").select_one("main")

    heads = [" ".join(one.text.split()) for one in page.select("h2")]
    assert [head.split(" · ")[1] for head in heads] == ["Lớp 1", "Lớp 2"]
    assert [one["href"] for one in page.select("a.nums")] == ["tel:+84912000001"]
    assert "Mời đến lớp." in page.text
    assert "Nhà văn hoá" in page.text
    # A number that is not there cannot be noted as wrong.
    offered = [
        [one["value"] for one in form.select("[name=result]")] for form in page.select("form")
    ]
    assert offered == [["reached", "no_answer", "wrong_number"], ["reached", "no_answer"]]


def test_what_several_are_to_be_told_stands_once_on_paper(client, area):
    said = Reminder.objects.get(notice__isnull=False)
    for name in ("Phạm Thị Mẫu", "Phạm Văn Mẫu"):
        NoticeFactory(
            reminder=waiting(trainee(name)), subject=said.notice.subject, text=said.notice.text
        )

    page = BeautifulSoup(client.get(LIST).content, "html.parser").select_one("main")

    assert len(page.find_all("details")) == 3
    for on_screen in page.select(".screen-only"):
        on_screen.decompose()
    assert page.text.count(said.notice.text) == 1
    assert page.text.count(said.notice.subject) == 1 + 3


def test_call_is_noted_on_the_page_and_a_second_press_says_so(client, area):
    address = reverse("notices:note_call", args=[area[1].pk])

    for tone in ("success", "error"):
        page = client.post(address, {"result": "reached"}, follow=True)
        assert tone in {one.level_tag for one in page.context["messages"]}

    assert client.post(address, {"result": "gone"}).status_code == 404
    assert client.get(address).status_code == 405
    assert DeliveryAttempt.objects.count() == 2


def test_file_holds_the_same_people(client):
    content = content_of(client.get(reverse("notices:call_list_file"), {"export": "csv"}))

    headings, *rows = sheet_rows(content, "csv")

    name, said = headings.index("Họ và tên"), headings.index("Nội dung cần nói")
    assert [row[name] for row in rows] == ["Nguyễn Thị Mẫu", "Trần Văn Mẫu"]
    assert "Buổi 2: thứ Hai, 8 giờ" in rows[0][said]
    assert "Lớp 1, Nhà văn hoá" in rows[0][said]


def test_list_is_for_those_who_oversee_alone():
    client = browse(UserFactory())

    assert client.get(LIST).status_code == 404
    assert client.get(reverse("notices:call_list_file")).status_code == 404


def test_where_everybody_was_reached_the_page_says_so(edition):
    reader = UserFactory()
    assign_role(user=reader, role=Role.COORDINATOR, unit=unit("350"))
    page = BeautifulSoup(browse(reader).get(LIST).content, "html.parser")

    assert page.select_one("main .empty")
    assert not reminders_to_call(reader=reader, now=timezone.now()).exists()
