"""Classes as trainers and coordinators see them, and what others do not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.domain.lessons import complete_lesson
from courses.enums import EnrolmentStatus, RunStatus
from courses.views.runs import PHASE_LABELS
from lms.accounts.enums import Role
from tests.courses.views.conftest import enrolled
from tests.factories.accounts import UserFactory, browse, log_in, make_official
from tests.factories.courses import EVENING, EnrolmentFactory, ask, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, templates_of
from tests.shared import shared

RUN_LIST = "/lop/"


def run_page(run):
    return reverse("courses:run_detail", args=[run.pk])


def trainee_page(enrolment, run=None):
    return reverse("courses:enrolment_detail", args=[(run or enrolment.run).pk, enrolment.pk])


def days(number):
    return timezone.localdate() + timedelta(days=number)


@shared
def classes(course, run):
    """One past (`run`), one today, two to come, in Kim Bảng; one in Lý Nhân."""
    kim_bang = unit("350")
    return {
        "past": run,
        "later": make_run(course, kim_bang, starts_on=days(9), ends_on=days(9), title="Lớp sau"),
        "today": make_run(course, kim_bang, starts_on=days(0), ends_on=days(1), title="Lớp nay"),
        "soon": make_run(course, kim_bang, starts_on=days(2), ends_on=days(2), title="Lớp mai"),
        "other": make_run(course, unit("353"), starts_on=days(0), ends_on=days(0), title="Lớp lạ"),
    }


def test_list_without_a_class_says_what_will_come_and_one_of_several_days_goes_on(
    as_coordinator, course
):
    empty = as_coordinator.get(RUN_LIST)
    assert empty.context["total"] == 0
    assert "lms/components/empty.html" in templates_of(empty)

    make_run(course, unit("350"), starts_on=days(-1), ends_on=days(1))
    page = as_coordinator.get(RUN_LIST)
    assert [run.phase for run in page.context["page"]] == ["current"]
    assert str(PHASE_LABELS["current"]) in html_of(page)


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.TRAINER, True), (Role.COORDINATOR, True), (Role.MONITOR, False)]
)
def test_new_class_is_offered_to_those_who_may_plan_one(run, role, shown):
    body = html_of(log_in(role, "35").get(RUN_LIST))

    assert (f'href="{reverse("runs:add")}"' in body) is shown


def test_list_has_todays_classes_first_and_is_narrowed_and_searched(as_coordinator, classes):
    def shown(**asked):
        return [run.title for run in as_coordinator.get(RUN_LIST, asked).context["page"]]

    # Not the class of another district.
    assert shown() == [classes[key].title for key in ("today", "soon", "later", "past")]
    body = html_of(as_coordinator.get(RUN_LIST))
    assert body.index('id="phase-current"') < body.index('id="phase-upcoming"')
    assert shown(when="upcoming") == ["Lớp mai", "Lớp sau"]
    assert shown(q="lop NAY kim bang") == shown(q="lop\0 nay") == ["Lớp nay"]
    assert shown(q="ly nhan") == []


def test_list_of_a_trainer_holds_the_own_classes_only(as_trainer, classes):
    assert list(as_trainer.get(RUN_LIST).context["page"]) == [classes["past"]]


def test_list_sets_cancelled_classes_apart(as_coordinator, run):
    set_fields(run, status=RunStatus.CANCELLED)

    assert 'id="phase-cancelled"' in html_of(as_coordinator.get(RUN_LIST))


def test_staff_who_attend_a_class_find_the_way_to_it(run):
    user = make_official(Role.COORDINATOR, "350")
    client = browse(user)
    assert not client.get(RUN_LIST).context["attends"]

    EnrolmentFactory(run=run, unit=unit("350"), user=user)

    page = client.get(RUN_LIST)
    assert page.context["attends"]
    assert reverse("courses:my_work") in html_of(page)


def test_list_spends_the_same_queries_with_one_and_three_classes(
    as_coordinator, course, run, django_assert_num_queries
):
    enrolled(run, "Hoàng Thị Hương")
    with django_assert_num_queries(8):
        as_coordinator.get(RUN_LIST)

    for number in range(2):
        more = make_run(course, unit("350"), title=f"Lớp thêm {number}")
        more.trainers.add(UserFactory())
        enrolled(more, "Lê Văn Bình")
    with django_assert_num_queries(8):
        as_coordinator.get(RUN_LIST)


def test_class_shows_its_facts_and_trainees_in_name_order(as_trainer, run):
    for name in ("Hoàng Thị Hương", "Trần Văn Đức", "Lê Thị Ánh", "Bùi Văn Dũng"):
        enrolled(run, name)

    body = html_of(as_trainer.get(run_page(run)))

    assert f"<h1>{run.title}</h1>" in body
    assert "06/05/2014 – 07/05/2014" in body
    order = [body.index(name) for name in ("Thị Ánh", "Văn Dũng", "Văn Đức", "Hoàng Thị")]
    assert order == sorted(order)


def test_class_shows_what_each_trainee_has_and_lacks(as_trainer, run, enrolment, lessons, quiz):
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    page = as_trainer.get(run_page(run))

    [row] = page.context["rows"]
    assert [one.met for one in row["results"]] == [False, False]
    for one, told in zip(row["results"], ("50%", "0%"), strict=True):
        assert f'<td class="num" data-label="{one.label}">{told}</td>' in html_of(page)


def test_class_is_narrowed_to_who_lacks_something_or_to_a_name_and_counts_no_withdrawn(
    as_trainer, run
):
    enrolled(run, "Hoàng Thị Hương")
    enrolled(run, "Lê Văn Đức", status=EnrolmentStatus.COMPLETED, completed_at=EVENING)
    enrolled(run, "Bùi Văn Dũng", status=EnrolmentStatus.WITHDRAWN)

    def shown(**asked):
        rows = as_trainer.get(run_page(run), asked).context["rows"]
        return [row["enrolment"].user.full_name for row in rows]

    assert shown(status="active") == ["Hoàng Thị Hương"]
    assert shown(q="le van DUC") == ["Lê Văn Đức"]
    assert shown(q="xyz") == []
    counts = as_trainer.get(run_page(run)).context["counts"]
    assert counts == {"enrolled": 2, "completed": 1, "lacking": 1}


def test_class_without_trainees_leads_to_what_is_to_do_and_is_closed_once_gone_by(as_trainer, run):
    shown = as_trainer.get(run_page(run))
    page = html_of(shown)
    set_fields(run, ends_on=days(0))
    on_its_last_day = html_of(as_trainer.get(run_page(run)))

    assert shown.context["rows"] == []
    for name in ("enrol", "inspect", "close"):
        assert reverse(f"runs:{name}", args=[run.pk]) in page
    for body in (page, on_its_last_day):
        assert reverse("runs:open", args=[run.pk]) not in body
    assert reverse("runs:close", args=[run.pk]) not in on_its_last_day


def test_planned_class_is_filled_before_it_is_opened_from_its_page(as_trainer, run):
    set_fields(run, status=RunStatus.PLANNED)

    empty = html_of(as_trainer.get(run_page(run)))
    enrolled(run, "Hoàng Thị Hương")
    filled = html_of(as_trainer.get(run_page(run)))

    assert reverse("runs:enrol", args=[run.pk]) in empty
    assert reverse("runs:open", args=[run.pk]) not in empty
    assert reverse("runs:open", args=[run.pk]) in filled
    assert reverse("runs:close", args=[run.pk]) not in filled


def test_class_is_shown_page_by_page(as_trainer, run):
    for number in range(51):
        enrolled(run, f"Nguyễn Văn A{chr(97 + number % 26)}")

    first = as_trainer.get(run_page(run))
    second = as_trainer.get(run_page(run), {"page": 2})

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 1)


def test_class_spends_the_same_queries_with_one_and_three_trainees(
    as_trainer, run, lessons, quiz, no_panels, django_assert_num_queries
):
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    enrolled(run, "Hoàng Thị Hương")
    with django_assert_num_queries(11):
        as_trainer.get(run_page(run))

    enrolled(run, "Trần Văn Đức")
    complete_lesson(enrolment=enrolled(run, "Lê Thị Ánh", "13387"), lesson=lessons[0], at=EVENING)
    with django_assert_num_queries(11):
        as_trainer.get(run_page(run))


@pytest.mark.parametrize(("role", "code"), [(Role.COORDINATOR, "353"), (Role.TRAINER, "350")])
def test_class_of_another_is_not_found_and_names_nobody(run, enrolment, role, code):
    client = log_in(role, code)

    for address in (run_page(run), trainee_page(enrolment)):
        response = client.get(address)
        assert response.status_code == 404
        assert "Hoàng Thị Hương" not in html_of(response)
        assert run.title not in html_of(response)


def test_list_and_class_are_not_found_for_a_trainee(as_trainee, run, enrolment):
    for address in (RUN_LIST, run_page(run), trainee_page(enrolment)):
        assert as_trainee.get(address).status_code == 404


def test_coordinator_sees_the_whole_class_that_the_district_holds_only_as_far_as_seen(
    as_coordinator, run
):
    """The class is in Kim Bảng; somebody from Lý Nhân attends it."""
    enrolled(run, "Hoàng Thị Hương", "13384")
    guest = enrolled(run, "Lê Thị Lạ", "13591")

    body = html_of(as_coordinator.get(run_page(run)))

    assert "Hoàng Thị Hương" in body
    assert "Lê Thị Lạ" not in body
    assert as_coordinator.get(trainee_page(guest)).status_code == 404


def test_trainee_page_tells_line_by_line(as_trainer, run, enrolment, lessons, quiz):
    asks_nothing = as_trainer.get(trainee_page(enrolment))
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    set_fields(enrolment.user, phone="+84912345678")

    body = html_of(as_trainer.get(trainee_page(enrolment)))

    assert asks_nothing.context["steps"] == []
    assert f"<h1>{enrolment.user.full_name}</h1>" in body
    assert body.count('class="step is-todo"') == 2
    assert 'href="tel:+84912345678"' in body
    assert enrolment.user.staff_code in body
    assert str(enrolment.unit) in body


def test_trainee_page_below_the_wrong_class_is_not_found(as_trainer, course, enrolment):
    other = make_run(course, unit("350"))
    assert log_in(Role.ADMINISTRATOR, "35").get(trainee_page(enrolment, other)).status_code == 404


def test_monitor_of_the_province_sees_every_class_and_manages_none(run, enrolment):
    client = log_in(Role.MONITOR, "35")

    page = client.get(run_page(run))

    assert page.status_code == 200
    assert client.get(trainee_page(enrolment)).status_code == 200
    for name in ("enrol", "inspect"):
        assert reverse(f"runs:{name}", args=[run.pk]) not in html_of(page)
