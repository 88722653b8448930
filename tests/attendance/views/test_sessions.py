from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.enums import AttendanceStatus
from attendance.models import Session
from courses.enums import EnrolmentStatus, RunStatus
from lms.accounts.domain.roles import assign_role
from lms.accounts.enums import Role
from lms.accounts.models import User
from tests.factories.accounts import RoleAssignmentFactory, UserFactory
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import HANOI
from tests.factories.geography import unit

AFTERNOON = {
    "title": "Buổi 2",
    "day": "2014-05-06",
    "starts": "13:30",
    "ends": "17:00",
    "place": "",
    "is_required": "on",
}


@pytest.fixture
def trainer_client(client, trainer):
    client.force_login(trainer)
    return client


@pytest.fixture
def new_url(run):
    return reverse("attendance:session_new", args=[run.pk])


@pytest.fixture
def edit_url(session):
    return reverse("attendance:session_edit", args=[session.pk])


def messages(response):
    return [str(message) for message in response.context["messages"]]


# --- New ----------------------------------------------------------------------


def test_new_session_is_proposed_for_the_next_half_day(trainer_client, session, new_url):
    html = trainer_client.get(new_url).content.decode()
    for value in ("Buổi 2", "2014-05-06", "13:30", "17:00"):
        assert f'value="{value}"' in html


def test_new_session_is_saved_and_leads_back_to_the_class(trainer_client, run, new_url):
    response = trainer_client.post(new_url, AFTERNOON, follow=True)
    assert response.redirect_chain == [(reverse("courses:run_detail", args=[run.pk]), 302)]
    assert messages(response) == ["Đã thêm buổi học vào lớp."]
    session = Session.objects.get(run=run)
    assert session.starts_at == datetime(2014, 5, 6, 13, 30, tzinfo=HANOI)


def test_day_may_be_typed_as_people_write_it(trainer_client, run, new_url):
    trainer_client.post(new_url, AFTERNOON | {"day": "07/05/2014"})
    assert timezone.localdate(Session.objects.get().starts_at).day == 7


def test_end_before_start_says_so_beside_the_field_and_keeps_what_was_typed(
    trainer_client, new_url
):
    response = trainer_client.post(new_url, AFTERNOON | {"ends": "13:00", "title": "Kỹ năng"})
    form = response.context["form"]
    assert form.errors == {"ends": ["Giờ kết thúc phải sau giờ bắt đầu."]}
    assert 'value="Kỹ năng"' in response.content.decode()
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day", "32/05/2014", "Vui lòng nhập ngày, ví dụ 24/11/2026."),
        ("starts", "8 giờ", "Vui lòng nhập giờ, ví dụ 08:00."),
        (
            "day",
            "2014-05-09",
            "Lớp diễn ra từ 06/05/2014 đến 07/05/2014: vui lòng chọn một ngày trong khoảng này.",
        ),
    ],
)
def test_wrong_value_is_told_in_vietnamese(trainer_client, new_url, field, value, sentence):
    response = trainer_client.post(new_url, AFTERNOON | {field: value})
    assert response.context["form"].errors[field] == [sentence]


def test_refusal_of_the_whole_stands_above_the_form(trainer_client, run, new_url):
    run.status = RunStatus.CANCELLED
    run.save()
    response = trainer_client.post(new_url, AFTERNOON)
    assert response.context["form"].non_field_errors() == [
        "Lớp đã huỷ nên không thay đổi buổi học được."
    ]


# --- Change and remove ----------------------------------------------------------


def test_session_is_shown_in_local_time_and_changed(trainer_client, session, edit_url):
    html = trainer_client.get(edit_url).content.decode()
    assert 'value="08:00"' in html
    response = trainer_client.post(
        edit_url, AFTERNOON | {"starts": "09:00", "ends": "11:00"}, follow=True
    )
    assert messages(response) == ["Đã sửa buổi học."]
    session.refresh_from_db()
    assert session.starts_at == datetime(2014, 5, 6, 9, 0, tzinfo=HANOI)


def test_change_onto_another_session_is_refused_beside_the_hour(trainer_client, session, edit_url):
    SessionFactory(run=session.run, title="Chiều", starts_at=session.starts_at + timedelta(hours=5))
    response = trainer_client.post(edit_url, AFTERNOON)
    assert response.context["form"].errors == {
        "starts": ["Giờ này lớp đã có “Chiều” (13:00–16:30)."]
    }


def test_unreadable_change_keeps_what_was_typed(trainer_client, edit_url):
    response = trainer_client.post(edit_url, AFTERNOON | {"title": "", "place": "Phòng 9"})
    assert 'value="Phòng 9"' in response.content.decode()


def test_session_without_marks_is_removed(trainer_client, session, edit_url):
    url = reverse("attendance:session_remove", args=[session.pk])
    assert url in trainer_client.get(edit_url).content.decode()
    response = trainer_client.post(url, follow=True)
    assert messages(response) == ["Đã xoá buổi học khỏi lớp."]
    assert Session.objects.count() == 0


def test_session_with_marks_is_not_removed(trainer_client, session, run, trainer, edit_url):
    entries = [entry(person) for person in enrol_many(run, 1)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    url = reverse("attendance:session_remove", args=[session.pk])
    assert url not in trainer_client.get(edit_url).content.decode()
    response = trainer_client.post(url, follow=True)
    assert messages(response) == ["Buổi này đã điểm danh nên không xoá được."]
    assert Session.objects.count() == 1


def test_page_that_only_looks_does_not_remove(trainer_client, session):
    url = reverse("attendance:session_remove", args=[session.pk])
    assert trainer_client.get(url).status_code == 405
    assert Session.objects.count() == 1


# --- Who may -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["session_edit", "session_remove", "session_new"])
def test_other_district_and_trainees_get_404(client, session, run, other_trainer, name):
    trainee = enrol_many(run, 1)[0].user
    pk = run.pk if name == "session_new" else session.pk
    for person in (other_trainer, trainee):
        client.force_login(person)
        response = client.post(reverse(f"attendance:{name}", args=[pk]), AFTERNOON)
        assert response.status_code == 404
        assert run.title not in response.content.decode()
    assert list(Session.objects.all()) == [session]


# --- Today -----------------------------------------------------------------------------


@pytest.fixture
def today_run(run):
    run.starts_on = run.ends_on = timezone.localdate()
    run.save()
    return run


def at_eight(days=0):
    morning = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=days)


def test_today_lists_the_own_sessions_of_today_alone(trainer_client, today_run):
    mine = SessionFactory(run=today_run, title="Sáng nay", starts_at=at_eight())
    SessionFactory(run=today_run, title="Ngày khác", starts_at=at_eight(days=1))
    other = make_class("353", course=today_run.course)
    SessionFactory(run=other, title="Huyện khác", starts_at=at_eight())
    html = trainer_client.get(reverse("attendance:today")).content.decode()
    assert "Sáng nay" in html
    assert reverse("attendance:roll_call", args=[mine.pk]) in html
    assert "Ngày khác" not in html
    assert "Huyện khác" not in html


def test_today_leaves_out_cancelled_classes(trainer_client, today_run):
    SessionFactory(run=today_run, title="Sáng nay", starts_at=at_eight())
    today_run.status = RunStatus.CANCELLED
    today_run.save()
    html = trainer_client.get(reverse("attendance:today")).content.decode()
    assert "Hôm nay không có buổi học nào" in html


def test_today_stands_in_the_bar_of_trainers_alone(client, trainer, run):
    trainee = enrol_many(run, 1)[0].user
    for person, shown in ((trainer, True), (trainee, False)):
        client.force_login(person)
        html = client.get(reverse("attendance:today")).content.decode()
        assert ("<span>Buổi học hôm nay</span>" in html) is shown


def test_today_lists_earlier_rolls_to_finish_with_their_day(trainer_client, run, trainer):
    people = enrol_many(run, 2)
    done = SessionFactory(run=run, title="Đã xong")
    take_roll(session=done, entries=[entry(one) for one in people], by=trainer, at=IN_CLASS)
    left = SessionFactory(run=run, title="Còn thiếu", starts_at=at_eight(days=-1))
    SessionFactory(run=run, title="Sắp tới", starts_at=at_eight(days=1))
    html = trainer_client.get(reverse("attendance:today")).content.decode()
    assert "Hôm nay không có buổi học nào" in html
    assert "Các buổi trước chưa điểm danh xong" in html
    assert "Hôm qua, 08:00–11:30" in html
    assert "Chưa điểm danh: 2" in html
    assert reverse("attendance:roll_call", args=[left.pk]) in html
    assert "Đã xong" not in html
    assert "Sắp tới" not in html


def test_today_names_no_earlier_rolls_when_all_are_finished(trainer_client, run, session):
    html = trainer_client.get(reverse("attendance:today")).content.decode()
    assert "Các buổi trước chưa điểm danh xong" not in html


def test_today_pages_through_many_earlier_rolls(trainer_client, run):
    enrol_many(run, 1)
    for number in range(11):
        SessionFactory(run=run, title=f"Lần {number:02d}", starts_at=at_eight(days=-1 - number))
    html = trainer_client.get(reverse("attendance:today")).content.decode()
    assert "Lần 09" in html
    assert "Lần 10" not in html
    assert "11 buổi" in html
    html = trainer_client.get(reverse("attendance:today"), {"page": 2}).content.decode()
    assert "Lần 10" in html


def test_roll_of_today_is_offered_before_the_earlier_ones(trainer_client, today_run):
    enrol_many(today_run, 1)
    SessionFactory(run=today_run, title="Hôm trước", starts_at=at_eight(days=-1))
    SessionFactory(run=today_run, title="Sáng nay", starts_at=at_eight())
    context = trainer_client.get(reverse("attendance:today")).context
    leads = [(line["session"].title, line["is_lead"]) for line in context["lines"]]
    assert leads == [("Sáng nay", True)]
    assert [line["is_lead"] for line in context["earlier"]] == [False]


@pytest.mark.parametrize("count", [1, 3])
def test_today_costs_the_same_queries_for_any_number(
    trainer_client, today_run, django_assert_num_queries, count
):
    enrol_many(today_run, 2)
    for number in range(count):
        SessionFactory(run=today_run, starts_at=at_eight() + timedelta(hours=number * 4))
        SessionFactory(run=today_run, starts_at=at_eight(days=-1 - number))
    # Log-in (2), the roles, the number of earlier rolls, these, the sessions of today.
    with django_assert_num_queries(6):
        trainer_client.get(reverse("attendance:today"))


# --- Calendar ---------------------------------------------------------------------------


def calendar(client, session, person: User):
    client.force_login(person)
    return client.get(reverse("attendance:calendar", args=[session.pk]))


def test_calendar_is_for_those_enrolled_and_those_who_keep_the_class(client, session, run, trainer):
    trainee = enrol_many(run, 1)[0].user
    for person in (trainer, trainee):
        response = calendar(client, session, person)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"].startswith('attachment; filename="buoi-hoc-')
        assert "SUMMARY:Buổi 1" in response.content.decode()


def test_calendar_is_404_for_others(client, session, run, other_trainer):
    withdrawn = enrol_many(run, 1)[0]
    withdrawn.status = EnrolmentStatus.WITHDRAWN
    withdrawn.save()
    for person in (other_trainer, withdrawn.user):
        assert calendar(client, session, person).status_code == 404


# --- On the pages of courses -----------------------------------------------------------


def test_class_page_shows_sessions_with_counts_and_the_roll_call(
    trainer_client, run, session, trainer
):
    people = enrol_many(run, 4)
    entries = [entry(people[0]), entry(people[1]), entry(people[2], AttendanceStatus.ABSENT)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    html = trainer_client.get(reverse("courses:run_detail", args=[run.pk])).content.decode()
    for text in ("Có mặt: 2", "Vắng: 1", "Chưa điểm danh: 1"):
        assert text in html
    assert reverse("attendance:roll_call", args=[session.pk]) in html
    assert reverse("attendance:session_new", args=[run.pk]) in html


def test_class_page_counts_nobody_who_withdrew(trainer_client, run, session, trainer):
    people = enrol_many(run, 2)
    entries = [entry(person) for person in people]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    people[0].status = EnrolmentStatus.WITHDRAWN
    people[0].save()
    html = trainer_client.get(reverse("courses:run_detail", args=[run.pk])).content.decode()
    assert "Có mặt: 1" in html
    assert "Chưa điểm danh" not in html


def test_class_page_counts_no_guest_whom_a_coordinator_may_not_see(client, run, session, trainer):
    local = enrol_many(run, 2, commune="13387")
    guests = enrol_many(run, 3, commune="13591")
    entries = [entry(local[0]), entry(guests[0]), entry(guests[1], AttendanceStatus.ABSENT)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    coordinator = UserFactory()
    RoleAssignmentFactory(user=coordinator, role=Role.COORDINATOR, unit=unit("350"))
    client.force_login(coordinator)
    html = client.get(reverse("courses:run_detail", args=[run.pk])).content.decode()
    assert "Có mặt: 1" in html
    assert "Vắng:" not in html
    assert "Chưa điểm danh: 1" in html


def test_class_page_names_the_session_of_today_first(trainer_client, run):
    SessionFactory(run=run, title="Hôm trước", starts_at=at_eight(days=-1))
    SessionFactory(run=run, title="Sáng nay", starts_at=at_eight())
    html = trainer_client.get(reverse("courses:run_detail", args=[run.pk])).content.decode()
    assert html.index("Sáng nay") < html.index("Hôm trước")


def test_class_page_without_sessions_says_what_to_do(trainer_client, run):
    html = trainer_client.get(reverse("courses:run_detail", args=[run.pk])).content.decode()
    assert "Lớp chưa có buổi học nào" in html
    assert f'href="{reverse("attendance:session_new", args=[run.pk])}">Xếp lịch buổi học' in html


def in_admin(client, run, role=Role.COORDINATOR):
    person = UserFactory()
    assign_role(user=person, role=role, unit=unit("350"))
    client.force_login(person)
    return client.get(reverse("runs:inspect", args=[run.pk])).content.decode()


def test_class_without_sessions_asks_for_them_in_the_admin(client, run):
    html = in_admin(client, run)
    assert "Lớp chưa có buổi học nào. Anh/chị hãy xếp lịch" in html
    assert reverse("attendance:session_new", args=[run.pk]) in html


def test_class_with_sessions_names_them_in_the_admin(client, run, session):
    html = in_admin(client, run)
    assert session.title in html
    assert "Thứ Ba 06/05/2014, 08:00–11:30" in html
    assert "Lớp chưa có buổi học nào" not in html


def test_monitor_is_not_asked_to_plan_sessions(client, run):
    html = in_admin(client, run, Role.MONITOR)
    assert "Lớp không có buổi học nào" in html
    assert reverse("attendance:session_new", args=[run.pk]) not in html


def test_cancelled_class_asks_for_no_sessions_in_the_admin(client, run):
    run.status = RunStatus.CANCELLED
    run.save()
    html = in_admin(client, run)
    assert reverse("attendance:session_new", args=[run.pk]) not in html


def test_cancelled_class_offers_no_change(trainer_client, run, session):
    run.status = RunStatus.CANCELLED
    run.save()
    html = trainer_client.get(reverse("courses:run_detail", args=[run.pk])).content.decode()
    assert reverse("attendance:session_edit", args=[session.pk]) not in html
    assert reverse("attendance:roll_call", args=[session.pk]) not in html
    session.delete()
    html = trainer_client.get(reverse("courses:run_detail", args=[run.pk])).content.decode()
    assert "Lớp không có buổi học nào" in html


def test_my_work_shows_the_next_session_of_the_own_classes(client, run):
    trainee = enrol_many(run, 1)[0].user
    other = make_class("353", course=run.course)
    SessionFactory(run=other, title="Huyện khác", starts_at=at_eight(days=1))
    SessionFactory(run=run, title="Đã qua", starts_at=at_eight(days=-1))
    mine = SessionFactory(run=run, title="Kỹ năng", starts_at=at_eight(days=1), place="")
    SessionFactory(run=run, title="Tuần sau", starts_at=at_eight(days=7))
    client.force_login(trainee)
    html = client.get(reverse("courses:my_work")).content.decode()
    assert "Ngày mai, 08:00–11:30" in html
    assert run.place in html
    assert reverse("attendance:calendar", args=[mine.pk]) in html
    for title in ("Huyện khác", "Đã qua", "Tuần sau"):
        assert title not in html


def test_my_work_without_a_session_to_come_shows_no_panel(client, run, session):
    client.force_login(enrol_many(run, 1)[0].user)
    assert "Buổi học sắp tới" not in client.get(reverse("courses:my_work")).content.decode()


def test_my_work_says_when_the_session_is_going_on(client, run):
    now = timezone.now()
    SessionFactory(run=run, starts_at=now - timedelta(hours=1))
    client.force_login(enrol_many(run, 1)[0].user)
    assert "Đang diễn ra" in client.get(reverse("courses:my_work")).content.decode()


def test_trainee_page_shows_each_session_and_who_noted_what(trainer_client, run, session, trainer):
    person = enrol_many(run, 1)[0]
    SessionFactory(run=run, title="Sang năm", starts_at=at_eight(days=300))
    SessionFactory(run=run, title="Chưa ghi", starts_at=session.starts_at + timedelta(hours=5))
    for act in (
        entry(person, AttendanceStatus.ABSENT),
        entry(person, AttendanceStatus.LATE, minutes_late=20, reason="Xe hỏng, có báo"),
    ):
        take_roll(session=session, entries=[act], by=trainer, at=IN_CLASS)
    url = reverse("courses:enrolment_detail", args=[run.pk, person.pk])
    html = trainer_client.get(url).content.decode()
    for text in (
        "Đã dự 3 giờ 10 phút trên 3 giờ 30 phút.",
        "2 lần ghi",
        "Đi muộn (20 phút) · Sửa lại",
        "08:01 06/05/2014 · Trần Văn Giảng",
        "Lý do: Xe hỏng, có báo",
        "Chưa học",
        "Chưa điểm danh",
    ):
        assert text in html


def test_trainee_page_of_a_class_without_sessions_shows_no_panel(trainer_client, run):
    person = enrol_many(run, 1)[0]
    url = reverse("courses:enrolment_detail", args=[run.pk, person.pk])
    assert 'id="attendance"' not in trainer_client.get(url).content.decode()
