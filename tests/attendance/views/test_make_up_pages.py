"""A missed session on the pages of trainee, own trainer and host: offered, agreed, noted, shown."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import override

from attendance.domain.make_ups.booking import agree_make_up
from attendance.domain.paper.sign_in_sheet import compose_sign_in_sheet
from attendance.enums import AttendanceStatus
from attendance.models import MakeUp
from courses.models import ModulePage
from tests.factories.accounts import browse
from tests.factories.attendance import (
    SessionFactory,
    at_eight,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import ask
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus


@shared
def missed(run, session, trainer):
    """Yesterday morning; the class lets it be made up for."""
    begin = at_eight(days=-1)
    module = ModulePage.objects.get()
    ends_at = begin + timedelta(minutes=210)
    set_fields(session, module=module, starts_at=begin, ends_at=ends_at, counted_at=ends_at)
    ask(run, attendance_hours={"percent": 100, "make_up_days": 30})
    return session


@shared
def person(missed, run, trainer):
    (person,) = enrol_many(run, 1)
    set_fields(person.user, full_name="Trần Thị Vắng")
    take_roll(session=missed, entries=[entry(person, ABSENT)], by=trainer, at=missed.ends_at)
    return person


@shared
def elsewhere(missed, other_trainer):
    """The same module in Lý Nhân, tomorrow."""
    host = make_class("353", course=missed.run.course, code="LN-1")
    host.trainers.add(other_trainer)
    begin = at_eight(days=1)
    return SessionFactory(
        run=host,
        module=missed.module,
        starts_at=begin,
        counted_at=None,
        place="Nhà văn hóa Vĩnh Trụ",
    )


@shared
def page(missed, person):
    return reverse("attendance:make_up", args=[missed.pk, person.pk])


def offered(response):
    return [int(offer["key"]) for offer in response.context["offers"]]


def test_trainee_chooses_a_session_and_takes_it_back(
    person, missed, elsewhere, page, other_trainer
):
    client = browse(person.user)
    assert page in html_of(client.get(reverse("attendance:my_sessions")))
    shown = client.get(page)
    assert offered(shown) == [elsewhere.pk]
    assert "Vĩnh Trụ" in html_of(shown)
    assert other_trainer.full_name not in html_of(shown)

    client.post(page, {"session": elsewhere.pk})
    assert MakeUp.objects.agreed().get().agreed_by == person.user
    mine = client.get(reverse("attendance:my_sessions")).context["coming"]
    assert [line["own"].makes_up_for for month in mine for line in month["lines"]] == [missed]
    assert client.get(reverse("attendance:calendar", args=[elsewhere.pk])).status_code == 200
    again = client.get(page)
    assert again.context["agreed"]
    assert offered(again) == []

    assert client.post(page, {"take_back": "1", "reason": ""}).context["form"].errors
    client.post(page, {"take_back": "1", "reason": "Bận việc"})
    assert not MakeUp.objects.agreed()
    assert client.get(reverse("attendance:calendar", args=[elsewhere.pk])).status_code == 404


def test_what_would_be_refused_is_offered_without_a_button(person, missed, elsewhere, page):
    client = browse(person.user)
    other = make_class("353", course=missed.run.course, code="LN-2")
    later = {"module": missed.module, "starts_at": at_eight(days=2), "counted_at": None}
    another = SessionFactory(run=other, **later)
    client.post(page, {"session": elsewhere.pk})

    bound = client.get(page)
    assert offered(bound) == [another.pk]
    assert 'name="session"' not in html_of(bound)

    # What was agreed comes to nothing: another may take its place at once.
    set_fields(elsewhere, cancelled_at=elsewhere.starts_at, cancel_reason="Bão")
    free = client.get(page)
    assert html_of(free).count('name="session"') == len(offered(free)) > 0


def test_what_was_made_up_offers_nothing_that_would_be_refused(
    person, missed, elsewhere, page, trainer
):
    agree_make_up(enrolment=person, missed=missed, session=elsewhere, by=trainer, at=missed.ends_at)
    begin = missed.ends_at + timedelta(hours=1)
    set_fields(elsewhere, starts_at=begin, ends_at=begin + timedelta(minutes=210))
    take_roll(session=elsewhere, entries=[entry(person)], by=trainer, at=elsewhere.ends_at)
    client = browse(person.user)

    shown = html_of(client.get(page))

    assert "đã bù 3 giờ 30 phút" in shown
    assert 'name="take_back"' not in shown
    assert 'name="session"' not in shown
    assert page not in html_of(client.get(reverse("attendance:my_sessions")))


def test_offer_that_is_shorter_than_what_is_missing_says_so(person, elsewhere, page, run, trainer):
    places = (page, reverse("courses:run_detail", args=[run.pk]))
    assert not [url for url in places if "3 giờ)" in html_of(browse(trainer).get(url))]

    set_fields(elsewhere, ends_at=elsewhere.starts_at + timedelta(hours=3))

    assert all("tối đa 3 giờ)" in html_of(browse(trainer).get(url)) for url in places)


def test_what_is_no_longer_missing_may_be_taken_back_and_once_more_without_harm(
    person, missed, elsewhere, page
):
    client = browse(person.user)
    client.post(page, {"session": elsewhere.pk})
    set_fields(missed, cancelled_at=missed.starts_at, cancel_reason="Bão")

    assert page in html_of(client.get(reverse("attendance:my_sessions")))
    shown = client.get(page)
    assert not shown.context["missing"]
    assert shown.context["agreed"]
    assert 'name="take_back"' in html_of(shown)

    levels = []
    for reason in ("Buổi đã huỷ", "Buổi đã huỷ"):
        sent = {"take_back": "1", "reason": reason}
        told = client.post(page, sent, follow=True).context["messages"]
        levels.append([message.level_tag for message in told])
    assert levels == [["success"], ["info"]]
    assert not MakeUp.objects.agreed()


def test_trainer_of_the_own_class_arranges(run, person, elsewhere, page, trainer, other_trainer):
    client = browse(trainer)
    url = reverse("courses:enrolment_detail", args=[run.pk, person.pk])
    assert page in html_of(client.get(url))
    client.post(page, {"session": elsewhere.pk})
    assert MakeUp.objects.agreed().get().agreed_by == trainer
    assert "Vĩnh Trụ" in html_of(client.get(url))
    assert browse(other_trainer).get(page).status_code == 404


def test_class_page_offers_the_soonest_session(run, person, missed, elsewhere, page, as_trainer):
    url = reverse("courses:run_detail", args=[run.pk])
    panel = html_of(as_trainer.get(url)).split("shortfalls-title")[2]
    assert f'action="{page}"' in panel
    assert f'value="{elsewhere.pk}"' in panel
    as_trainer.post(page, {"session": elsewhere.pk})
    assert "shortfalls-title" not in html_of(as_trainer.get(url))


def test_other_class_at_the_same_time_is_told(person, missed, elsewhere, page):
    SessionFactory(run=missed.run, starts_at=elsewhere.starts_at, counted_at=None)
    (offer,) = browse(person.user).get(page).context["offers"]
    assert len(offer["clashes"]) == 1


def test_session_that_does_not_fit_is_refused_on_the_page(person, missed, page):
    response = browse(person.user).post(page, {"session": missed.pk}, follow=True)
    assert not MakeUp.objects.exists()
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


@shared
def guest(person, missed, elsewhere):
    """The session of Lý Nhân is held today and has one person of its own."""
    enrol_many(elsewhere.run, 1, commune="13591")
    agree_make_up(
        enrolment=person,
        missed=missed,
        session=elsewhere,
        by=person.user,
        at=missed.ends_at,
    )
    begin = at_eight()
    set_fields(elsewhere, starts_at=begin, ends_at=begin + timedelta(minutes=210))
    return person


def test_roll_lists_guests_apart_and_notes_them(guest, elsewhere, other_trainer):
    client = browse(other_trainer)
    url = reverse("attendance:roll_call", args=[elsewhere.pk])
    sheet = client.get(url).context["sheet"]
    assert [line.enrolment for line in sheet.guests] == [guest]
    assert (sheet.counts[""], sheet.left) == (1, 2)

    data = {f"status-{guest.pk}": PRESENT, "token": str(uuid4()), "seen": "0", "early": "1"}
    client.post(url, {**data, "action": "save"})
    sheet = client.get(url).context["sheet"]
    assert (sheet.counts[PRESENT], sheet.counts[""], sheet.left) == (0, 1, 1)
    assert guest.attendance_records.filter(session=elsewhere, status=PRESENT).exists()


def test_who_keeps_the_host_class_from_outside_sees_no_guest_of_other_areas(
    guest, elsewhere, other_trainer
):
    elsewhere.run.trainers.clear()
    url = reverse("attendance:roll_call", args=[elsewhere.pk])
    assert guest.user.full_name not in html_of(browse(other_trainer).get(url))
    data = {f"status-{guest.pk}": PRESENT, "token": str(uuid4()), "seen": "0", "early": "1"}
    browse(other_trainer).post(url, {**data, "action": "save"})
    assert not guest.attendance_records.filter(session=elsewhere).exists()


def test_register_of_the_own_class_shows_what_is_made_up_elsewhere(
    person, missed, elsewhere, trainer
):
    client, grid = browse(trainer), reverse("attendance:run_grid", args=[missed.run_id])
    assert not client.get(grid).context["has_make_ups"]
    agree_make_up(enrolment=person, missed=missed, session=elsewhere, by=trainer, at=missed.ends_at)

    response = client.get(grid)

    [row] = response.context["rows"]
    [said] = row["made_up"]
    assert said.startswith(f"{missed.title}: ")
    assert "Vĩnh Trụ" in said
    assert said in html_of(response)


def test_sheet_of_the_session_says_who_makes_up(person, missed, elsewhere, trainer, other_trainer):
    (own,) = enrol_many(elsewhere.run, 1, commune="13591")
    agree_make_up(enrolment=person, missed=missed, session=elsewhere, by=trainer, at=missed.ends_at)

    with override("vi"):
        sheet = compose_sign_in_sheet(
            session=elsewhere, reader=other_trainer, at=elsewhere.starts_at
        )

    names = [row["name"] for page in sheet["pages"] for row in page if not row["is_blank"]]
    assert names == [own.user.full_name, f"{person.user.full_name} (học bù)"]
