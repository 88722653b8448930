from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.domain.excuses.decisions import ask_excuse, decide_excuse
from attendance.domain.register.sign_off import sign_session
from attendance.models import RunSignOff, Session, SignedPaper
from courses.enums import EnrolmentStatus, RunStatus
from lms.accounts.models import User
from lms.core.display import vi_date
from tests.factories.accounts import browse
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import HANOI
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of, levels_of

AFTERNOON = {
    "title": "Buổi 2",
    "day": "2014-05-06",
    "starts": "13:30",
    "ends": "17:00",
    "place": "",
    "is_required": "on",
}


@pytest.fixture
def new_url(run):
    return reverse("attendance:session_new", args=[run.pk])


@pytest.fixture
def edit_url(session):
    return reverse("attendance:session_edit", args=[session.pk])


# --- New ----------------------------------------------------------------------


def test_new_session_is_proposed_for_the_next_half_day(as_trainer, session, new_url):
    html = html_of(as_trainer.get(new_url))
    for value in ("Buổi 2", "2014-05-06", "13:30", "17:00"):
        assert f'value="{value}"' in html
    # Another like one has its place as well.
    set_fields(session, room="P.9", title="Lắng nghe")
    initial = as_trainer.get(f"{new_url}?like={session.pk}").context["form"].initial
    assert (initial["room"], initial["title"]) == ("P.9", "Lắng nghe")
    assert initial["starts"].hour == 13
    assert as_trainer.get(f"{new_url}?like=x").context["form"].initial["room"] == ""


def test_new_session_is_saved_and_leads_back_to_the_class(as_trainer, run, new_url):
    response = as_trainer.post(new_url, AFTERNOON, follow=True)
    assert response.redirect_chain == [(reverse("courses:run_detail", args=[run.pk]), 302)]
    assert levels_of(response) == ["success"]
    session = Session.objects.get(run=run)
    assert session.starts_at == datetime(2014, 5, 6, 13, 30, tzinfo=HANOI)


def test_day_may_be_typed_as_people_write_it_and_an_evening_end_behind_midnight(
    as_trainer, run, new_url
):
    as_trainer.post(new_url, AFTERNOON | {"day": "07/05/2014", "starts": "22:00", "ends": "00:30"})

    session = Session.objects.get()
    assert (timezone.localdate(session.starts_at).day, session.minutes) == (7, 150)


@pytest.mark.parametrize("ends", ["13:00", "13:30", "04:30"])
def test_end_before_start_says_so_beside_the_field_and_keeps_what_was_typed(
    as_trainer, new_url, ends
):
    response = as_trainer.post(new_url, AFTERNOON | {"ends": ends, "title": "Kỹ năng"})

    assert error_codes(response.context["form"]) == {"ends": ["ends_before_start"]}
    assert 'value="Kỹ năng"' in html_of(response)
    assert Session.objects.count() == 0


def test_session_is_saved_despite_a_clash_only_by_whoever_knows(as_trainer, trainer, run, new_url):
    other = make_class(course=run.course, title="Lớp trùng giờ")
    other.trainers.add(trainer)
    begin = datetime(2014, 5, 6, 14, 0, tzinfo=HANOI)
    SessionFactory(run=other, place="Nhà văn hoá", starts_at=begin)

    asked = as_trainer.post(new_url, AFTERNOON)
    before = Session.objects.filter(run=run).count()
    as_trainer.post(new_url, AFTERNOON | {"despite": "on"})

    assert [trainer.full_name in line for line in asked.context["doubts"]["clashes"]] == [True]
    assert "Lớp trùng giờ" in html_of(asked)
    assert (before, Session.objects.filter(run=run).count()) == (0, 1)


@pytest.mark.parametrize(("seats", "asks"), [("", False), ("1", True), ("2", False), ("3", False)])
def test_session_with_too_few_seats_is_saved_only_by_whoever_knows(
    as_trainer, run, new_url, seats, asks
):
    enrol_many(run, 2)

    asked = as_trainer.post(new_url, AFTERNOON | {"seats": seats})
    saved = Session.objects.filter(run=run).count()
    as_trainer.post(new_url, AFTERNOON | {"seats": seats, "despite": "on"})

    assert saved == (not asks)
    assert not asks or len(asked.context["doubts"]["crowds"]) == 1
    assert Session.objects.get(run=run).seats == (int(seats) if seats else None)


@pytest.mark.parametrize("seats", ["0", "-1", "5001", "nhiều"])
def test_number_of_seats_that_no_room_has_is_told_beside_its_field(as_trainer, new_url, seats):
    response = as_trainer.post(new_url, AFTERNOON | {"seats": seats})
    assert list(error_codes(response.context["form"])) == ["seats"]


def test_nobody_is_asked_to_accept_the_clash_of_an_impossible_session(
    as_trainer, trainer, run, new_url
):
    other = make_class(course=run.course)
    other.trainers.add(trainer)
    SessionFactory(run=other, starts_at=datetime(2014, 5, 6, 13, 0, tzinfo=HANOI))

    response = as_trainer.post(new_url, AFTERNOON | {"ends": "13:30"})

    assert not response.context["doubts"]
    assert error_codes(response.context["form"]) == {"ends": ["ends_before_start"]}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("day", "32/05/2014", "invalid"),
        ("day", "9999-12-31", "invalid"),
        ("starts", "8 giờ", "invalid"),
        ("day", "2014-05-09", "outside_class_dates"),
    ],
)
def test_wrong_value_is_told_beside_its_field(as_trainer, new_url, field, value, code):
    response = as_trainer.post(new_url, AFTERNOON | {field: value})
    assert error_codes(response.context["form"]) == {field: [code]}


def test_refusal_of_the_whole_stands_above_the_form(as_trainer, run, new_url):
    set_fields(run, status=RunStatus.CANCELLED)
    response = as_trainer.post(new_url, AFTERNOON)
    assert error_codes(response.context["form"]) == {"__all__": ["run_cancelled"]}


# --- Change and remove ----------------------------------------------------------


def test_session_is_shown_in_local_time_and_changed(as_trainer, session, edit_url):
    html = html_of(as_trainer.get(edit_url))
    assert 'value="08:00"' in html
    response = as_trainer.post(
        edit_url, AFTERNOON | {"starts": "09:00", "ends": "11:00"}, follow=True
    )
    assert levels_of(response) == ["success"]
    session.refresh_from_db()
    assert session.starts_at == datetime(2014, 5, 6, 9, 0, tzinfo=HANOI)


def test_change_onto_another_session_is_refused_beside_the_hour(as_trainer, session, edit_url):
    SessionFactory(run=session.run, title="Chiều", starts_at=session.starts_at + timedelta(hours=5))
    response = as_trainer.post(edit_url, AFTERNOON)
    assert error_codes(response.context["form"]) == {"starts": ["overlap"]}


def test_unreadable_change_keeps_what_was_typed(as_trainer, edit_url):
    response = as_trainer.post(edit_url, AFTERNOON | {"title": "", "place": "Phòng 9"})
    assert 'value="Phòng 9"' in html_of(response)


def test_session_without_marks_is_removed_but_not_by_a_look(as_trainer, session, edit_url):
    url = reverse("attendance:session_remove", args=[session.pk])
    assert url in html_of(as_trainer.get(edit_url))
    assert as_trainer.get(url).status_code == 405
    assert Session.objects.count() == 1
    response = as_trainer.post(url, follow=True)
    assert levels_of(response) == ["success"]
    assert Session.objects.count() == 0


def test_session_with_marks_is_not_removed(as_trainer, session, run, trainer, edit_url):
    entries = [entry(person) for person in enrol_many(run, 1)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    url = reverse("attendance:session_remove", args=[session.pk])
    assert url not in html_of(as_trainer.get(edit_url))
    response = as_trainer.post(url, follow=True)
    assert levels_of(response) == ["error"]
    assert Session.objects.count() == 1


def test_session_of_which_a_sheet_hangs_is_offered_neither_to_remove_nor_to_split(
    as_trainer, session, trainer, edit_url
):
    SignedPaper.objects.create(
        session=session, page=1, digest="1", attached_by=trainer, attached_at=IN_CLASS
    )
    offered = as_trainer.get(edit_url).context
    assert (offered["may_remove"], offered["may_split"]) == (False, False)


def test_class_whose_register_is_signed_is_offered_no_further_session(
    as_trainer, session, run, trainer
):
    address = reverse("courses:run_detail", args=[run.pk])
    add = reverse("attendance:session_new", args=[run.pk])
    assert add in html_of(as_trainer.get(address))
    RunSignOff.objects.create(
        run=run,
        signed_by=trainer,
        signed_at=IN_CLASS,
        **dict.fromkeys(("session_count", "trainee_count", "completed_count", "minutes"), 0),
    )
    assert add not in html_of(as_trainer.get(address))


# --- Who may -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["session_edit", "session_remove", "session_new"])
def test_other_district_and_trainees_get_404(session, run, other_trainer, name):
    trainee = enrol_many(run, 1)[0].user
    pk = run.pk if name == "session_new" else session.pk
    for person in (other_trainer, trainee):
        response = browse(person).post(reverse(f"attendance:{name}", args=[pk]), AFTERNOON)
        assert response.status_code == 404
        assert run.title not in html_of(response)
    assert list(Session.objects.all()) == [session]


# --- Calendar ---------------------------------------------------------------------------


def calendar(session, person: User):
    return browse(person).get(reverse("attendance:calendar", args=[session.pk]))


def test_calendar_is_for_those_enrolled_and_those_who_keep_the_class_alone(
    session, run, trainer, other_trainer
):
    trainee, withdrawn = enrol_many(run, 2)
    set_fields(withdrawn, status=EnrolmentStatus.WITHDRAWN)
    for person in (trainer, trainee.user):
        response = calendar(session, person)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"].startswith('attachment; filename="buoi-hoc-')
        assert "SUMMARY:Buổi 1" in html_of(response)
    for person in (other_trainer, withdrawn.user):
        assert calendar(session, person).status_code == 404


# --- Cancelled, copied --------------------------------------------------------


def test_cancelled_session_is_shown_as_such_with_its_reason(as_trainer, run, session, edit_url):
    url = reverse("attendance:session_cancel", args=[session.pk])
    asked = as_trainer.get(url)
    assert vi_date(session.starts_at, "hour") in asked.context["when"]
    assert asked.context["when"] in html_of(asked)
    assert error_codes(as_trainer.post(url, {"reason": ""}).context["form"]) == {
        "reason": ["required"]
    }
    page = as_trainer.post(url, {"reason": "Bão số 3"}, follow=True)
    session.refresh_from_db()
    assert session.cancel_reason == "Bão số 3"
    assert "Bão số 3" in html_of(page)
    assert reverse("attendance:roll_call", args=[session.pk]) not in html_of(page)
    # No form is offered any more.
    leads_to = as_trainer.get(edit_url)["Location"]
    assert leads_to == reverse("courses:run_detail", args=[session.run_id])


def test_session_that_was_cancelled_or_signed_asks_for_no_reason(
    as_trainer, session, people, trainer
):
    url = reverse("attendance:session_cancel", args=[session.pk])
    absent = [one.pk for one in people]
    signed = sign_session(session=session, by=trainer, at=session.ends_at, absent=absent)
    assert levels_of(as_trainer.get(url, follow=True)) == ["error"]

    signed.delete()
    set_fields(session, cancelled_at=session.starts_at, cancel_reason="Bão")
    (told,) = as_trainer.get(url, follow=True).context["messages"]
    assert "Bão" in str(told)
    refused = as_trainer.post(url, {"reason": "Mất điện"})
    assert error_codes(refused.context["form"]) == {"__all__": ["already_cancelled"]}
    assert as_trainer.post(url, {"reason": "Bão"}).status_code == 302


def test_form_says_how_many_were_excused_and_lets_the_day_be_changed(
    trainer, coordinator, session, person
):
    excuse = ask_excuse(session=session, enrolment=person, reason="Con ốm", at=IN_CLASS)
    decide_excuse(excuse=excuse, grant=True, by=coordinator, at=IN_CLASS)
    page = browse(trainer).get(reverse("attendance:session_edit", args=[session.pk]))
    assert (page.context["has_marks"], page.context["excused"]) == (False, 1)
    assert "1 người đã được phép vắng buổi này" in html_of(page)
