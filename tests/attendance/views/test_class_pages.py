"""What attendance shows on the pages of courses, and in the admin."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.enums import AttendanceStatus, MarkMethod, SessionState
from courses.enums import EnrolmentStatus, RunStatus
from lms.accounts.enums import Role
from tests.factories.accounts import browse, log_in
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    at_eight,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import EnrolmentFactory, ask
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of


def page_of(client, run):
    return client.get(reverse("courses:run_detail", args=[run.pk]))


def lines_of(client, run):
    """The sessions on the page of a class, in its order."""
    return page_of(client, run).context["lines"]


def counts_of(line):
    """How many have each status, "left" for those who have none."""
    return {one["status"]: one["count"] for one in line["counts"]} | {"left": line["left"]}


def test_class_page_shows_sessions_with_counts_and_the_roll_call(as_trainer, run, session, trainer):
    people = enrol_many(run, 5)
    entries = [entry(one) for one in (people[0], people[1], people[4])]
    entries.append(entry(people[2], AttendanceStatus.ABSENT))
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    # Nobody who withdrew is counted.
    set_fields(people[4], status=EnrolmentStatus.WITHDRAWN)

    page = page_of(as_trainer, run)

    [line] = page.context["lines"]
    assert counts_of(line) == {"present": 2, "absent": 1, "left": 1}
    for one in line["counts"]:
        assert f"{one['label']}: {one['count']}" in html_of(page)
    assert reverse("attendance:roll_call", args=[session.pk]) in html_of(page)
    assert reverse("attendance:session_new", args=[run.pk]) in html_of(page)


def test_class_page_counts_no_guest_whom_a_coordinator_may_not_see(
    as_coordinator, run, session, trainer
):
    local = enrol_many(run, 2, commune="13387")
    guests = enrol_many(run, 3, commune="13591")
    entries = [entry(local[0]), entry(guests[0]), entry(guests[1], AttendanceStatus.ABSENT)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)

    [line] = lines_of(as_coordinator, run)
    assert counts_of(line) == {"present": 1, "left": 1}


def test_class_page_names_first_what_is_today_or_goes_on_behind_midnight(as_trainer, run):
    SessionFactory(run=run, title="Hôm kia", starts_at=at_eight(days=-2))
    evening, end = at_eight(days=-1), timezone.now() + timedelta(hours=1)
    SessionFactory(run=run, title="Còn học", starts_at=evening, ends_at=end, counted_at=None)
    html = html_of(page_of(as_trainer, run))
    assert html.index("Còn học") < html.index("Hôm kia")

    run.sessions.get(title="Còn học").delete()
    SessionFactory(run=run, title="Sáng nay", starts_at=at_eight())
    found = [line["session"].title for line in lines_of(as_trainer, run)]
    assert found == ["Sáng nay", "Hôm kia"]


def test_class_page_without_sessions_says_what_to_do(as_trainer, run):
    page = page_of(as_trainer, run)
    assert page.context["lines"] == []
    assert f'href="{reverse("attendance:session_new", args=[run.pk])}">' in html_of(page)


def in_admin(run, role=Role.COORDINATOR):
    return log_in(role, "350").get(reverse("runs:inspect", args=[run.pk]))


def test_class_without_sessions_asks_for_them_in_the_admin_whoever_may_plan_them(run):
    new = reverse("attendance:session_new", args=[run.pk])
    page = in_admin(run)
    assert (page.context["lines"], page.context["may_plan"]) == ([], True)
    assert new in html_of(page)
    assert new not in html_of(in_admin(run, Role.MONITOR))
    set_fields(run, status=RunStatus.CANCELLED)
    assert new not in html_of(in_admin(run))


def test_class_with_sessions_names_them_in_the_admin(run, session):
    page = in_admin(run)
    [line] = page.context["lines"]
    for written in (session.title, line["when"], line["state"].label):
        assert str(written) in html_of(page)
    assert "06/05/2014, 08:00–11:30" in line["when"]


def test_cancelled_class_offers_no_change(as_trainer, run, session):
    set_fields(run, status=RunStatus.CANCELLED)
    html = html_of(page_of(as_trainer, run))
    for name, row in (("session_edit", session), ("roll_call", session), ("session_new", run)):
        assert reverse(f"attendance:{name}", args=[row.pk]) not in html


def my_work_of(person):
    return browse(person).get(reverse("courses:my_work")).context


def test_my_work_shows_the_next_session_of_the_own_classes_with_the_way_there(run):
    trainee = enrol_many(run, 1)[0].user
    other = make_class("353", course=run.course)
    SessionFactory(run=other, title="Huyện khác", starts_at=at_eight(days=1))
    SessionFactory(run=run, title="Đã qua", starts_at=at_eight(days=-1))
    mine = SessionFactory(run=run, title="Kỹ năng", starts_at=at_eight(days=1), place="Nhà A")
    SessionFactory(run=run, title="Tuần sau", starts_at=at_eight(days=7))

    ((found, _is_on, _run),) = my_work_of(trainee)["appointments"]

    assert (found.title, found.starts_at, found.place) == ("Kỹ năng", mine.starts_at, "Nhà A")
    assert found.calendar_url == reverse("attendance:calendar", args=[mine.pk])
    assert parse_qs(urlsplit(found.map_url).query)["query"] == ["Nhà A, huyện Kim Bảng"]


@pytest.mark.parametrize(
    ("begun", "is_on"), [(timedelta(hours=-1), True), (timedelta(hours=1), False), (None, None)]
)
def test_my_work_says_whether_the_session_is_going_on(run, session, begun, is_on):
    if begun is not None:
        SessionFactory(run=run, starts_at=timezone.now() + begun)

    appointments = my_work_of(enrol_many(run, 1)[0].user)["appointments"]
    assert [on for _one, on, _run in appointments] == ([] if is_on is None else [is_on])


def test_my_work_shows_every_session_of_the_next_day(run):
    person = enrol_many(run, 1)[0].user
    for hours, title in ((6, "Chiều"), (0, "Sáng"), (24, "Hôm sau")):
        start = at_eight(days=1) + timedelta(hours=hours)
        SessionFactory(run=run, title=title, starts_at=start)

    told = my_work_of(person)["appointments"]
    assert [one.title for one, _is_on, _run in told] == ["Sáng", "Chiều"]


@pytest.mark.parametrize(("coming", "days"), [(True, 1), (False, 30)])
def test_hours_that_are_missing_lead_to_the_sessions_by_the_day_of_the_next(run, coming, days):
    set_fields(run, ends_on=timezone.localdate() + timedelta(days=30))
    ask(run, attendance_hours={"percent": 100})
    SessionFactory(run=run, starts_at=at_eight(days=1 if coming else -1))

    (line,) = my_work_of(enrol_many(run, 1)[0].user)["missing"]

    assert line["way"].url == reverse("attendance:my_sessions")
    assert line["way"].due_on == timezone.localdate() + timedelta(days=days)


def test_trainee_page_shows_each_session_and_who_noted_what(
    as_trainer, run, person, session, trainer
):
    SessionFactory(run=run, title="Sang năm", starts_at=at_eight(days=300))
    SessionFactory(run=run, title="Chưa ghi", starts_at=session.starts_at + timedelta(hours=5))
    for act in (
        entry(person, AttendanceStatus.ABSENT),
        entry(person, AttendanceStatus.LATE, minutes_late=20, reason="Xe hỏng, có báo"),
    ):
        take_roll(session=session, entries=[act], by=trainer, at=IN_CLASS)
    url = reverse("courses:enrolment_detail", args=[run.pk, person.pk])
    page = as_trainer.get(url)
    first, *others = page.context["lines"]
    assert first["record"].minutes == 190
    assert [len(line["marks"]) for line in (first, *others)] == [2, 0, 0]
    assert [line["state"] for line in others] == [SessionState.OVER, SessionState.TO_COME]
    (_absent, _said), (late, said) = first["marks"]
    assert (late.status, late.method) == (AttendanceStatus.LATE, MarkMethod.CORRECTION)
    for written in (
        first["attended"],
        first["length"],
        f"{said} · {late.get_method_display()}",
        f"08:01 06/05/2014 · {trainer.full_name}",
        "Xe hỏng, có báo",
    ):
        assert written in html_of(page)


def test_trainee_page_of_a_class_without_sessions_shows_no_panel(as_trainer, run, person):
    url = reverse("courses:enrolment_detail", args=[run.pk, person.pk])
    assert 'id="attendance"' not in html_of(as_trainer.get(url))


def test_my_work_with_everything_spends_the_same_queries(run, django_assert_max_num_queries):
    person = enrol_many(run, 1)[0].user
    ask(run, lessons={"percent": 100}, attendance_hours={"percent": 100})
    client = browse(person)
    # SQLite is asked once what it knows.
    client.get(reverse("courses:my_work"))
    spent = set()
    for count in (1, 6):
        others = [make_class("353", course=run.course) for _ in range(count - 1)]
        for other in others:
            ask(other, lessons={"percent": 100}, attendance_hours={"percent": 100})
            EnrolmentFactory(run=other, unit=unit("13387"), user=person)
        for held in [run, *others]:
            SessionFactory(run=held, starts_at=at_eight(days=count))
        with django_assert_max_num_queries(7) as asked:
            client.get(reverse("courses:my_work"))
        spent.add(len(asked))
    assert len(spent) == 1
