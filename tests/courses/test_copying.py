"""A class is copied to another district and other days: looked at first, then made whole."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from attendance.models import Session
from courses.domain.runs import requirements_in_force
from courses.models import CourseRun
from lms.accounts.enums import Role
from tests.factories.accounts import make_official
from tests.factories.attendance import SessionFactory, enrol_many, make_class
from tests.factories.courses import HANOI, ask
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of
from tests.shared import shared


@shared
def source(edition):
    run = make_class("350", code="KB-01")
    run.trainers.add(make_official(Role.TRAINER, "350", full_name="Trần Văn Giảng"))
    ask(run, attendance_hours={"percent": 80})
    session = SessionFactory(run=run, title="Buổi 1", room="P.1", is_required=False)
    session.trainers.set(run.trainers.all())
    off = SessionFactory(run=run, starts_at=datetime(2014, 5, 7, 8, tzinfo=HANOI))
    set_fields(off, cancelled_at=off.starts_at, cancel_reason="Bão")
    enrol_many(run, 2)
    return run


@pytest.fixture
def filled_in(source):
    return {
        "title": "Lớp Lý Nhân",
        "code": "LN-01",
        "unit": unit("353").pk,
        "place": "Nhà văn hoá",
        "starts_on": "03/06/2014",
        "trainers": [trainer.pk for trainer in source.trainers.all()],
    }


@pytest.fixture
def url(source):
    return reverse("runs:copy", args=[source.pk])


def copy(client, url, filled_in):
    seen = client.post(url, filled_in).context["seen"]
    client.post(url, filled_in | {"seen": seen})
    return CourseRun.objects.get(code=filled_in["code"])


def test_sessions_requirements_and_trainers_are_copied_and_nobody_else(
    as_administrator, source, url, filled_in
):
    made = copy(as_administrator, url, filled_in)

    assert (made.status, made.unit, made.ends_on) == ("planned", unit("353"), date(2014, 6, 4))
    assert list(made.trainers.all()) == list(source.trainers.all())
    assert [row.params for row in requirements_in_force(run=made)] == [{"percent": 80}]
    assert made.enrolments.count() == 0
    (session,) = Session.objects.filter(run=made)
    assert session.starts_at == datetime(2014, 6, 3, 8, tzinfo=HANOI)
    assert (session.title, session.place, session.room) == ("Buổi 1", "", "")
    assert session.is_required is False
    assert list(session.trainers.all()) == list(made.trainers.all())


def test_new_days_and_clashes_are_shown_and_nothing_is_written_before(
    as_administrator, source, url, filled_in
):
    other = make_class("350", course=source.course, title="Lớp trùng giờ")
    other.trainers.set(source.trainers.all())
    SessionFactory(run=other, starts_at=datetime(2014, 6, 3, 9, tzinfo=HANOI))

    page = as_administrator.post(url, filled_in)

    assert "Lớp trùng giờ" in html_of(page)
    assert CourseRun.objects.count() == 2


def test_free_code_is_proposed_and_a_taken_one_refused(as_administrator, url, filled_in):
    assert as_administrator.get(url).context["form"].initial["code"] == "KB-01-2"
    form = as_administrator.post(url, filled_in | {"code": "kb-01"}).context["form"]
    assert error_codes(form) == {"code": ["code_taken"]}


def test_coordinator_copies_into_the_own_district_alone(as_coordinator, url, filled_in):
    form = as_coordinator.post(url, filled_in).context["form"]
    assert error_codes(form)["unit"] == ["invalid_choice"]


def test_trainer_who_is_not_copied_does_not_teach_its_sessions(as_administrator, url, filled_in):
    made = copy(as_administrator, url, filled_in | {"trainers": []})
    assert made.trainers.count() == 0
    assert Session.objects.get(run=made).trainers.count() == 0


@pytest.mark.parametrize(
    ("district", "place", "told"),
    [
        ("353", "Hội trường HUYỆN Kim Bảng", True),
        ("353", "Nhà văn hoá", False),
        ("350", "Hội trường huyện Kim Bảng", False),
    ],
)
def test_name_of_the_old_district_in_title_or_place_is_pointed_out(
    as_administrator, url, filled_in, district, place, told
):
    chosen = {"unit": unit(district).pk, "place": place}
    plan = as_administrator.post(url, filled_in | chosen).context["plan"]
    assert plan.names_source_unit == told
