"""Classes in the Wagtail admin, walked by a coordinator, a trainer and a monitor."""

from datetime import date

import pytest
from django.urls import reverse

from courses.domain.progress import progress_of
from courses.enums import RunStatus, RunStep
from courses.models import CourseRun
from lms.accounts.enums import Role
from tests.factories.accounts import UserFactory, browse, make_official
from tests.factories.courses import EnrolmentFactory, ask, make_course, make_run, read_lessons
from tests.factories.geography import unit
from tests.factories.rows import set_fields, status_of
from tests.reading import error_codes, html_of, levels_of
from tests.shared import shared


@shared
def elsewhere(course):
    """A class of the other district with a trainee from there."""
    run = make_run(course, unit("353"), title="Lớp Lý Nhân")
    EnrolmentFactory(run=run, unit=unit("13591"), user__full_name="Lê Thị Lạ")
    return run


def filled_in(run, **fields):
    values = {
        "programme": run.programme.pk,
        "course": run.course.pk,
        "title": "Lớp mới",
        "code": "KB-2014-09",
        "unit": unit("350").pk,
        "place": "Hội trường huyện",
        "starts_on": "06/05/2014",
        "ends_on": "07/05/2014",
    }
    return values | fields


# --- The list and one class


def test_list_shows_the_classes_of_the_own_district_by_words_without_marks_and_by_the_first_day(
    as_coordinator, run, course, elsewhere
):
    later = {"starts_on": date(2014, 6, 3), "ends_on": date(2014, 6, 3)}
    make_run(course, unit("350"), title="Lớp bảo vệ trẻ em", **later)
    EnrolmentFactory(run=run, unit=unit("13384"))

    def listed(**asked):
        rows = as_coordinator.get(reverse("runs:index"), asked).context["object_list"]
        return {one.title: one.trainee_count for one in rows}

    assert listed() == {run.title: 1, "Lớp bảo vệ trẻ em": 0}
    assert listed(q="bao ve") == {"Lớp bảo vệ trẻ em": 0}
    assert listed(starts_on_from="01/06/2014") == {"Lớp bảo vệ trẻ em": 0}


def test_list_by_the_unit_that_holds_the_class_offers_those_of_the_own_only(course):
    person = make_official(Role.TRAINER, "350")
    trainer = browse(person)
    make_run(course, unit("350"), title="Lớp ở Kim Bảng").trainers.add(person)
    other = make_run(course, unit("353"), title="Lớp ở Lý Nhân")

    before = html_of(trainer.get(reverse("runs:index")))
    other.trainers.add(person)
    shown = html_of(trainer.get(reverse("runs:index"), {"unit": unit("353").pk}))

    assert f'value="{unit("350").pk}"' in before
    assert f'value="{unit("353").pk}"' not in before
    assert "Lớp ở Lý Nhân" in shown
    assert "Lớp ở Kim Bảng" not in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_list_and_class_is_constant(
    as_coordinator, course, run, django_assert_num_queries, rows
):
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    for one in [run] * rows + [make_run(course, unit("350")) for _ in range(rows - 1)]:
        EnrolmentFactory(run=one, unit=unit("13384"))
    for address, queries in (
        (reverse("runs:index"), 14),
        (reverse("runs:inspect", args=[run.pk]), 26),
    ):
        # Content types and permissions are looked up once a process, not once a row.
        as_coordinator.get(address)
        with django_assert_num_queries(queries):
            as_coordinator.get(address)


NAMES = [
    "inspect", "edit", "history", "open", "close", "cancel", "copy", "enrol", "enrol_by_name",
    "requirements",
]  # fmt: skip


def test_class_of_the_own_district_opens_and_says_what_to_do_next(as_coordinator, run):
    for name in NAMES:
        assert as_coordinator.get(reverse(f"runs:{name}", args=[run.pk])).status_code == 200, name
    set_fields(run, status=RunStatus.PLANNED)

    page = as_coordinator.get(reverse("runs:inspect", args=[run.pk]))

    assert page.context["step"] == RunStep.ENROL
    assert reverse("runs:enrol", args=[run.pk]) in html_of(page)


def test_class_of_another_district_is_not_found_and_not_changed(as_coordinator, elsewhere):
    for name in NAMES:
        address = reverse(f"runs:{name}", args=[elsewhere.pk])
        for response in (as_coordinator.get(address), as_coordinator.post(address)):
            assert response.status_code in (404, 405), name
            assert "Lê Thị Lạ" not in html_of(response)
            assert "Lớp Lý Nhân" not in html_of(response)
    assert status_of(elsewhere) == RunStatus.OPEN


def test_class_shows_what_is_missing_and_counts_people_from_elsewhere(as_coordinator, run, lessons):
    ask(run, lessons={"percent": 100}, gone={"hours": 3})
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"), user__full_name="Trần Văn Nhà")
    EnrolmentFactory(run=run, unit=unit("13591"), user__full_name="Lê Thị Lạ")
    read_lessons(enrolment, lessons[0])

    page = as_coordinator.get(reverse("runs:inspect", args=[run.pk]))
    shown = html_of(page)

    [lacks] = progress_of(enrolment_ids=[enrolment.pk])[enrolment.pk]
    for told in ("Trần Văn Nhà", lacks.explanation, " (%): 100", "gone"):
        assert told in shown
    assert page.context["hidden_count"] == 1
    assert "Lê Thị Lạ" not in shown


def test_monitor_looks_and_changes_nothing_and_a_trainee_finds_no_door(as_monitor, run):
    address = reverse("runs:inspect", args=[run.pk])
    shown = html_of(as_monitor.get(address))
    refused = as_monitor.post(reverse("runs:close", args=[run.pk]))

    run.refresh_from_db()
    assert reverse("runs:requirements", args=[run.pk]) not in shown
    assert refused.status_code == 302
    assert run.status == RunStatus.OPEN
    assert browse(UserFactory()).get(address).status_code in (302, 403)


# --- Planning


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINER])
def test_who_plans_a_class_teaches_it_as_a_trainer_alone(run, role):
    person = make_official(role, "350")
    client = browse(person)

    response = client.post(reverse("runs:add"), filled_in(run, starts_on="01/02/2014"))

    planned = CourseRun.objects.get(code="KB-2014-09")
    assert response.url == reverse("runs:inspect", args=[planned.pk])
    assert (planned.status, planned.starts_on) == (RunStatus.PLANNED, date(2014, 2, 1))
    assert list(planned.trainers.all()) == ([person] if role == Role.TRAINER else [])
    trainers = [one.pk for one in planned.trainers.all()]
    changed = filled_in(run, code=planned.code, starts_on="02/01/2014", trainers=trainers)
    client.post(reverse("runs:edit", args=[planned.pk]), changed)
    planned.refresh_from_db()
    assert planned.starts_on == date(2014, 1, 2)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COORDINATOR])
def test_only_trainers_of_the_own_area_are_offered(run, role):
    near, above, elsewhere = (make_official(Role.TRAINER, code) for code in ("350", "35", "353"))
    teaching = make_official(Role.TRAINER, "353")
    person = make_official(role, "350")
    run.trainers.add(person, teaching)
    client = browse(person)

    new = client.get(reverse("runs:add")).context["form"].fields["trainers"].queryset
    same = client.get(reverse("runs:edit", args=[run.pk])).context["form"].fields["trainers"]

    assert {near, above} <= set(new)
    assert not {elsewhere, teaching} & set(new)
    assert teaching in same.queryset
    assert elsewhere not in same.queryset


def test_class_that_cannot_be_planned_is_told_beside_the_field(as_coordinator, run):
    for wrong, codes in (
        ({"ends_on": "05/05/2014"}, {"ends_on": ["ends_before_start"]}),
        ({"unit": unit("353").pk}, {"unit": ["invalid_choice"]}),
        ({"starts_on": "31/02/2014"}, {"starts_on": ["invalid"]}),
    ):
        response = as_coordinator.post(reverse("runs:add"), filled_in(run, **wrong))

        assert error_codes(response.context["form"]) == codes
        assert "Hội trường huyện" in html_of(response)
    # What was typed is kept.
    assert "31/02/2014" in html_of(response)
    assert not CourseRun.objects.filter(code="KB-2014-09").exists()


# --- Its state


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("open", RunStatus.PLANNED, RunStatus.OPEN),
        ("close", RunStatus.OPEN, RunStatus.CLOSED),
    ],
)
def test_state_is_changed_by_a_button_and_refused_with_a_sentence(
    as_coordinator, run, name, before, after
):
    address = reverse(f"runs:{name}", args=[run.pk])
    for status, level, kept in (
        (before, "success", after),
        (RunStatus.CANCELLED, "error", RunStatus.CANCELLED),
    ):
        set_fields(run, status=status)
        assert levels_of(as_coordinator.post(address, follow=True)) == [level]
        assert status_of(run) == kept


def test_class_is_cancelled_with_a_reason_and_what_comes_instead(as_coordinator, run):
    url = reverse("runs:cancel", args=[run.pk])
    instead = make_run(run.course, run.unit, title="Lớp bù")
    other = make_run(make_course("khac"), run.unit)

    offered = as_coordinator.get(url).context["form"].fields["instead"].queryset
    refused = as_coordinator.post(url, {"reason": "", "instead": other.pk})
    as_coordinator.post(url, {"reason": "Bão số 3", "instead": instead.pk})

    assert list(offered) == [instead]
    assert error_codes(refused.context["form"]) == {
        "reason": ["required"],
        "instead": ["invalid_choice"],
    }
    run.refresh_from_db()
    assert (run.status, run.cancel_reason, run.replaced_by) == ("cancelled", "Bão số 3", instead)
