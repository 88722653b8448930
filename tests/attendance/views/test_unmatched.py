"""Who is not on record is noted by name, and matched by the unit."""

from uuid import uuid4

import pytest
from django.urls import reverse

from attendance.domain.paper.sign_in_sheet import compose_sign_in_sheet
from attendance.domain.walk_ins.unmatched import match_unmatched, note_unmatched
from attendance.enums import WalkInState
from attendance.models import AttendanceRecord, UnmatchedWalkIn
from tests.factories.accounts import PostingFactory
from tests.factories.attendance import IN_CLASS, enrol_many
from tests.factories.geography import unit
from tests.reading import html_of
from tests.shared import shared

LIST = reverse("attendance:unmatched_list")


@shared
def walk_in(session, trainer):
    return note_unmatched(
        session=session, name="Đỗ Thị Đào", client_id=uuid4(), by=trainer, at=IN_CLASS
    )


@pytest.fixture
def url(walk_in):
    return reverse("attendance:unmatched_walk_in", args=[walk_in.pk])


def test_name_is_noted_shown_and_taken_back(as_trainer, session):
    url = reverse("attendance:walk_in", args=[session.pk])
    token = str(uuid4())
    for _time in range(2):
        sent = {"unmatched": "1", "name": "Đỗ Thị Đào", "token": token}
        assert as_trainer.post(url, sent).url == url
    walk_in = UnmatchedWalkIn.objects.get()

    roll = as_trainer.get(reverse("attendance:roll_call", args=[session.pk]))
    assert list(roll.context["unmatched"]) == [walk_in]
    [one] = as_trainer.get(url).context["unmatched"]
    assert one == {"line": walk_in, "is_slip": True}

    as_trainer.post(url, {"take_back": walk_in.pk})
    walk_in.refresh_from_db()
    assert walk_in.state == WalkInState.DISMISSED


def test_what_was_typed_is_kept_where_the_name_is_missing(as_trainer, session):
    url = reverse("attendance:walk_in", args=[session.pk])

    page = as_trainer.post(url, {"unmatched": "1", "name": "", "phone": "0912 345 678"})
    assert page.context["form"].errors.keys() == {"name"}
    assert "0912 345 678" in html_of(page)
    assert not UnmatchedWalkIn.objects.exists()


def test_count_stands_on_register_and_sheet(as_trainer, walk_in, run, session, trainer):
    enrol_many(run, 1)
    sign = as_trainer.get(reverse("attendance:session_sign", args=[session.pk]))
    register = as_trainer.get(reverse("attendance:run_register", args=[run.pk]))

    assert sign.context["session"].unmatched_count == 1
    assert [line["session"].unmatched_count for line in register.context["lines"]] == [1]
    paper = compose_sign_in_sheet(session=session, reader=trainer, at=IN_CLASS)
    assert paper["unmatched"] == 1


def test_coordinator_finds_the_work_and_matches_it(as_coordinator, walk_in, url):
    person = PostingFactory(unit=unit("13387"), user__full_name="Đỗ Thị Đào").user
    front = html_of(as_coordinator.get(reverse("wagtailadmin_home")))
    assert LIST in front
    assert url in html_of(as_coordinator.get(LIST))
    page = as_coordinator.get(url)
    assert [row["one"].person for row in page.context["found"]] == [person]
    page = as_coordinator.get(url, {"q": "lan"})
    assert page.context["found"] == []

    assert as_coordinator.post(url, {"person": person.pk}).url == LIST
    assert AttendanceRecord.objects.get().enrolment.user == person
    assert not as_coordinator.get(url).context["is_waiting"]
    # Somebody else had the page open.
    other = PostingFactory(unit=unit("13387")).user
    told = as_coordinator.post(url, {"person": other.pk}, follow=True)
    assert not told.context["is_waiting"]
    assert list(told.context["messages"]) == []


def test_line_is_dismissed_with_a_reason(as_coordinator, walk_in, url):
    page = as_coordinator.post(url, {"dismiss": "1", "reason": " "})
    assert page.context["form"].errors.keys() == {"reason"}

    assert as_coordinator.post(url, {"dismiss": "1", "reason": "Là tài xế"}).url == LIST
    page = as_coordinator.post(url, {"dismiss": "1", "reason": "Khác"})
    walk_in.refresh_from_db()
    assert walk_in.reason == "Là tài xế"


def test_page_that_dismisses_what_was_matched_says_who_did(
    as_coordinator, walk_in, url, administrator
):
    person = PostingFactory(unit=unit("13387")).user
    match_unmatched(walk_in=walk_in, person=person, by=administrator, at=IN_CLASS)

    page = as_coordinator.post(url, {"dismiss": "1", "reason": "Nhầm"})
    assert [error.code for error in page.context["form"].errors["reason"].as_data()] == [
        "already_decided"
    ]


def test_trainer_sees_the_line_and_decides_nothing(as_trainer, walk_in, url):
    person = PostingFactory(unit=unit("13387")).user

    assert as_trainer.get(LIST).status_code == 404
    page = as_trainer.get(url)
    assert not page.context["may_decide"]
    as_trainer.post(url, {"person": person.pk})
    walk_in.refresh_from_db()
    assert walk_in.state == WalkInState.WAITING


def test_add_form_knows_the_name(as_coordinator, walk_in):
    page = as_coordinator.get(reverse("wagtailusers_users:add"), {"full_name": "Đỗ Thị Đào"})

    assert page.context["form"]["full_name"].value() == "Đỗ Thị Đào"
